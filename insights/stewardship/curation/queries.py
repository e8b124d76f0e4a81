"""Reads of the queue, scoped to what the member may see and to the areas they work in, as frozen rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.orm import Session, aliased

from insights.capture.access import visible_studies
from insights.capture.models import SourceText, Study
from insights.coding.models import Highlight, HighlightStatus, highlight_tags
from insights.core.access import Permission, may
from insights.core.clock import local_day, today
from insights.core.text import plain_words
from insights.decisions.access import visible_decisions
from insights.decisions.models import EVIDENCE_TYPES, Decision, DecisionLink, DecisionStatus
from insights.people.models import Member, Team
from insights.stewardship.curation.disagreeing import contradiction_candidates, proposed_reviews
from insights.stewardship.curation.items import QUEUE_TITLES, QueueItem, QueueKind, QueueSection
from insights.stewardship.models import SetAside
from insights.synthesis.access import visible_insights
from insights.synthesis.freshness import FreshnessState
from insights.synthesis.models import CITABLE, Contradiction, ContradictionStatus, Insight
from insights.synthesis.queries import InsightFilter, list_insights
from insights.synthesis.similar import Candidate, alike_pairs

SHOWN = 20
# Of the insights that decisions rest on, the ones published first are the likeliest to be stale.
_MOST_CITED = 500
# Every claim is held against every other, so that the work grows with the square; 400 take about a third of a second.
_MOST_COMPARED = 400
_EXCERPT = 200


def load_queue(session: Session, member: Member, *, everywhere: bool = False) -> list[QueueSection]:
    """Every kind with something in it, in order; `everywhere` looks beyond the member's own area."""
    aside = _set_aside(session)
    team_ids = _teams(session, member, everywhere=everywhere)
    return [
        section
        for kind, load in _LOADERS.items()
        if (section := _section(kind, load(session, member, team_ids), aside)).items
    ]


Load = Callable[[Session, Member, "frozenset[int] | None"], Iterable[QueueItem]]


def _section(kind: QueueKind, items: Iterable[QueueItem], aside: frozenset[tuple[str, str]]) -> QueueSection:
    waiting = [item for item in items if (kind.value, item.key) not in aside]
    return QueueSection(kind, QUEUE_TITLES[kind], tuple(waiting[:SHOWN]), len(waiting) > SHOWN)


def _set_aside(session: Session) -> frozenset[tuple[str, str]]:
    return frozenset((kind, key) for kind, key in session.execute(select(SetAside.kind, SetAside.key)))


def _teams(session: Session, member: Member, *, everywhere: bool) -> frozenset[int] | None:
    """The areas whose items are shown; None is all of them."""
    is_central = session.scalar(select(Team.is_central).where(Team.id == member.team_id))
    if everywhere or is_central or may(member, Permission.ADMINISTER):
        return None
    return frozenset({member.team_id})


def _within(column: Any, team_ids: frozenset[int] | None) -> ColumnElement[bool]:  # noqa: ANN401 - a mapped attribute
    return true() if team_ids is None else column.in_(team_ids)


def _orphans(session: Session, member: Member, team_ids: frozenset[int] | None) -> Iterable[QueueItem]:
    query = _quotes(member, team_ids).where(Highlight.status == HighlightStatus.ORPHANED)
    return _quote_items(session, query, "The text was edited and its words were not found again")


def _untagged(session: Session, member: Member, team_ids: frozenset[int] | None) -> Iterable[QueueItem]:
    tagged = select(highlight_tags.c.highlight_id)
    query = _quotes(member, team_ids).where(Highlight.status == HighlightStatus.ACTIVE, Highlight.id.not_in(tagged))
    return _quote_items(session, query, "")


def _quotes(member: Member, team_ids: frozenset[int] | None) -> Select[*tuple[Any, ...]]:
    return (
        select(Highlight, Study.title)
        .join(Study, Study.id == Highlight.study_id)
        .join(SourceText, SourceText.id == Highlight.source_text_id)
        .where(SourceText.deleted_at.is_(None), visible_studies(member), _within(Study.team_id, team_ids))
        .order_by(Highlight.updated_at, Highlight.id)
    )


def _quote_items(session: Session, query: Select[*tuple[Any, ...]], why: str) -> list[QueueItem]:
    return [
        QueueItem(
            key=quote.ref,
            ref=quote.ref,
            text=_excerpt(quote.exact),
            detail=". ".join(part for part in (why, study) if part),
            since=local_day(quote.updated_at),
        )
        for quote, study in session.execute(query.limit(4 * SHOWN))
    ]


def _suspect_links(session: Session, member: Member, team_ids: frozenset[int] | None) -> Iterable[QueueItem]:
    rows = session.execute(
        select(DecisionLink, Decision, Insight)
        .join(Decision, Decision.id == DecisionLink.decision_id)
        .join(Insight, Insight.id == DecisionLink.insight_id)
        .where(
            Decision.status == DecisionStatus.ACCEPTED,
            DecisionLink.fingerprint != Insight.fingerprint,
            Insight.status.in_(CITABLE),
            visible_decisions(member),
            visible_insights(member),
            _within(Decision.team_id, team_ids),
        )
        .order_by(Insight.updated_at, DecisionLink.id)
        .limit(4 * SHOWN)
    )
    return [
        QueueItem(
            key=f"{link.ref}@{insight.version}",
            ref=decision.ref,
            text=decision.title,
            detail=f"linked at version {link.insight_version}, now at {insight.version}",
            since=local_day(insight.updated_at),
            other_ref=insight.ref,
            other=insight.claim,
            number=link.id,
        )
        for link, decision, insight in rows
    ]


def _contradictions(session: Session, member: Member, team_ids: frozenset[int] | None) -> Iterable[QueueItem]:
    other = aliased(Insight)
    seen = select(Insight.id).where(visible_insights(member))
    rows = session.execute(
        select(Contradiction, Insight, other)
        .join(Insight, Insight.id == Contradiction.insight_id)
        .outerjoin(other, other.id == Contradiction.other_insight_id)
        .where(
            Contradiction.status == ContradictionStatus.OPEN,
            visible_insights(member),
            or_(Contradiction.other_insight_id.is_(None), other.id.in_(seen)),
            _within(Insight.team_id, team_ids),
        )
        .order_by(Contradiction.id)
        .limit(4 * SHOWN)
    )
    return [
        QueueItem(
            key=contradiction.ref,
            ref=insight.ref,
            text=insight.claim,
            detail=contradiction.cause,
            since=local_day(contradiction.created_at),
            other_ref="" if against is None else against.ref,
            other="" if against is None else against.claim,
            number=contradiction.id,
        )
        for contradiction, insight, against in rows
    ]


def _duplicates(session: Session, member: Member, team_ids: frozenset[int] | None) -> Iterable[QueueItem]:
    """Claims much alike among the newest published; a pair is kept apart by saying why both are needed."""
    rows = session.scalars(
        select(Insight)
        .where(Insight.status.in_(CITABLE), visible_insights(member), _within(Insight.team_id, team_ids))
        .order_by(Insight.published_at.desc(), Insight.id.desc())
        .limit(_MOST_COMPARED)
    ).all()
    insights = {row.ref: row for row in rows}
    pairs = alike_pairs([Candidate(row.ref, row.claim) for row in rows])
    return [
        QueueItem(
            key=f"{newer.ref} {older.ref}",
            ref=newer.ref,
            text=newer.claim,
            detail="",
            since=_day(insights[newer.ref].published_at),
            other_ref=older.ref,
            other=older.claim,
        )
        for newer, older, _likeness in pairs[: 4 * SHOWN]
    ]


def _stale_but_cited(session: Session, member: Member, team_ids: frozenset[int] | None) -> Iterable[QueueItem]:
    resting = (
        select(DecisionLink.insight_id)
        .join(Decision, Decision.id == DecisionLink.decision_id)
        .where(Decision.status == DecisionStatus.ACCEPTED, DecisionLink.type.in_(EVIDENCE_TYPES))
    )
    oldest = session.scalars(
        select(Insight.id)
        .where(
            Insight.status.in_(CITABLE),
            Insight.id.in_(resting),
            visible_insights(member),
            _within(Insight.team_id, team_ids),
        )
        .order_by(Insight.published_at, Insight.id)
        .limit(_MOST_CITED)
    ).all()
    rows = list_insights(session, member, InsightFilter(ids=oldest), limit=None) if oldest else []
    return [
        QueueItem(
            # Looked at again it is fresh; by the time it is stale anew it is another item.
            key=f"{row.ref} {row.freshness.newest_on or 'undated'}",
            ref=row.ref,
            text=row.claim,
            detail=f"{row.strength.in_words}, ages by half in {row.freshness.half_life_months:g} months",
            since=row.freshness.newest_on,
        )
        for row in reversed(rows)
        if row.freshness.state is FreshnessState.STALE
    ]


def _reviews_due(session: Session, member: Member, team_ids: frozenset[int] | None) -> Iterable[QueueItem]:
    rows = session.scalars(
        select(Insight)
        .where(
            Insight.status.in_(CITABLE),
            Insight.review_by <= today(session),
            visible_insights(member),
            _within(Insight.team_id, team_ids),
        )
        .order_by(Insight.review_by, Insight.id)
        .limit(4 * SHOWN)
    )
    return [
        QueueItem(key=f"{row.ref} {row.review_by}", ref=row.ref, text=row.claim, detail="", since=_day(row.review_by))
        for row in rows
    ]


def _day(moment: date | datetime | None) -> date | None:
    return local_day(moment) if isinstance(moment, datetime) else moment


def _excerpt(text: str) -> str:
    words = " ".join(plain_words(text).split())
    return words if len(words) <= _EXCERPT else words[:_EXCERPT].rstrip() + "…"


_LOADERS: dict[QueueKind, Load] = {
    QueueKind.ORPHANED_HIGHLIGHT: _orphans,
    QueueKind.SUSPECT_LINK: _suspect_links,
    QueueKind.PROPOSED_REVIEW: proposed_reviews,
    QueueKind.OPEN_CONTRADICTION: _contradictions,
    QueueKind.CONTRADICTION_CANDIDATE: contradiction_candidates,
    QueueKind.DUPLICATE_CANDIDATE: _duplicates,
    QueueKind.UNTAGGED_HIGHLIGHT: _untagged,
    QueueKind.STALE_BUT_CITED: _stale_but_cited,
    QueueKind.REVIEW_DUE: _reviews_due,
}
