"""One insight, or a list of them with what a card needs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased

from insights.core.base import number_of
from insights.core.clock import today
from insights.core.errors import NotFound
from insights.people.models import Member, Service, Team
from insights.synthesis.access import visible_insights
from insights.synthesis.freshness import Freshness, assess_freshness
from insights.synthesis.models import (
    CITABLE,
    Contradiction,
    ContradictionStatus,
    Insight,
    InsightStatus,
    InsightType,
    insight_components,
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


def get_insight_with_merged(session: Session, member: Member, ref: str) -> tuple[Insight, list[Insight]]:
    """The insight, and those that were merged into it as far as the member may see them; in one statement."""
    number = number_of(ref.partition("@")[0], Insight.PREFIX) or 0
    query = select(Insight).where(or_(Insight.id == number, Insight.merged_into_id == number), visible_insights(member))
    found = session.scalars(query.order_by(Insight.id)).all()
    insight = next((each for each in found if each.id == number), None)
    if insight is None:
        raise NotFound(ref)
    return insight, [each for each in found if each is not insight]


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
