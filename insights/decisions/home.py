"""What waits for a member, and what changed this month because of research."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import Draft, Study
from insights.coding.models import Highlight, HighlightStatus
from insights.core.clock import local_day, today
from insights.decisions.access import visible_decisions
from insights.decisions.disposition import DispositionState
from insights.decisions.dispositions import dispositions
from insights.decisions.models import (
    EVIDENCE_TYPES,
    Decision,
    DecisionCorrection,
    DecisionLink,
    DecisionReview,
    DecisionStatus,
    OutcomeCheck,
)
from insights.people.models import Member
from insights.synthesis.access import visible_insights, visible_recommendations
from insights.synthesis.models import (
    CITABLE,
    EvidenceLink,
    Insight,
    InsightStatus,
    InsightType,
    Recommendation,
    RecommendationStatus,
    RevalidationTask,
)

SHOWN = 5
MOST_OWNED = 200
RECENT = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: `ref` opens it, `text` says what it is, `on` since when or until when."""

    ref: str
    text: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """A decision that research changed lately."""

    ref: str
    title: str
    decided_on: date
    insight_ref: str
    claim: str
    type: str
    rationale: str


@dataclass(frozen=True, slots=True)
class Home:
    """Lists hold up to five each; `quotes_without_insight` is the whole count."""

    is_empty: bool
    drafts: tuple[Waiting, ...]
    to_review: tuple[Waiting, ...]
    recommendations: tuple[Waiting, ...]
    outdated: tuple[Waiting, ...]
    checks: tuple[Waiting, ...]
    my_drafts: tuple[Waiting, ...]
    on_my_shelf: tuple[Waiting, ...]
    quotes_without_insight: int
    changed: tuple[Changed, ...]

    @property
    def nothing_waits(self) -> bool:
        lists = (self.drafts, self.to_review, self.recommendations, self.outdated, self.checks, self.my_drafts)
        return not any(lists) and not self.on_my_shelf


def load_home(session: Session, member: Member) -> Home:
    """In six statements."""
    day = today(session)
    without_insight, any_study = session.execute(
        select(_quotes_without_insight(member).scalar_subquery(), _first_study(member).scalar_subquery())
    ).one()
    typed, mine, to_review, outdated = _lists(
        session,
        _typed_drafts(member),
        _my_insights(member),
        _either(_to_review(member), _to_look_at_again(member)),
        _either(_outdated(member), _reviews(member), _corrections(member)),
    )
    recommended, checks = _lists(session, _recommendations(member, day), _checks(member, day))
    return Home(
        is_empty=any_study is None,
        # What was typed and not saved, and drafts of insights: the latest first.
        drafts=tuple(reversed(typed)),
        to_review=to_review,
        recommendations=recommended,
        outdated=outdated,
        checks=checks,
        my_drafts=tuple(reversed(mine)),
        on_my_shelf=_on_my_shelf(session, member),
        quotes_without_insight=without_insight or 0,
        changed=_changed(session, member, day),
    )


def _lists(session: Session, *queries: Select[*tuple[Any, ...]]) -> list[tuple[Waiting, ...]]:
    """Lists of records of different kinds in one statement, each by its day; their days are of one type."""
    lists = [
        select(literal(place).label("place"), *query.limit(SHOWN).subquery().c) for place, query in enumerate(queries)
    ]
    found: list[list[Waiting]] = [[] for _query in queries]
    for place, prefix, number, text, on in session.execute(union_all(*lists)):
        found[place].append(Waiting(f"{prefix}-{number}", text, _day(on)))
    return [tuple(sorted(each, key=lambda one: one.on or date.max)) for each in found]


def _either(*lists: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Lists of the same shape as one, the longest waiting first; a record that is in several is listed once."""
    both = union_all(*(each.limit(SHOWN).subquery().select() for each in lists)).subquery()
    prefix, number, text, on = both.c
    return select(prefix, number, text, func.min(on)).group_by(prefix, number, text).order_by(func.min(on))


def _day(on: object) -> date | None:
    if isinstance(on, datetime):
        return local_day(on)
    return on if isinstance(on, date) else None


def _on_my_shelf(session: Session, member: Member) -> tuple[Waiting, ...]:
    """Published, actionable, owned by the member and without any answer; oldest first."""
    rows = session.execute(
        select(Insight.id, Insight.claim, Insight.published_at)
        .where(
            Insight.owner_id == member.id,
            Insight.type == InsightType.ACTIONABLE,
            Insight.status.in_(CITABLE),
            visible_insights(member),
        )
        .order_by(Insight.published_at)
        .limit(MOST_OWNED)
    ).all()
    became = dispositions(session, [row.id for row in rows])
    waiting = [row for row in rows if became[row.id].state is DispositionState.OPEN]
    return tuple(Waiting(f"INS-{row.id}", row.claim, _day(row.published_at)) for row in waiting[:SHOWN])


def _typed_drafts(member: Member) -> Select[*tuple[Any, ...]]:
    return (
        select(Draft.form_key.label("prefix"), Draft.id, Draft.form_key.label("text"), Draft.saved_at)
        .where(Draft.member_id == member.id)
        .order_by(Draft.saved_at.desc())
    )


def _to_review(member: Member) -> Select[*tuple[Any, ...]]:
    return (
        select(literal("INS"), Insight.id, Insight.claim, Insight.updated_at)
        .where(
            Insight.status == InsightStatus.IN_REVIEW,
            Insight.team_id == member.team_id,
            or_(Insight.author_id.is_(None), Insight.author_id != member.id),
            visible_insights(member),
        )
        .order_by(Insight.updated_at)
    )


def _my_insights(member: Member) -> Select[*tuple[Any, ...]]:
    return (
        select(literal("INS"), Insight.id, Insight.claim, Insight.updated_at)
        .where(Insight.status == InsightStatus.DRAFT, Insight.author_id == member.id, visible_insights(member))
        .order_by(Insight.updated_at.desc())
    )


def _recommendations(member: Member, day: date) -> Select[*tuple[Any, ...]]:
    """Those without an answer, and those deferred to a day that has come."""
    comes_back = and_(Recommendation.status == RecommendationStatus.DEFERRED, Recommendation.deferred_to <= day)
    return (
        select(literal("REC"), Recommendation.id, Recommendation.text, Recommendation.due_on)
        .where(
            Recommendation.addressee_id == member.id,
            visible_recommendations(member),
            or_(Recommendation.status == RecommendationStatus.ISSUED, comes_back),
        )
        .order_by(Recommendation.issued_on)
    )


def _outdated(member: Member) -> Select[*tuple[Any, ...]]:
    return (
        select(literal("DEC"), Decision.id, Decision.title, Insight.updated_at)
        .join(DecisionLink, DecisionLink.decision_id == Decision.id)
        .join(Insight, Insight.id == DecisionLink.insight_id)
        .where(
            Decision.status == DecisionStatus.ACCEPTED,
            or_(Decision.owner_id == member.id, Decision.team_id == member.team_id),
            or_(DecisionLink.fingerprint != Insight.fingerprint, Insight.status.not_in(CITABLE)),
            visible_insights(member),
            visible_decisions(member),
        )
        .order_by(Insight.updated_at)
    )


def _reviews(member: Member) -> Select[*tuple[Any, ...]]:
    """Reviews that were proposed of decisions the member owns."""
    return (
        select(literal("DEC"), Decision.id, Decision.title, DecisionReview.created_at)
        .join(DecisionReview, DecisionReview.decision_id == Decision.id)
        .where(DecisionReview.result.is_(None), Decision.owner_id == member.id, visible_decisions(member))
        .order_by(DecisionReview.created_at)
    )


def _corrections(member: Member) -> Select[*tuple[Any, ...]]:
    """Typing that a colleague put right, which somebody else in the team has to confirm."""
    return (
        select(literal("DEC"), Decision.id, Decision.title, DecisionCorrection.created_at)
        .join(DecisionCorrection, DecisionCorrection.decision_id == Decision.id)
        .where(
            DecisionCorrection.result.is_(None),
            DecisionCorrection.created_by_id != member.id,
            Decision.team_id == member.team_id,
            visible_decisions(member),
        )
        .order_by(DecisionCorrection.created_at)
    )


def _to_look_at_again(member: Member) -> Select[*tuple[Any, ...]]:
    """Insights that the member was asked to re-validate."""
    return (
        select(literal("INS"), Insight.id, Insight.claim, RevalidationTask.created_at)
        .join(RevalidationTask, RevalidationTask.insight_id == Insight.id)
        .where(RevalidationTask.result.is_(None), RevalidationTask.owner_id == member.id, visible_insights(member))
        .order_by(RevalidationTask.created_at)
    )


def _checks(member: Member, day: date) -> Select[*tuple[Any, ...]]:
    return (
        select(literal("DEC"), Decision.id, Decision.title, OutcomeCheck.due_on)
        .join(OutcomeCheck, OutcomeCheck.decision_id == Decision.id)
        .where(
            OutcomeCheck.verdict.is_(None),
            OutcomeCheck.due_on <= day + timedelta(days=14),
            or_(OutcomeCheck.owner_id == member.id, Decision.team_id == member.team_id),
            visible_decisions(member),
        )
        .order_by(OutcomeCheck.due_on)
    )


def _quotes_without_insight(member: Member) -> Select[int]:
    cited = select(EvidenceLink.highlight_id).where(EvidenceLink.highlight_id.is_not(None))
    return (
        select(func.count(Highlight.id))
        .join(Study, Study.id == Highlight.study_id)
        .where(Highlight.status == HighlightStatus.ACTIVE, visible_studies(member), Highlight.id.not_in(cited))
    )


def _first_study(member: Member) -> Select[int]:
    return select(Study.id).where(visible_studies(member)).order_by(Study.id).limit(1)


def _changed(session: Session, member: Member, day: date) -> tuple[Changed, ...]:
    rows = session.execute(
        select(Decision, DecisionLink, Insight.id, Insight.claim)
        .join(DecisionLink, DecisionLink.decision_id == Decision.id)
        .join(Insight, Insight.id == DecisionLink.insight_id)
        .where(
            Decision.status == DecisionStatus.ACCEPTED,
            Decision.decided_on > day - RECENT,
            DecisionLink.type.in_(EVIDENCE_TYPES),
            visible_insights(member),
            visible_decisions(member),
        )
        .order_by(Decision.decided_on.desc(), Decision.id.desc())
        .limit(SHOWN)
    )
    return tuple(
        Changed(
            decision.ref,
            decision.title,
            decision.decided_on or day,
            f"INS-{insight_id}",
            claim,
            link.type.value,
            link.rationale,
        )
        for decision, link, insight_id, claim in rows
    )
