"""Reads of the queue, scoped to what the member may see and to the areas they work in, as frozen rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session, aliased

from insights.capture.access import visible_studies
from insights.capture.models import SourceText, Study
from insights.coding.access import listed_quotes
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
_LOST = "The text was edited and its words were not found again"


Items: TypeAlias = Iterable[QueueItem]
Load: TypeAlias = Callable[[Session, Member, "frozenset[int] | None"], Items]


def load_queue(session: Session, member: Member, *, everywhere: bool = False) -> list[QueueSection]:
    """Every kind with something in it, in order; `everywhere` looks beyond the member's own area.

    At most ten statements. Kinds that lie in one table are read together.
    """
    aside, sees_all = _aside_and_reach(session, member)
    team_ids = None if everywhere or sees_all else frozenset({member.team_id})
    found: dict[QueueKind, Items] = {kind: load(session, member, team_ids) for kind, load in _LOADERS.items()}
    found |= _quotes(session, member, team_ids) | _insights(session, member, team_ids)
    sections = (_section(kind, found[kind], aside) for kind in QueueKind)
    return [section for section in sections if section.items]


def _aside_and_reach(session: Session, member: Member) -> tuple[frozenset[tuple[str, str]], bool]:
    """What was set aside, and whether the member looks after all areas."""
    rows = session.execute(
        select(Team.is_central, SetAside.kind, SetAside.key)
        .select_from(Team)
        .outerjoin(SetAside, true())
        .where(Team.id == member.team_id)
    ).all()
    aside = frozenset((row.kind, row.key) for row in rows if row.kind is not None)
    return aside, may(member, Permission.ADMINISTER) or any(row.is_central for row in rows)


def _section(kind: QueueKind, items: Iterable[QueueItem], aside: frozenset[tuple[str, str]]) -> QueueSection:
    waiting = [item for item in items if (kind.value, item.key) not in aside]
    return QueueSection(kind, QUEUE_TITLES[kind], tuple(waiting[:SHOWN]), len(waiting) > SHOWN)


def _within(column: Any, team_ids: frozenset[int] | None) -> ColumnElement[bool]:  # noqa: ANN401 - a mapped attribute
    return true() if team_ids is None else column.in_(team_ids)


def _quotes(session: Session, member: Member, team_ids: frozenset[int] | None) -> dict[QueueKind, Items]:
    """Those that lost their place, and those without a tag, each the longest waiting first."""
    tagged = select(highlight_tags.c.highlight_id)
    waiting = (
        select(Highlight.id)
        .join(Study, Study.id == Highlight.study_id)
        .join(SourceText, SourceText.id == Highlight.source_text_id)
        .where(
            SourceText.deleted_at.is_(None),
            visible_studies(member),
            listed_quotes(member, today(session)),
            _within(Study.team_id, team_ids),
        )
        .order_by(Highlight.updated_at, Highlight.id)
        .limit(4 * SHOWN)
    )
    orphaned = waiting.where(Highlight.status == HighlightStatus.ORPHANED).subquery()
    untagged = waiting.where(Highlight.status == HighlightStatus.ACTIVE, Highlight.id.not_in(tagged)).subquery()
    rows = session.execute(
        select(Highlight, Study.title)
        .join(Study, Study.id == Highlight.study_id)
        .where(or_(Highlight.id.in_(select(orphaned.c.id)), Highlight.id.in_(select(untagged.c.id))))
        .order_by(Highlight.updated_at, Highlight.id)
    )
    found: dict[QueueKind, list[QueueItem]] = {QueueKind.ORPHANED_HIGHLIGHT: [], QueueKind.UNTAGGED_HIGHLIGHT: []}
    for quote, study in rows:
        is_lost = quote.status is HighlightStatus.ORPHANED
        kind = QueueKind.ORPHANED_HIGHLIGHT if is_lost else QueueKind.UNTAGGED_HIGHLIGHT
        found[kind].append(_quote_item(quote, study, _LOST if is_lost else ""))
    return {**found}


def _quote_item(quote: Highlight, study: str, why: str) -> QueueItem:
    return QueueItem(
        key=quote.ref,
        ref=quote.ref,
        text=_excerpt(quote.exact),
        detail=". ".join(part for part in (why, study) if part),
        since=local_day(quote.updated_at),
    )


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


def _insights(session: Session, member: Member, team_ids: frozenset[int] | None) -> dict[QueueKind, Items]:
    """Claims much alike among the newest published, and those that somebody promised to look at by now."""
    citable = select(Insight.id).where(
        Insight.status.in_(CITABLE), visible_insights(member), _within(Insight.team_id, team_ids)
    )
    newest = citable.order_by(Insight.published_at.desc(), Insight.id.desc()).limit(_MOST_COMPARED).subquery()
    is_due = citable.where(Insight.review_by <= today(session)).order_by(Insight.review_by, Insight.id)
    due = is_due.limit(4 * SHOWN).subquery()
    rows = session.scalars(
        select(Insight)
        .where(or_(Insight.id.in_(select(newest.c.id)), Insight.id.in_(select(due.c.id))))
        .order_by(Insight.published_at.desc(), Insight.id.desc())
    ).all()
    return {
        QueueKind.DUPLICATE_CANDIDATE: _duplicates(rows[:_MOST_COMPARED]),
        QueueKind.REVIEW_DUE: _reviews_due(rows, today(session)),
    }


def _duplicates(newest: Sequence[Insight]) -> list[QueueItem]:
    """A pair is kept apart by saying why both are needed."""
    published = {each.ref: _day(each.published_at) for each in newest}
    pairs = alike_pairs([Candidate(each.ref, each.claim) for each in newest])
    return [
        QueueItem(
            key=f"{newer.ref} {older.ref}",
            ref=newer.ref,
            text=newer.claim,
            detail="",
            since=published[newer.ref],
            other_ref=older.ref,
            other=older.claim,
        )
        for newer, older, _likeness in pairs[: 4 * SHOWN]
    ]


def _reviews_due(rows: Sequence[Insight], on: date) -> list[QueueItem]:
    due = sorted(
        (each.review_by, each.id, each) for each in rows if each.review_by is not None and each.review_by <= on
    )
    return [
        QueueItem(key=f"{each.ref} {day}", ref=each.ref, text=each.claim, detail="", since=day)
        for day, _number, each in due[: 4 * SHOWN]
    ]


def _day(moment: date | datetime | None) -> date | None:
    return local_day(moment) if isinstance(moment, datetime) else moment


def _excerpt(text: str) -> str:
    words = " ".join(plain_words(text).split())
    return words if len(words) <= _EXCERPT else words[:_EXCERPT].rstrip() + "…"


_LOADERS: dict[QueueKind, Load] = {
    QueueKind.SUSPECT_LINK: _suspect_links,
    QueueKind.PROPOSED_REVIEW: proposed_reviews,
    QueueKind.OPEN_CONTRADICTION: _contradictions,
    QueueKind.CONTRADICTION_CANDIDATE: contradiction_candidates,
    QueueKind.STALE_BUT_CITED: _stale_but_cited,
}
