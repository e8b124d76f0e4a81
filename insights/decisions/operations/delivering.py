"""Whether it is live, and where it is built (features.md G9). Nothing is asked of a tracker: people type the state."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.activity import add, record, touch
from insights.core.checks import optional_line, term_of, text_of
from insights.core.clock import now, today
from insights.core.errors import InvalidInput
from insights.decisions.against import DOUBTS, doubt_about
from insights.decisions.days import day_past
from insights.decisions.models import Decision, DecisionStatus, DeliveryLink, DeliveryState, Tracker, WorkState
from insights.decisions.outcomes import schedule_first_check
from insights.people.models import Member
from insights.people.operations import require_same_area, web_address

_TRACKERS = (
    (Tracker.JIRA, r"(^|\.)atlassian\.net$|(^|[.-])jira([.-]|$)"),
    (Tracker.GITHUB, r"(^|\.)github\.com$|(^|[.-])github([.-]|$)"),
    (Tracker.GITLAB, r"(^|\.)gitlab\.com$|(^|[.-])gitlab([.-]|$)"),
    (Tracker.AZURE, r"(^|\.)dev\.azure\.com$|\.visualstudio\.com$"),
)


def set_delivery(
    session: Session,
    *,
    actor: Member,
    decision: Decision,
    state: str | DeliveryState,
    live_on: date | None = None,
    url: str = "",
    beyond_evidence_reason: str = "",
) -> None:
    """Delivery has a state of its own; going live schedules the first check where none is planned.

    A decision in force that goes live contradicted, or on stale evidence alone, needs the decision-maker's sentence,
    unless one stands already from its acceptance (beyond.md 5).
    """
    require_same_area(session, actor, decision.team_id)
    chosen = term_of("state", DeliveryState, state, label="a delivery state")
    day = day_past(session, "live_on", live_on)
    goes_live = chosen is DeliveryState.LIVE and decision.delivery_state is not DeliveryState.LIVE
    if goes_live and decision.status is DecisionStatus.ACCEPTED:
        _require_sentence(session, decision, beyond_evidence_reason)
    decision.delivery_state = chosen
    if chosen is DeliveryState.LIVE:
        decision.live_on = day or decision.live_on or today(session)
    decision.delivery_url = web_address("url", url) or decision.delivery_url
    if decision.status is DecisionStatus.ACCEPTED:
        schedule_first_check(session, actor=actor, decision=decision)
    touch(session, actor, decision)
    record(session, actor, "delivered" if chosen is DeliveryState.LIVE else "changed delivery of", decision)


def add_delivery_link(
    session: Session, *, actor: Member, decision: Decision, url: str, title: str = "", state: str | WorkState = ""
) -> DeliveryLink:
    """An issue, a pull request, a ticket, or any address; which tracker it is, the address tells."""
    require_same_area(session, actor, decision.team_id)
    address = web_address("url", url)
    if not address:
        raise InvalidInput.of("url", "Enter the address of the work, for example of an issue or a pull request.")
    known = select(DeliveryLink.id).where(
        DeliveryLink.decision_id == decision.id, DeliveryLink.url == address, DeliveryLink.deleted_at.is_(None)
    )
    if session.scalar(known) is not None:
        raise InvalidInput.of("url", "This address is among its delivery links already.")
    chosen = term_of("state", WorkState, state or WorkState.UNKNOWN, label="how far the work is")
    link = DeliveryLink(
        decision_id=decision.id,
        url=address,
        title=optional_line("title", title, label="the title", longest=300),
        tracker=tracker_of(address),
        state=chosen,
        state_on=None if chosen is WorkState.UNKNOWN else today(session),
    )
    add(session, actor, link)
    record(session, actor, "linked the work on", decision, detail={"url": address})
    return link


def set_work_state(
    session: Session, *, actor: Member, decision: Decision, link: DeliveryLink, state: str | WorkState
) -> None:
    require_same_area(session, actor, decision.team_id)
    link.state = term_of("state", WorkState, state, label="how far the work is")
    link.state_on = today(session)
    touch(session, actor, link)
    record(session, actor, "noted the state of the work on", decision, detail={"url": link.url, "state": link.state})


def set_delivery_link_deleted(
    session: Session, *, actor: Member, decision: Decision, link: DeliveryLink, deleted: bool
) -> None:
    """Takes a link away, or brings it back."""
    require_same_area(session, actor, decision.team_id)
    link.deleted_at = now(session) if deleted else None
    touch(session, actor, link)
    record(session, actor, "took away the link to the work on" if deleted else "linked the work on", decision)


def tracker_of(address: str) -> Tracker:
    host = urlsplit(address).hostname or ""
    return next((tracker for tracker, known in _TRACKERS if re.search(known, host)), Tracker.OTHER)


def _require_sentence(session: Session, decision: Decision, sentence: str) -> None:
    typed = text_of("beyond_evidence_reason", sentence, label="the reason", longest=2_000)
    decision.beyond_evidence_reason = typed or decision.beyond_evidence_reason
    if decision.beyond_evidence_reason:
        return
    doubt = doubt_about(session, decision)
    if doubt is not None:
        raise InvalidInput.of(
            "beyond_evidence_reason", f"{DOUBTS[doubt]} Say in a sentence why it goes live all the same."
        )
