"""Reads about insights, scoped to the member, as frozen rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, aliased

from insights.coding.queries import HighlightRow, highlights_by_ids
from insights.core.base import number_of
from insights.core.clock import today
from insights.core.errors import NotFound
from insights.people.models import Component, Member, Service, Team
from insights.synthesis.access import visible_insights
from insights.synthesis.freshness import Freshness, assess_freshness
from insights.synthesis.models import (
    CITABLE,
    ConfidenceAssessment,
    Contradiction,
    ContradictionStatus,
    EvidenceLink,
    Insight,
    InsightStatus,
    InsightType,
    InsightVersion,
    Recommendation,
    insight_components,
    recommendation_insights,
)
from insights.synthesis.strength import Strength, strengths

PAGE = 50


@dataclass(frozen=True, slots=True)
class InsightRow:
    """One line of a list, and what a card about an insight needs."""

    id: int
    ref: str
    claim: str
    type: str
    kind: str
    status: str
    version: int
    confidence: str
    service: str
    team: str
    review_required: bool
    owner: str
    published_at: datetime | None
    updated_at: datetime
    strength: Strength
    freshness: Freshness
    contradicted: bool

    @property
    def citation(self) -> str:
        """What one pastes into a document; it pins the version."""
        published = f" Published {self.published_at:%Y-%m-%d}." if self.published_at else ""
        return f"{self.claim} ({self.ref}@{self.version}, {self.strength.in_words}.{published})"


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One piece of evidence; exactly one of `highlight`, `other_ref` and `external_title` says something."""

    id: int
    relation: str
    note: str
    highlight: HighlightRow | None
    other_ref: str
    other_claim: str
    external_title: str
    external_url: str
    dated_on: date


@dataclass(frozen=True, slots=True)
class Citing:
    """An insight that cites a highlight."""

    ref: str
    claim: str
    relation: str


@dataclass(frozen=True, slots=True)
class ContradictionRow:
    """`ref` and `claim` are those of the other side, '' where evidence or an outcome speaks against it."""

    id: int
    ref: str
    other_ref: str
    other_claim: str
    cause: str
    status: str
    reason: str
    explanation: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class RecommendationRow:
    id: int
    ref: str
    text: str
    status: str
    addressee: str
    addressee_id: int | None
    due_on: date | None
    issued_on: date
    responded_on: date | None
    response_reason: str
    insights: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InsightFilter:
    """What a list of insights shows; None and '' leave a field open."""

    service_id: int | None = None
    component_id: int | None = None
    status: str = ""
    type: str = ""
    owner_id: int | None = None
    ids: Collection[int] | None = None


def get_insight(session: Session, member: Member, ref: str) -> Insight:
    """Raises NotFound for an insight that is not there or that the member may not see; '@version' is left aside."""
    number = number_of(ref.partition("@")[0], Insight.PREFIX) or 0
    insight = session.scalar(select(Insight).where(Insight.id == number, visible_insights(member)))
    if insight is None:
        raise NotFound(ref)
    return insight


def list_insights(
    session: Session,
    member: Member,
    wanted: InsightFilter = InsightFilter(),
    *,
    before_id: int | None = None,
    limit: int | None = PAGE,
) -> list[InsightRow]:
    """Newest first; `before_id` is the cursor, `limit` None means all (exports)."""
    owner = aliased(Member)
    query = (
        select(Insight, Service.name, Team, owner.name, _is_contradicted(member))
        .select_from(Insight)
        .join(Team, Team.id == Insight.team_id)
        .outerjoin(Service, Service.id == Insight.service_id)
        .outerjoin(owner, owner.id == Insight.owner_id)
        .where(visible_insights(member), *_clauses(wanted))
        .order_by(Insight.id.desc())
    )
    if before_id is not None:
        query = query.where(Insight.id < before_id)
    rows = session.execute(query if limit is None else query.limit(limit)).all()
    ids = [insight.id for insight, *_ in rows]
    strong, on = strengths(session, ids), today(session)
    return [
        _row(insight, service, team, owner_name, strong[insight.id], contradicted=contradicted, on=on)
        for insight, service, team, owner_name, contradicted in rows
    ]


def insight_row(session: Session, member: Member, insight: Insight) -> InsightRow:
    return list_insights(session, member, InsightFilter(ids=[insight.id]))[0]


def citable_insights(session: Session, member: Member, words: str, *, limit: int = 10) -> list[InsightRow]:
    """Published insights whose claim holds all the words; the plain way to choose one where search is not at hand."""
    claim = [Insight.claim.icontains(word, autoescape=True) for word in words.split()[:8]]
    number = number_of(words, Insight.PREFIX)
    fits = Insight.id == number if number is not None else _all(claim) if claim else None
    query = select(Insight.id).where(Insight.status.in_(CITABLE), visible_insights(member))
    if fits is not None:
        query = query.where(fits)
    ids = list(session.scalars(query.order_by(Insight.id.desc()).limit(limit)))
    return list_insights(session, member, InsightFilter(ids=ids))


def evidence_of(session: Session, member: Member, insight: Insight) -> list[EvidenceRow]:
    """In the order in which it was attached; evidence that the member may not see is left out."""
    other = aliased(Insight)
    rows = session.execute(
        select(EvidenceLink, other.claim)
        .select_from(EvidenceLink)
        .outerjoin(
            other,
            (other.id == EvidenceLink.other_insight_id)
            & other.id.in_(select(Insight.id).where(visible_insights(member))),
        )
        .where(EvidenceLink.insight_id == insight.id)
        .order_by(EvidenceLink.id)
    ).all()
    ids = [link.highlight_id for link, _ in rows if link.highlight_id is not None]
    quotes = {row.id: row for row in highlights_by_ids(session, member, ids)}
    return [
        _evidence(link, claim, quotes.get(link.highlight_id or 0))
        for link, claim in rows
        if _is_shown(link, claim, quotes)
    ]


def insights_citing(session: Session, member: Member, highlight_ids: Collection[int]) -> Mapping[int, list[Citing]]:
    """For each highlight the insights that cite it and that the member may see."""
    citing: dict[int, list[Citing]] = defaultdict(list)
    if highlight_ids:
        rows = session.execute(
            select(EvidenceLink.highlight_id, EvidenceLink.relation, Insight.id, Insight.claim)
            .join(Insight, Insight.id == EvidenceLink.insight_id)
            .where(EvidenceLink.highlight_id.in_(highlight_ids), visible_insights(member))
            .order_by(Insight.id)
        )
        for highlight_id, relation, number, claim in rows:
            citing[highlight_id or 0].append(Citing(f"INS-{number}", claim, relation.value))
    return citing


def contradictions_of(session: Session, member: Member, insight_ids: Collection[int]) -> list[ContradictionRow]:
    """Open ones first. One whose other side the member may not see is not told."""
    if not insight_ids:
        return []
    doubted, against = aliased(Insight), aliased(Insight)
    visible = select(Insight.id).where(visible_insights(member))
    rows = session.execute(
        select(Contradiction, doubted.claim, against.claim)
        .select_from(Contradiction)
        .outerjoin(doubted, (doubted.id == Contradiction.insight_id) & doubted.id.in_(visible))
        .outerjoin(against, (against.id == Contradiction.other_insight_id) & against.id.in_(visible))
        .where(or_(Contradiction.insight_id.in_(insight_ids), Contradiction.other_insight_id.in_(insight_ids)))
        .order_by(Contradiction.status != ContradictionStatus.OPEN, Contradiction.id.desc())
    )
    asked = frozenset(insight_ids)
    found = [(each, _contradiction(each, asked, claim, other_claim)) for each, claim, other_claim in rows]
    return [row for each, row in found if each.other_insight_id is None or row.other_ref]


def get_contradiction(session: Session, member: Member, insight: Insight, contradiction_id: int) -> Contradiction:
    """Raises NotFound for one of other insights, and for one whose other side the member may not see."""
    told = {row.id for row in contradictions_of(session, member, [insight.id])}
    contradiction = session.get(Contradiction, contradiction_id)
    if contradiction is None or contradiction.id not in told:
        raise NotFound(f"contradiction {contradiction_id}")
    return contradiction


def versions_of(session: Session, insight: Insight) -> list[tuple[InsightVersion, str]]:
    """Newest first, each with the name of who saved it."""
    rows = session.execute(
        select(InsightVersion, Member.name)
        .outerjoin(Member, Member.id == InsightVersion.by_id)
        .where(InsightVersion.insight_id == insight.id)
        .order_by(InsightVersion.number.desc())
    )
    return [(version, name or "") for version, name in rows]


def latest_confidence(session: Session, insight: Insight) -> ConfidenceAssessment | None:
    return session.scalar(
        select(ConfidenceAssessment)
        .where(ConfidenceAssessment.insight_id == insight.id)
        .order_by(ConfidenceAssessment.id.desc())
        .limit(1)
    )


def components_of(session: Session, insight: Insight) -> Sequence[Component]:
    return session.scalars(
        select(Component)
        .join(insight_components, insight_components.c.component_id == Component.id)
        .where(insight_components.c.insight_id == insight.id)
        .order_by(Component.name)
    ).all()


def list_recommendations(
    session: Session, member: Member, *, insight_id: int | None = None, addressee_id: int | None = None
) -> list[RecommendationRow]:
    """Those that rest on an insight the member may see; unanswered ones first, oldest first."""
    query = _recommendations(member)
    if insight_id is not None:
        on_it = recommendation_insights.c
        query = query.where(
            Recommendation.id.in_(select(on_it.recommendation_id).where(on_it.insight_id == insight_id))
        )
    if addressee_id is not None:
        query = query.where(Recommendation.addressee_id == addressee_id)
    return _recommendation_rows(session, query)


def get_recommendation(session: Session, member: Member, ref: str) -> tuple[Recommendation, RecommendationRow]:
    number = number_of(ref, Recommendation.PREFIX) or 0
    recommendation = session.get(Recommendation, number)
    rows = _recommendation_rows(session, _recommendations(member).where(Recommendation.id == number))
    if recommendation is None or not rows:
        raise NotFound(ref)
    return recommendation, rows[0]


def _clauses(wanted: InsightFilter) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = []
    if wanted.service_id is not None:
        clauses.append(Insight.service_id == wanted.service_id)
    if wanted.component_id is not None:
        about = select(insight_components.c.insight_id).where(insight_components.c.component_id == wanted.component_id)
        clauses.append(Insight.id.in_(about))
    if wanted.status in list(InsightStatus):
        clauses.append(Insight.status == InsightStatus(wanted.status))
    if wanted.type in list(InsightType):
        clauses.append(Insight.type == InsightType(wanted.type))
    if wanted.owner_id is not None:
        clauses.append(Insight.owner_id == wanted.owner_id)
    if wanted.ids is not None:
        clauses.append(Insight.id.in_(wanted.ids))
    return clauses


def _all(clauses: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    joined = clauses[0]
    for clause in clauses[1:]:
        joined &= clause
    return joined


def _row(
    insight: Insight,
    service: str | None,
    team: Team,
    owner: str | None,
    strength: Strength,
    *,
    contradicted: bool,
    on: date,
) -> InsightRow:
    half_lives = team.settings.get("half_life_months")
    return InsightRow(
        id=insight.id,
        ref=insight.ref,
        claim=insight.claim,
        type=insight.type.value,
        kind=insight.kind.value,
        status=insight.status.value,
        version=insight.version,
        confidence="" if insight.confidence is None else insight.confidence.value,
        service=service or "",
        team=team.name,
        review_required=team.review_required,
        owner=owner or "",
        published_at=insight.published_at,
        updated_at=insight.updated_at,
        strength=strength,
        freshness=assess_freshness(
            insight.kind,
            strength.newest_on,
            on,
            component_changed_on=strength.component_changed_on,
            half_lives=half_lives,
        ),
        contradicted=contradicted,
    )


def _is_shown(link: EvidenceLink, claim: str | None, quotes: Mapping[int, HighlightRow]) -> bool:
    if link.highlight_id is not None:
        return link.highlight_id in quotes
    return link.other_insight_id is None or claim is not None


def _evidence(link: EvidenceLink, claim: str | None, quote: HighlightRow | None) -> EvidenceRow:
    return EvidenceRow(
        id=link.id,
        relation=link.relation.value,
        note=link.note,
        highlight=quote,
        other_ref="" if link.other_insight_id is None else f"INS-{link.other_insight_id}",
        other_claim=claim or "",
        external_title=link.external_title,
        external_url=link.external_url,
        dated_on=link.evidence_date,
    )


def _contradiction(
    each: Contradiction, asked: frozenset[int], claim: str | None, other_claim: str | None
) -> ContradictionRow:
    """Seen from the side that was asked for; what the member may not see of the other side stays untold."""
    this, other, told = each.insight_id, each.other_insight_id, other_claim
    if this not in asked and other is not None:
        this, other, told = other, this, claim
    return ContradictionRow(
        id=each.id,
        ref=f"INS-{this}",
        other_ref="" if told is None else f"INS-{other}",
        other_claim=told or "",
        cause=each.cause if other is None or told is not None else "",
        status=each.status.value,
        reason="" if each.reason is None else each.reason.value,
        explanation=each.explanation,
        opened_at=each.created_at,
    )


def _recommendations(member: Member) -> Select[*tuple[Any, ...]]:
    """One row for each recommendation and visible insight that it rests on."""
    return (
        select(Recommendation, Member.name, Insight.id)
        .select_from(Recommendation)
        .join(recommendation_insights, recommendation_insights.c.recommendation_id == Recommendation.id)
        .join(Insight, Insight.id == recommendation_insights.c.insight_id)
        .outerjoin(Member, Member.id == Recommendation.addressee_id)
        .where(visible_insights(member))
        .order_by(Recommendation.responded_on.is_not(None), Recommendation.issued_on, Recommendation.id, Insight.id)
    )


def _recommendation_rows(session: Session, query: Select[*tuple[Any, ...]]) -> list[RecommendationRow]:
    found: dict[int, tuple[Recommendation, str | None, tuple[str, ...]]] = {}
    for recommendation, addressee, insight_id in session.execute(query):
        _each, _name, refs = found.get(recommendation.id, (None, None, ()))
        found[recommendation.id] = (recommendation, addressee, (*refs, f"INS-{insight_id}"))
    return [_recommendation(*each) for each in found.values()]


def _is_contradicted(member: Member) -> ColumnElement[bool]:
    """Whether something open speaks against it, as far as the member may see both sides."""
    other = aliased(Insight)
    seen = select(Insight.id).where(visible_insights(member))
    return (
        select(Contradiction.id)
        .outerjoin(
            other,
            ((other.id == Contradiction.other_insight_id) & (Contradiction.insight_id == Insight.id))
            | ((other.id == Contradiction.insight_id) & (Contradiction.other_insight_id == Insight.id)),
        )
        .where(
            Contradiction.status == ContradictionStatus.OPEN,
            or_(Contradiction.insight_id == Insight.id, Contradiction.other_insight_id == Insight.id),
            or_(Contradiction.other_insight_id.is_(None), other.id.in_(seen)),
        )
        .correlate(Insight)
        .exists()
    )


def _recommendation(each: Recommendation, addressee: str | None, insights: tuple[str, ...]) -> RecommendationRow:
    return RecommendationRow(
        id=each.id,
        ref=each.ref,
        text=each.text,
        status=each.status.value,
        addressee=addressee or "",
        addressee_id=each.addressee_id,
        due_on=each.due_on,
        issued_on=each.issued_on,
        responded_on=each.responded_on,
        response_reason=each.response_reason,
        insights=insights,
    )
