"""Writing and editing insights, and judging how sure we are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from insights.core.activity import add, record, touch
from insights.core.checks import required_line, term_of, text_of
from insights.core.clock import now
from insights.core.concurrency import refuse_stale
from insights.core.errors import InvalidInput
from insights.people.models import Component, Member, Service
from insights.people.operations import require_same_area
from insights.synthesis.models import (
    Concern,
    ConfidenceAssessment,
    ConfidenceLevel,
    Insight,
    InsightKind,
    InsightStatus,
    InsightType,
    insight_components,
)
from insights.synthesis.operations.versions import save_version
from insights.synthesis.personal_data import look_through_insight


@dataclass(frozen=True, slots=True)
class ConfidenceJudgement:
    """The four GRADE-CERQual concerns, the level judged from them, and why."""

    methodological_limitations: Concern
    coherence: Concern
    adequacy: Concern
    relevance: Concern
    level: ConfidenceLevel
    justification: str = ""


def write_insight(
    session: Session,
    *,
    actor: Member,
    claim: str,
    body: str = "",
    type_: str | InsightType = InsightType.ACTIONABLE,
    kind: str | InsightKind = InsightKind.USABILITY,
    service: Service | None = None,
    components: Sequence[Component] = (),
    owner: Member | None = None,
    review_by: date | None = None,
    legacy: bool = False,
) -> Insight:
    insight = Insight(
        claim=required_line("claim", claim, label="the claim, in one sentence"),
        body=text_of("body", body, label="the body"),
        type=term_of("type", InsightType, type_, label="a type"),
        kind=term_of("kind", InsightKind, kind, label="what it is about"),
        status=InsightStatus.DRAFT,
        team_id=actor.team_id,
        service_id=None if service is None else service.id,
        author_id=actor.id,
        owner_id=(owner or actor).id,
        review_by=review_by,
        legacy=legacy,
    )
    add(session, actor, insight)
    _set_components(session, insight, components)
    save_version(session, actor=actor, insight=insight)
    record(session, actor, "wrote", insight)
    return insight


def edit_insight(
    session: Session,
    *,
    actor: Member,
    insight: Insight,
    claim: str,
    body: str,
    type_: str | InsightType,
    kind: str | InsightKind,
    service: Service | None,
    components: Sequence[Component] = (),
    owner: Member | None = None,
    review_by: date | None = None,
    note: str = "",
    row_version: int | None = None,
    may_stand: str = "",
) -> None:
    """Saves a new version; a changed claim or type changes the fingerprint and so turns links outdated (G5).

    One that was published is looked through for personal data, raising InvalidInput until `may_stand` says why it may.
    """
    require_same_area(session, actor, insight.team_id)
    new_claim = required_line("claim", claim, label="the claim, in one sentence")
    new_body = text_of("body", body, label="the body")
    refuse_stale(insight, row_version, {"claim": new_claim, "body": new_body})
    insight.claim, insight.body = new_claim, new_body
    insight.type = term_of("type", InsightType, type_, label="a type")
    insight.kind = term_of("kind", InsightKind, kind, label="what it is about")
    insight.service_id = None if service is None else service.id
    insight.owner_id = insight.owner_id if owner is None else owner.id
    insight.review_by = review_by
    _set_components(session, insight, components)
    if insight.published_at is not None:
        look_through_insight(session, actor=actor, insight=insight, may_stand=may_stand)
    save_version(session, actor=actor, insight=insight, note=note)
    touch(session, actor, insight)
    record(session, actor, "edited", insight, detail={"version": insight.version})


def assess_confidence(
    session: Session, *, actor: Member, insight: Insight, judgement: ConfidenceJudgement
) -> ConfidenceAssessment:
    """Records how sure we are; anything below high needs a written justification (features.md F2)."""
    require_same_area(session, actor, insight.team_id)
    justification = text_of("justification", judgement.justification, label="the justification", longest=5_000)
    if judgement.level is not ConfidenceLevel.HIGH and not justification:
        raise InvalidInput.of("justification", "Say in a sentence why confidence is not high.")
    insight.confidence = judgement.level
    save_version(session, actor=actor, insight=insight, note="assessed confidence")
    assessment = ConfidenceAssessment(
        insight_id=insight.id,
        insight_version=insight.version,
        methodological_limitations=judgement.methodological_limitations,
        coherence=judgement.coherence,
        adequacy=judgement.adequacy,
        relevance=judgement.relevance,
        level=judgement.level,
        justification=justification,
        assessor_id=actor.id,
        at=now(session),
    )
    session.add(assessment)
    touch(session, actor, insight)
    record(session, actor, "assessed", insight, detail={"level": judgement.level.value})
    return assessment


def _set_components(session: Session, insight: Insight, components: Sequence[Component]) -> None:
    session.execute(delete(insight_components).where(insight_components.c.insight_id == insight.id))
    if components:
        rows = [{"insight_id": insight.id, "component_id": component.id} for component in components]
        session.execute(insert(insight_components), rows)
