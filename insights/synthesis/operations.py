"""Changes to insights: writing, evidence, confidence and the way from draft to publication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from insights.capture.models import ResearchSession, SourceText, Study
from insights.coding.models import Highlight, HighlightStatus
from insights.core.activity import add, record, touch
from insights.core.checks import required_line, term_of, text_of
from insights.core.clock import now, today
from insights.core.concurrency import refuse_stale
from insights.core.errors import InvalidInput, NotAllowed, RuleBroken
from insights.people.models import Component, Member, Service, Team
from insights.people.operations import require_same_area, web_address
from insights.synthesis.contradictions import open_contradiction
from insights.synthesis.fingerprints import insight_fingerprint
from insights.synthesis.models import (
    CITABLE,
    Concern,
    ConfidenceAssessment,
    ConfidenceLevel,
    EvidenceLink,
    Insight,
    InsightKind,
    InsightStatus,
    InsightType,
    InsightVersion,
    Relation,
    Revalidation,
    RevalidationResult,
    insight_components,
)


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
) -> None:
    """Saves a new version; a changed claim or type changes the fingerprint and so turns links outdated (G5)."""
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
    save_version(session, actor=actor, insight=insight, note=note)
    touch(session, actor, insight)
    record(session, actor, "edited", insight, detail={"version": insight.version})


def attach_highlight(
    session: Session,
    *,
    actor: Member,
    insight: Insight,
    highlight: Highlight,
    relation: str | Relation = Relation.SUPPORTS,
    note: str = "",
) -> EvidenceLink:
    """Evidence that contradicts opens a contradiction by itself (beyond.md 6a)."""
    require_same_area(session, actor, insight.team_id)
    if highlight.status is not HighlightStatus.ACTIVE:
        raise RuleBroken(f"{highlight.ref} is not in use any more; choose another highlight.")
    known = select(EvidenceLink).where(EvidenceLink.insight_id == insight.id, EvidenceLink.highlight_id == highlight.id)
    if session.scalar(known) is not None:
        raise InvalidInput.of("highlight", f"{highlight.ref} is evidence for this insight already.")
    link = EvidenceLink(
        insight_id=insight.id,
        highlight_id=highlight.id,
        relation=term_of("relation", Relation, relation, label="how it bears on the claim"),
        note=text_of("note", note, label="the note", longest=2_000),
        evidence_date=_day_of(session, highlight),
    )
    return _attach(session, actor, insight, link)


def attach_insight(
    session: Session,
    *,
    actor: Member,
    insight: Insight,
    other: Insight,
    relation: str | Relation = Relation.SUPPORTS,
    note: str = "",
) -> EvidenceLink:
    require_same_area(session, actor, insight.team_id)
    if other.id == insight.id:
        raise InvalidInput.of("other", "An insight cannot be evidence for itself.")
    if other.status not in CITABLE:
        raise RuleBroken(
            f"{other.ref} is {other.status.value.replace('_', ' ')}; only published insights can be cited."
        )
    if _rests_on_restricted_study(session, other):
        # Its words would travel on to people whom its study does not name.
        raise RuleBroken(f"{other.ref} rests on a restricted study, so it cannot be evidence elsewhere.")
    known = select(EvidenceLink).where(EvidenceLink.insight_id == insight.id, EvidenceLink.other_insight_id == other.id)
    if session.scalar(known) is not None:
        raise InvalidInput.of("other", f"{other.ref} is evidence for this insight already.")
    link = EvidenceLink(
        insight_id=insight.id,
        other_insight_id=other.id,
        relation=term_of("relation", Relation, relation, label="how it bears on the claim"),
        note=text_of("note", note, label="the note", longest=2_000),
        evidence_date=today(session),
    )
    return _attach(session, actor, insight, link)


def attach_external_source(
    session: Session,
    *,
    actor: Member,
    insight: Insight,
    title: str,
    url: str = "",
    relation: str | Relation = Relation.SUPPORTS,
    note: str = "",
    dated_on: date | None = None,
) -> EvidenceLink:
    require_same_area(session, actor, insight.team_id)
    link = EvidenceLink(
        insight_id=insight.id,
        external_title=required_line("external_title", title, label="the source's title"),
        external_url=web_address("external_url", url),
        relation=term_of("relation", Relation, relation, label="how it bears on the claim"),
        note=text_of("note", note, label="the note", longest=2_000),
        evidence_date=dated_on or today(session),
    )
    return _attach(session, actor, insight, link)


def detach_evidence(session: Session, *, actor: Member, insight: Insight, link: EvidenceLink) -> None:
    """Takes evidence away; a published insight keeps at least one piece."""
    require_same_area(session, actor, insight.team_id)
    if insight.status in CITABLE and _evidence_count(session, insight) == 1:
        raise RuleBroken("A published insight needs evidence. Attach other evidence first, or retire the insight.")
    target = link.target_ref
    session.delete(link)
    session.flush()
    save_version(session, actor=actor, insight=insight, note=f"took {target} away")
    touch(session, actor, insight)
    record(session, actor, "detached evidence from", insight, touches=[target])


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


def submit_for_review(session: Session, *, actor: Member, insight: Insight) -> None:
    require_same_area(session, actor, insight.team_id)
    _require_status(insight, InsightStatus.DRAFT)
    _require_publishable(session, insight)
    insight.status = InsightStatus.IN_REVIEW
    touch(session, actor, insight)
    record(session, actor, "submitted", insight)


def return_to_draft(session: Session, *, actor: Member, insight: Insight, note: str = "") -> None:
    require_same_area(session, actor, insight.team_id)
    _require_status(insight, InsightStatus.IN_REVIEW)
    insight.status = InsightStatus.DRAFT
    insight.status_note = text_of("note", note, label="the note", longest=2_000)
    touch(session, actor, insight)
    record(session, actor, "returned", insight)


def publish_insight(session: Session, *, actor: Member, insight: Insight) -> None:
    """Publishes with evidence and confidence; where the team wants review, by a second person (D5)."""
    require_same_area(session, actor, insight.team_id)
    _require_status(insight, InsightStatus.DRAFT, InsightStatus.IN_REVIEW)
    _require_publishable(session, insight)
    if session.scalar(select(Team.review_required).where(Team.id == insight.team_id)):
        if insight.status is not InsightStatus.IN_REVIEW:
            raise RuleBroken("Your team reviews insights before they are published. Submit it for review first.")
        if actor.id == insight.author_id:
            raise NotAllowed("Someone other than the author has to review an insight before it is published.")
        insight.reviewer_id = actor.id
    insight.status = InsightStatus.PUBLISHED
    insight.published_at = insight.published_at or now(session)
    touch(session, actor, insight)
    record(session, actor, "published", insight)


def retire_insight(session: Session, *, actor: Member, insight: Insight, note: str) -> None:
    require_same_area(session, actor, insight.team_id)
    _require_status(insight, *CITABLE)
    insight.status = InsightStatus.RETIRED
    insight.status_note = required_line("note", note, label="why it is retired")
    insight.ended_at = now(session)
    touch(session, actor, insight)
    record(session, actor, "retired", insight)


def unretire_insight(session: Session, *, actor: Member, insight: Insight) -> None:
    """Undoes a retirement; the first publication date stands."""
    require_same_area(session, actor, insight.team_id)
    _require_status(insight, InsightStatus.RETIRED)
    insight.status, insight.ended_at, insight.status_note = InsightStatus.PUBLISHED, None, ""
    touch(session, actor, insight)
    record(session, actor, "brought back", insight)


def supersede_insight(session: Session, *, actor: Member, insight: Insight, by: Insight) -> None:
    require_same_area(session, actor, insight.team_id)
    _require_status(insight, *CITABLE)
    if by.id == insight.id or by.status not in CITABLE:
        raise InvalidInput.of("by", "Choose another, published insight.")
    insight.status = InsightStatus.SUPERSEDED
    insight.superseded_by_id = by.id
    insight.ended_at = now(session)
    touch(session, actor, insight)
    record(session, actor, "superseded", insight, touches=[by.ref])


def revalidate_insight(
    session: Session,
    *,
    actor: Member,
    insight: Insight,
    result: str | RevalidationResult,
    note: str,
    on: date | None = None,
) -> None:
    """Somebody looked again: the only thing beside new evidence that makes an insight fresh (F4)."""
    require_same_area(session, actor, insight.team_id)
    _require_status(insight, *CITABLE)
    outcome = term_of("result", RevalidationResult, result, label="a result")
    session.add(
        Revalidation(
            insight_id=insight.id,
            on=on or today(session),
            result=outcome,
            note=required_line("note", note, label="what you looked at", longest=2_000),
            by_id=actor.id,
        )
    )
    if outcome is RevalidationResult.RETIRED:
        retire_insight(session, actor=actor, insight=insight, note=note)
        return
    if outcome is RevalidationResult.RECONFIRMED and insight.status is InsightStatus.CHALLENGED:
        insight.status = InsightStatus.PUBLISHED
    touch(session, actor, insight)
    record(session, actor, "re-validated", insight, detail={"result": outcome.value})


def challenge_insight(session: Session, *, actor: Member, insight: Insight, reason: str) -> None:
    """Marks a published insight as doubted; it stays citable, and says so wherever it is cited."""
    if insight.status is not InsightStatus.PUBLISHED:
        return
    insight.status = InsightStatus.CHALLENGED
    insight.status_note = reason
    touch(session, actor, insight)
    record(session, actor, "challenged", insight)


def save_version(session: Session, *, actor: Member | None, insight: Insight, note: str = "") -> InsightVersion | None:
    """The next version when something changed. A draft that nobody could cite yet keeps rewriting its first one."""
    session.flush()
    evidence = _evidence_pairs(session, insight)
    content: Mapping[str, object] = {
        "claim": insight.claim,
        "body": insight.body,
        "type": insight.type,
        "kind": insight.kind,
        "confidence": insight.confidence,
        "evidence": evidence,
        "fingerprint": insight_fingerprint(
            claim=insight.claim,
            type_=insight.type,
            confidence=insight.confidence,
            evidence=[(ref, relation) for ref, relation in evidence],
        ),
    }
    current = session.scalar(
        select(InsightVersion).where(
            InsightVersion.insight_id == insight.id, InsightVersion.number == (insight.version or 1)
        )
    )
    if current is not None and all(getattr(current, name) == value for name, value in content.items()):
        return None
    if current is None or insight.published_at is not None:
        insight.version = 1 if current is None else current.number + 1
        current = InsightVersion(insight_id=insight.id, number=insight.version)
        session.add(current)
    for name, value in content.items():
        setattr(current, name, value)
    current.at, current.by_id, current.note = now(session), None if actor is None else actor.id, note
    insight.fingerprint = current.fingerprint
    session.flush()
    return current


def _attach(session: Session, actor: Member, insight: Insight, link: EvidenceLink) -> EvidenceLink:
    add(session, actor, link)
    save_version(session, actor=actor, insight=insight, note=f"attached {link.target_ref}")
    if link.relation is Relation.CONTRADICTS:
        open_contradiction(session, actor=actor, insight=insight, evidence=link, cause=link.note)
    touch(session, actor, insight)
    record(session, actor, "attached evidence to", insight, touches=[link.target_ref])
    return link


def _evidence_pairs(session: Session, insight: Insight) -> list[list[str]]:
    links = session.scalars(select(EvidenceLink).where(EvidenceLink.insight_id == insight.id))
    return sorted([link.target_ref, link.relation.value] for link in links)


def _rests_on_restricted_study(session: Session, insight: Insight) -> bool:
    restricted = (
        select(EvidenceLink.id)
        .join(Highlight, Highlight.id == EvidenceLink.highlight_id)
        .join(Study, Study.id == Highlight.study_id)
        .where(EvidenceLink.insight_id == insight.id, Study.restricted)
    )
    return session.scalar(restricted.limit(1)) is not None


def _evidence_count(session: Session, insight: Insight) -> int:
    return session.scalar(select(func.count(EvidenceLink.id)).where(EvidenceLink.insight_id == insight.id)) or 0


def _require_publishable(session: Session, insight: Insight) -> None:
    missing = []
    if _evidence_count(session, insight) == 0:
        missing.append("evidence")
    if insight.confidence is None:
        missing.append("confidence")
    if missing:
        raise RuleBroken(f"An insight needs {' and '.join(missing)} before it can be published.")


def _require_status(insight: Insight, *allowed: InsightStatus) -> None:
    if insight.status not in allowed:
        words = " or ".join(status.value.replace("_", " ") for status in allowed)
        raise RuleBroken(f"{insight.ref} is {insight.status.value.replace('_', ' ')}; it would have to be {words}.")


def _set_components(session: Session, insight: Insight, components: Sequence[Component]) -> None:
    session.execute(delete(insight_components).where(insight_components.c.insight_id == insight.id))
    if components:
        rows = [{"insight_id": insight.id, "component_id": component.id} for component in components]
        session.execute(insert(insight_components), rows)


def _day_of(session: Session, highlight: Highlight) -> date:
    """When the evidence was heard: the session's day, the report's date, or the day it was highlighted."""
    day: date | None = None
    if highlight.research_session_id is not None:
        day = session.scalar(select(ResearchSession.held_on).where(ResearchSession.id == highlight.research_session_id))
    day = day or session.scalar(select(SourceText.dated_on).where(SourceText.id == highlight.source_text_id))
    return day or highlight.created_at.date()
