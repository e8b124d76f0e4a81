"""What stands beside a decision: what replaced it, its reviews, the work on it, and a correction that waits.

Short lists of different things in one statement, so that the page of a decision stays within its bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Row,
    Select,
    String,
    Text,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from insights.core.base import UtcDateTime
from insights.decisions.access import visible_decisions
from insights.decisions.models import Decision, DecisionCorrection, DecisionReview, DeliveryLink
from insights.decisions.queries.reviewing import DeliveryLinkRow, ReviewRow, is_told
from insights.people.models import Member


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One decision of a supersession chain; `superseded_by` is the ref of its successor, '' at the end."""

    ref: str
    title: str
    status: str
    decided_on: date | None
    superseded_by: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """`chain` is oldest first and empty where nothing supersedes anything; open reviews come first."""

    chain: tuple[ChainStep, ...]
    reviews: tuple[ReviewRow, ...]
    work: tuple[DeliveryLinkRow, ...]
    corrected_by: str = ""
    """Who proposed the correction that waits; '' where none does."""

    @property
    def open_reviews(self) -> tuple[ReviewRow, ...]:
        return tuple(each for each in self.reviews if not each.result)


def beside(session: Session, member: Member, decision: Decision) -> Beside:
    """In one statement. A review whose cause names an insight that the member may not see is not told."""
    rows = session.execute(union_all(*_lists(member, decision))).all()
    steps = [_step(row, is_here=row.id == decision.id) for row in _of(rows, "chain")]
    reviews = [_review(row, decision) for row in _of(rows, "review")]
    work = tuple(DeliveryLinkRow(row.id, row.a, row.b, row.c, row.d, row.on_day) for row in _of(rows, "work"))
    chain = sorted(steps, key=lambda step: (step.decided_on is not None, step.decided_on or date.min, step.ref))
    open_ones, answered = ([each for each in reviews if bool(each.result) is done] for done in (False, True))
    waiting = next((row.by_name or "somebody" for row in _of(rows, "correction")), "")
    return Beside(() if len(chain) == 1 else tuple(chain), (*open_ones, *reversed(answered)), work, waiting)


def _lists(member: Member, decision: Decision) -> list[Select[*tuple[Any, ...]]]:
    return [_chain(member, decision), _reviews(member, decision), _work(decision), _correction(decision)]


def _of(rows: Any, kind: str) -> list[Row[*tuple[Any, ...]]]:  # noqa: ANN401 - rows of a union have no type
    return sorted((row for row in rows if row.kind == kind), key=lambda row: row.id)


def _chain(member: Member, decision: Decision) -> Select[*tuple[Any, ...]]:
    """A decision may replace several, so what comes before is a tree; what comes after is a line."""
    older, newer = aliased(Decision), aliased(Decision)
    before = select(Decision.id).where(Decision.id == decision.id).cte("before", recursive=True)
    before = before.union(select(older.id).join(before, older.superseded_by_id == before.c.id))
    after = select(Decision.superseded_by_id.label("id")).where(Decision.id == decision.id).cte("after", recursive=True)
    after = after.union(select(newer.superseded_by_id).join(after, newer.id == after.c.id))
    return _as_row(
        "chain",
        Decision.id,
        Decision.title,
        cast(Decision.superseded_by_id, String(40)),
        cast(Decision.status, String(40)),
        literal(""),
        on_day=Decision.decided_on,
    ).where(Decision.id.in_(select(before.c.id).union(select(after.c.id))), visible_decisions(member))


def _reviews(member: Member, decision: Decision) -> Select[*tuple[Any, ...]]:
    proposer = select(Member.name).where(Member.id == DecisionReview.created_by_id).scalar_subquery()
    return _as_row(
        "review",
        DecisionReview.id,
        DecisionReview.cause,
        DecisionReview.origin_ref,
        cast(DecisionReview.result, String(40)),
        DecisionReview.note,
        opened_at=DecisionReview.created_at,
        closed_at=DecisionReview.closed_at,
        by=proposer,
    ).where(DecisionReview.decision_id == decision.id, is_told(member))


def _work(decision: Decision) -> Select[*tuple[Any, ...]]:
    return _as_row(
        "work",
        DeliveryLink.id,
        DeliveryLink.url,
        DeliveryLink.title,
        cast(DeliveryLink.tracker, String(40)),
        cast(DeliveryLink.state, String(40)),
        on_day=DeliveryLink.state_on,
    ).where(DeliveryLink.decision_id == decision.id, DeliveryLink.deleted_at.is_(None))


def _correction(decision: Decision) -> Select[*tuple[Any, ...]]:
    empty = [literal("")] * 4
    proposer = select(Member.name).where(Member.id == DecisionCorrection.created_by_id).scalar_subquery()
    return _as_row("correction", DecisionCorrection.id, *empty, by=proposer).where(
        DecisionCorrection.decision_id == decision.id, DecisionCorrection.result.is_(None)
    )


def _as_row(
    kind: str,
    number: Any,  # noqa: ANN401 - a mapped attribute
    *texts: ColumnElement[Any] | Any,  # noqa: ANN401 - mapped attributes
    on_day: Any = None,  # noqa: ANN401
    opened_at: Any = None,  # noqa: ANN401
    closed_at: Any = None,  # noqa: ANN401
    by: Any = None,  # noqa: ANN401
) -> Select[*tuple[Any, ...]]:
    """All lists in one shape; PostgreSQL wants a type for every column that is empty."""
    named = [func.coalesce(cast(each, Text), "").label(name) for name, each in zip("abcd", texts, strict=True)]
    moments = [
        (cast(null(), UtcDateTime()) if each is None else each).label(name)
        for name, each in (("opened_at", opened_at), ("closed_at", closed_at))
    ]
    return select(
        literal(kind).label("kind"),
        cast(number, Integer).label("id"),
        *named,
        (cast(null(), Date) if on_day is None else on_day).label("on_day"),
        *moments,
        func.coalesce(cast(by, Text), "").label("by_name") if by is not None else literal("").label("by_name"),
    )


def _step(row: Row[*tuple[Any, ...]], *, is_here: bool) -> ChainStep:
    return ChainStep(
        ref=f"DEC-{row.id}",
        title=row.a,
        status=row.c,
        decided_on=row.on_day,
        superseded_by=f"DEC-{row.b}" if row.b else "",
        is_here=is_here,
    )


def _review(row: Row[*tuple[Any, ...]], decision: Decision) -> ReviewRow:
    return ReviewRow(
        id=row.id,
        decision_ref=decision.ref,
        decision=decision.title,
        owner="",
        cause=row.a,
        origin_ref=row.b,
        opened_at=row.opened_at,
        opened_by=row.by_name,
        result=row.c,
        note=row.d,
        closed_at=row.closed_at,
    )
