"""Drafting decisions and editing them while they are open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from insights.core.activity import add, record, touch
from insights.core.checks import clean, required_line, term_of, text_of
from insights.core.concurrency import refuse_stale
from insights.core.errors import InvalidInput, RuleBroken
from insights.decisions.models import (
    Decision,
    DecisionStatus,
    DeliveryState,
)
from insights.people.models import Component, Member, Phase, Service
from insights.people.operations import require_same_area

OPEN_STATUSES = (DecisionStatus.DRAFT, DecisionStatus.PROPOSED)
LONGEST_SECTION = 200_000


@dataclass(frozen=True, slots=True)
class DecisionText:
    """MADR 4's fields. `options` are {title, body}; `other_sections` [heading, body]; lists of people are names."""

    title: str
    context: str = ""
    drivers: str = ""
    options: Sequence[Mapping[str, str]] = ()
    outcome: str = ""
    consequences: str = ""
    confirmation: str = ""
    more_information: str = ""
    decision_makers: Sequence[str] = ()
    consulted: Sequence[str] = ()
    informed: Sequence[str] = ()
    other_sections: Sequence[Sequence[str]] = ()
    front_matter: Mapping[str, Any] = field(default_factory=dict)


def draft_decision(
    session: Session,
    *,
    actor: Member,
    text: DecisionText,
    status: str | DecisionStatus = DecisionStatus.PROPOSED,
    service: Service | None = None,
    component: Component | None = None,
    phase: str | Phase | None = None,
    owner: Member | None = None,
) -> Decision:
    """A new decision, draft or proposed; its owner is told when its checks fall due."""
    chosen = term_of("status", DecisionStatus, status, label="a status")
    if chosen not in OPEN_STATUSES:
        raise InvalidInput.of("status", "A new decision is a draft or proposed; accept it once its evidence is linked.")
    decision = Decision(
        **_checked(text),
        status=chosen,
        delivery_state=DeliveryState.NOT_STARTED,
        phase=None if not phase else term_of("phase", Phase, phase, label="a phase"),
        team_id=actor.team_id,
        service_id=None if service is None else service.id,
        component_id=None if component is None else component.id,
        owner_id=(owner or actor).id,
    )
    add(session, actor, decision)
    record(session, actor, "drafted", decision)
    return decision


def edit_decision(
    session: Session,
    *,
    actor: Member,
    decision: Decision,
    text: DecisionText,
    status: str | DecisionStatus | None = None,
    service: Service | None = None,
    component: Component | None = None,
    phase: str | Phase | None = None,
    row_version: int | None = None,
) -> None:
    """The text of an accepted decision is immutable: a change of substance is a new decision (model.md)."""
    require_same_area(session, actor, decision.team_id)
    if decision.status not in OPEN_STATUSES:
        raise RuleBroken(
            f"{decision.ref} is {decision.status.value}, so its text stands. Write a new decision that supersedes it."
        )
    values = _checked(text)
    texts = ("title", "context", "drivers", "outcome", "consequences", "confirmation", "more_information")
    refuse_stale(decision, row_version, {name: values[name] for name in texts})
    for name, value in values.items():
        setattr(decision, name, value)
    if status is not None:
        chosen = term_of("status", DecisionStatus, status, label="a status")
        decision.status = chosen if chosen in OPEN_STATUSES else decision.status
    decision.service_id = None if service is None else service.id
    decision.component_id = None if component is None else component.id
    decision.phase = None if not phase else term_of("phase", Phase, phase, label="a phase")
    touch(session, actor, decision)
    record(session, actor, "edited", decision)


def _checked(text: DecisionText) -> dict[str, Any]:
    def section(name: str, value: str) -> str:
        return text_of(name, value, label=name.replace("_", " "), longest=LONGEST_SECTION)

    return {
        "title": required_line("title", text.title, label="a title"),
        "context": section("context", text.context),
        "drivers": section("drivers", text.drivers),
        "options": [
            {
                "title": required_line(
                    "options", each.get("title", ""), label="a title for each option", longest=2_000
                ),
                "body": section("options", each.get("body", "")),
            }
            for each in text.options
        ],
        "outcome": section("outcome", text.outcome),
        "consequences": section("consequences", text.consequences),
        "confirmation": section("confirmation", text.confirmation),
        "more_information": section("more_information", text.more_information),
        "decision_makers": _people(text.decision_makers),
        "consulted": _people(text.consulted),
        "informed": _people(text.informed),
        "other_sections": [[clean(heading), clean(body)] for heading, body in text.other_sections],
        "front_matter": dict(text.front_matter),
    }


def _people(names: Sequence[str]) -> list[str]:
    return [name for name in (clean(each) for each in names) if name]
