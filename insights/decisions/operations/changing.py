"""What was before, what is after, and whether it is live."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from insights.core.activity import add, record, touch
from insights.core.checks import term_of, text_of
from insights.core.clock import today
from insights.core.errors import InvalidInput
from insights.decisions.models import (
    Change,
    Decision,
    DecisionStatus,
    DeliveryState,
)
from insights.decisions.outcomes import schedule_first_check
from insights.people.models import Member
from insights.people.operations import require_same_area, web_address


def record_change(
    session: Session, *, actor: Member, decision: Decision, before: str, after: str, url: str = ""
) -> Change:
    """What was before and after (G3); at least one of the three must say something."""
    require_same_area(session, actor, decision.team_id)
    change = Change(
        decision_id=decision.id,
        before=text_of("before", before, label="what was before", longest=20_000),
        after=text_of("after", after, label="what is after", longest=20_000),
        url=web_address("url", url),
    )
    if not (change.before or change.after or change.url):
        raise InvalidInput.of("after", "Enter what was before, what is after, or an address that shows it.")
    add(session, actor, change)
    touch(session, actor, decision)
    record(session, actor, "recorded a change of", decision)
    return change


def edit_change(
    session: Session, *, actor: Member, decision: Decision, change: Change, before: str, after: str, url: str = ""
) -> None:
    require_same_area(session, actor, decision.team_id)
    change.before = text_of("before", before, label="what was before", longest=20_000)
    change.after = text_of("after", after, label="what is after", longest=20_000)
    change.url = web_address("url", url)
    touch(session, actor, change)
    record(session, actor, "edited a change of", decision)


def set_delivery(
    session: Session,
    *,
    actor: Member,
    decision: Decision,
    state: str | DeliveryState,
    live_on: date | None = None,
    url: str = "",
) -> None:
    """Delivery has a state of its own; going live schedules the first check where none is open."""
    require_same_area(session, actor, decision.team_id)
    chosen = term_of("state", DeliveryState, state, label="a delivery state")
    decision.delivery_state = chosen
    if chosen is DeliveryState.LIVE:
        decision.live_on = live_on or decision.live_on or today(session)
    decision.delivery_url = web_address("url", url) or decision.delivery_url
    if decision.status is DecisionStatus.ACCEPTED:
        schedule_first_check(session, actor=actor, decision=decision)
    touch(session, actor, decision)
    record(session, actor, "delivered" if chosen is DeliveryState.LIVE else "changed delivery of", decision)
