from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, aliased

from insights.core.errors import NotFound
from insights.decisions.access import visible_decisions
from insights.decisions.models import Change, Decision, DecisionLink
from insights.people.models import Member
from insights.synthesis.access import visible_insights
from insights.synthesis.models import Insight


@dataclass(frozen=True, slots=True)
class ChangeRow:
    id: int
    before: str
    after: str
    url: str
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One decision of a supersession chain; `superseded_by` is the ref of its successor, '' at the end."""

    ref: str
    title: str
    status: str
    decided_on: date | None
    superseded_by: str
    is_here: bool


def changes_of(session: Session, decision: Decision) -> list[ChangeRow]:
    rows = session.execute(
        select(Change, Member.name)
        .outerjoin(Member, Member.id == Change.created_by_id)
        .where(Change.decision_id == decision.id)
        .order_by(Change.id)
    )
    return [ChangeRow(each.id, each.before, each.after, each.url, each.created_at, name or "") for each, name in rows]


def chain_of(session: Session, member: Member, decision: Decision) -> list[ChainStep]:
    """What this decision supersedes and what supersedes it, oldest first, in one statement; empty where nothing does.

    A decision may replace several, so what comes before is a tree; what comes after is a line.
    """
    older, newer = aliased(Decision), aliased(Decision)
    before = select(Decision.id).where(Decision.id == decision.id).cte("before", recursive=True)
    before = before.union(select(older.id).join(before, older.superseded_by_id == before.c.id))
    after = select(Decision.superseded_by_id.label("id")).where(Decision.id == decision.id).cte("after", recursive=True)
    after = after.union(select(newer.superseded_by_id).join(after, newer.id == after.c.id))
    rows = session.execute(
        select(Decision.id, Decision.title, Decision.status, Decision.decided_on, Decision.superseded_by_id)
        .where(Decision.id.in_(select(before.c.id).union(select(after.c.id))), visible_decisions(member))
        .order_by(Decision.decided_on, Decision.id)
    ).all()
    return [] if len(rows) == 1 else [_step(each, is_here=each.id == decision.id) for each in rows]


def get_link(session: Session, member: Member, decision: Decision, link_id: int) -> DecisionLink:
    """Raises NotFound for a link of another decision, and for one to an insight that the member may not see."""
    link = session.scalar(
        select(DecisionLink)
        .join(Insight, Insight.id == DecisionLink.insight_id)
        .where(DecisionLink.id == link_id, DecisionLink.decision_id == decision.id, visible_insights(member))
    )
    if link is None:
        raise NotFound(f"link {link_id} of {decision.ref}")
    return link


def get_change(session: Session, decision: Decision, change_id: int) -> Change:
    change = session.get(Change, change_id)
    if change is None or change.decision_id != decision.id:
        raise NotFound(f"change {change_id} of {decision.ref}")
    return change


def _step(row: Row[*tuple[Any, ...]], *, is_here: bool) -> ChainStep:
    return ChainStep(
        ref=f"DEC-{row.id}",
        title=row.title,
        status=row.status.value,
        decided_on=row.decided_on,
        superseded_by="" if row.superseded_by_id is None else f"DEC-{row.superseded_by_id}",
        is_here=is_here,
    )
