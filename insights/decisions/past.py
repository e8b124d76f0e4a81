"""Decisions that were taken before they came here, as their records tell them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from insights.core.activity import add, record
from insights.core.checks import required_line, term_of
from insights.core.errors import InvalidInput
from insights.core.text import canonical_text
from insights.decisions.models import Decision, DecisionStatus, DeliveryState
from insights.decisions.operations import LONGEST_SECTION, OPEN_STATUSES, DecisionText
from insights.people.models import Member, Service


def record_past_decision(
    session: Session,
    *,
    actor: Member,
    text: DecisionText,
    status: str | DecisionStatus,
    decided_on: date | None,
    source_name: str,
    source_sha256: str,
    service: Service | None = None,
    custom: Mapping[str, Any] | None = None,
) -> Decision:
    """A decision with the status and the day of its record, None where the record names none.

    Whatever was decided already is `legacy`: it came before anybody asked for its evidence, so it needs no grounds and
    is left out where grounds are counted. What is still open is accepted here, on grounds, like any other. The texts
    are kept as written, but for characters no database stores, which become U+FFFD. Raises InvalidInput for a title
    that says nothing and for a section longer than `LONGEST_SECTION`.
    """
    chosen = term_of("status", DecisionStatus, status, label="a status")
    is_open = chosen in OPEN_STATUSES
    decision = Decision(
        **_as_written(text),
        status=chosen,
        legacy=not is_open,
        decided_on=decided_on,
        ended_on=decided_on if chosen is DecisionStatus.REJECTED else None,
        delivery_state=DeliveryState.NOT_STARTED,
        team_id=actor.team_id,
        service_id=None if service is None else service.id,
        owner_id=actor.id if is_open else None,
        source_name=source_name[:1000],
        source_sha256=source_sha256,
        custom=dict(custom or {}),
    )
    add(session, actor, decision)
    record(session, actor, "imported", decision, detail={"source": source_name, "sha256": source_sha256})
    return decision


def _as_written(text: DecisionText) -> dict[str, Any]:
    """White space around a text and options without a title belong to the record and stay."""
    return {
        "title": required_line("title", text.title, label="a title"),
        "context": _section("context", text.context),
        "drivers": _section("drivers", text.drivers),
        "options": [
            {"title": _section("options", each.get("title", "")), "body": _section("options", each.get("body", ""))}
            for each in text.options
        ],
        "outcome": _section("outcome", text.outcome),
        "consequences": _section("consequences", text.consequences),
        "confirmation": _section("confirmation", text.confirmation),
        "more_information": _section("more_information", text.more_information),
        "decision_makers": [canonical_text(name) for name in text.decision_makers],
        "consulted": [canonical_text(name) for name in text.consulted],
        "informed": [canonical_text(name) for name in text.informed],
        "other_sections": [
            [canonical_text(heading), _section("other_sections", body)] for heading, body in text.other_sections
        ],
        "front_matter": dict(text.front_matter),
    }


def _section(field: str, value: str) -> str:
    text = canonical_text(value)
    if len(text) > LONGEST_SECTION:
        raise InvalidInput.of(
            field, f"A section has {len(text):,} characters; {LONGEST_SECTION:,} is the most. Split the record."
        )
    return text
