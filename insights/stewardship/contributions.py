"""What became of a contributor's own insights in a month: the reward for writing them down (beyond.md 15)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.clock import local_day
from insights.core.errors import InvalidInput
from insights.decisions.access import visible_decisions
from insights.decisions.disposition import DispositionState
from insights.decisions.dispositions import dispositions
from insights.decisions.models import EVIDENCE_TYPES, Decision, DecisionLink, DecisionStatus
from insights.people.models import Member
from insights.synthesis.access import visible_insights
from insights.synthesis.models import CITABLE, EvidenceLink, Insight, InsightType


@dataclass(frozen=True, slots=True)
class Citation:
    """Somebody linked an insight of the author's to a decision, or rested an insight of their own on it."""

    insight_ref: str
    claim: str
    where_ref: str
    where: str
    how: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class OnTheShelf:
    insight_ref: str
    claim: str
    owner: str
    since: date | None


@dataclass(frozen=True, slots=True)
class Contributions:
    """`changed` are decisions accepted in the month on insights of the author's; `shelf` is as it stands today."""

    first_day: date
    last_day: date
    published: tuple[tuple[str, str], ...]
    cited: tuple[Citation, ...]
    changed: tuple[Citation, ...]
    shelf: tuple[OnTheShelf, ...]

    @property
    def nothing_happened(self) -> bool:
        return not (self.published or self.cited or self.changed)


def month_of(written: str, today: date) -> date:
    """The first day of a month written '2026-10'; of today's where nothing is written. Raises InvalidInput."""
    if not written:
        return today.replace(day=1)
    try:
        return datetime.strptime(written, "%Y-%m").date()  # noqa: DTZ007 - a month has no time zone
    except ValueError as error:
        raise InvalidInput.of("month", "Write the month as a year and a number, for example 2026-10.") from error


def contributions_of(session: Session, author: Member, first_day: date) -> Contributions:
    """The month that begins on `first_day`, as far as the author may see it."""
    last_day = _next_month(first_day) - timedelta(days=1)
    begins, ends = _moment(first_day), _moment(last_day + timedelta(days=1))
    links = _links(session, author)
    return Contributions(
        first_day=first_day,
        last_day=last_day,
        published=tuple(
            (insight.ref, insight.claim)
            for insight in session.scalars(
                select(Insight)
                .where(
                    Insight.author_id == author.id,
                    Insight.published_at >= begins,
                    Insight.published_at < ends,
                    visible_insights(author),
                )
                .order_by(Insight.published_at)
            )
        ),
        cited=tuple(sorted([*_linked(links, begins, ends), *_rested_on(session, author, begins, ends)], key=_by_day)),
        changed=tuple(_changed(links, first_day, last_day)),
        shelf=tuple(_shelf(session, author)),
    )


_LinkRow = tuple[DecisionLink, Decision, Insight, "str | None"]


def _links(session: Session, author: Member) -> list[_LinkRow]:
    """Every link to an insight of the author's, of whatever time: two sections read them."""
    rows = session.execute(
        select(DecisionLink, Decision, Insight, Member.name)
        .join(Decision, Decision.id == DecisionLink.decision_id)
        .join(Insight, Insight.id == DecisionLink.insight_id)
        .outerjoin(Member, Member.id == DecisionLink.created_by_id)
        .where(Insight.author_id == author.id, visible_insights(author), visible_decisions(author))
        .order_by(DecisionLink.id)
    )
    return [(link, decision, insight, name) for link, decision, insight, name in rows]


def _linked(links: list[_LinkRow], begins: datetime, ends: datetime) -> list[Citation]:
    return [
        Citation(
            insight_ref=insight.ref,
            claim=insight.claim,
            where_ref=decision.ref,
            where=decision.title,
            how=link.type.value,
            by=name or "",
            on=local_day(link.created_at),
        )
        for link, decision, insight, name in links
        if begins <= link.created_at < ends
    ]


def _rested_on(session: Session, author: Member, begins: datetime, ends: datetime) -> list[Citation]:
    """Insights of others that cite one of the author's."""
    mine = select(Insight.id, Insight.claim).where(Insight.author_id == author.id, visible_insights(author)).subquery()
    rows = session.execute(
        select(EvidenceLink, Insight, mine.c.claim, Member.name)
        .join(mine, mine.c.id == EvidenceLink.other_insight_id)
        .join(Insight, Insight.id == EvidenceLink.insight_id)
        .outerjoin(Member, Member.id == EvidenceLink.created_by_id)
        .where(EvidenceLink.created_at >= begins, EvidenceLink.created_at < ends, visible_insights(author))
        .order_by(EvidenceLink.id)
    )
    return [
        Citation(
            insight_ref=f"INS-{link.other_insight_id}",
            claim=claim,
            where_ref=insight.ref,
            where=insight.claim,
            how=link.relation.value,
            by=name or "",
            on=local_day(link.created_at),
        )
        for link, insight, claim, name in rows
    ]


def _changed(links: list[_LinkRow], first_day: date, last_day: date) -> list[Citation]:
    return [
        Citation(
            insight_ref=insight.ref,
            claim=insight.claim,
            where_ref=decision.ref,
            where=decision.title,
            how=link.type.value,
            by=name or "",
            on=decision.decided_on,
        )
        for link, decision, insight, name in links
        if decision.status is DecisionStatus.ACCEPTED
        and link.type in EVIDENCE_TYPES
        and decision.decided_on is not None
        and first_day <= decision.decided_on <= last_day
    ]


def _shelf(session: Session, author: Member) -> list[OnTheShelf]:
    rows = session.execute(
        select(Insight, Member.name)
        .outerjoin(Member, Member.id == Insight.owner_id)
        .where(
            Insight.author_id == author.id,
            Insight.type == InsightType.ACTIONABLE,
            Insight.status.in_(CITABLE),
            visible_insights(author),
        )
        .order_by(Insight.published_at)
    ).all()
    became = dispositions(session, [insight.id for insight, _ in rows])
    return [
        OnTheShelf(
            insight.ref,
            insight.claim,
            name or "",
            None if insight.published_at is None else local_day(insight.published_at),
        )
        for insight, name in rows
        if became[insight.id].state is DispositionState.OPEN
    ]


def _next_month(first_day: date) -> date:
    return (first_day + timedelta(days=32)).replace(day=1)


def _moment(day: date) -> datetime:
    return datetime.combine(day, time.min).astimezone()


def _by_day(citation: Citation) -> tuple[date, str]:
    return citation.on, citation.where_ref
