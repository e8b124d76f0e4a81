"""Insights from their first draft on, what speaks against them, and the recommendations made from them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from sqlalchemy import select

from insights.synthesis import models
from insights.synthesis.answers import (
    close_without_action,
    issue_recommendation,
    park_insight,
    respond_to_recommendation,
)
from insights.synthesis.contradictions import declare_contradiction, settle_contradiction
from insights.synthesis.models import ContradictionStatus, InsightStatus, Relation
from insights.synthesis.operations import (
    ConfidenceJudgement,
    assess_confidence,
    attach_highlight,
    edit_insight,
    publish_insight,
    retire_insight,
    submit_for_review,
    supersede_insight,
    write_insight,
)
from research_hub.demo.records import ClaimEdit, Contradiction, Ending, Evidence, Insight, NoAction, Parking
from research_hub.demo.records import Recommendation as RecommendationRecord
from research_hub.demo.telling.stage import Act, Part, Stage


def acts_of_synthesis(stage: Stage) -> Iterator[Act]:
    for insight in stage.story.insights:
        yield from _acts_of(stage, insight)
    for contradiction in stage.story.contradictions:
        yield Act(contradiction.opened_day, Part.CONTRADICTION, partial(_contradict, stage, contradiction))
        if contradiction.settled_day is not None:
            yield Act(contradiction.settled_day, Part.SETTLEMENT, partial(_settle, stage, contradiction))
    for recommendation in stage.story.recommendations:
        yield Act(recommendation.issued_day, Part.RECOMMENDATION, partial(_recommend, stage, recommendation))
        if recommendation.response is not None:
            yield Act(recommendation.response.day, Part.ANSWER, partial(_respond, stage, recommendation))


def _acts_of(stage: Stage, insight: Insight) -> Iterator[Act]:
    yield Act(insight.created_day, Part.INSIGHT, partial(_write, stage, insight))
    for evidence in insight.evidence:
        if evidence.day is not None:
            yield Act(evidence.day, Part.EVIDENCE, partial(_attach, stage, insight, evidence))
    judged_day = insight.created_day if insight.published_day is None else insight.published_day
    yield Act(judged_day, Part.PUBLICATION, partial(_bring_to_its_status, stage, insight))
    for edit in insight.edits:
        yield Act(edit.day, Part.EDIT, partial(_edit, stage, insight, edit))
    if insight.parked:
        yield Act(insight.parked.day, Part.ANSWER, partial(_park, stage, insight, insight.parked))
    if insight.no_action:
        yield Act(insight.no_action.day, Part.ANSWER, partial(_close, stage, insight, insight.no_action))
    if insight.ended:
        yield Act(insight.ended.day, Part.CLOSING, partial(_end, stage, insight, insight.ended))


def _write(stage: Stage, insight: Insight) -> None:
    told = stage.told
    stored = write_insight(
        stage.session,
        actor=told.members[insight.author],
        claim=insight.claim,
        body=insight.body,
        type_=insight.type,
        kind=insight.kind,
        service=told.services[insight.service],
        components=[told.components[key] for key in insight.components],
        owner=told.members[insight.owner],
    )
    stored.custom = {"user_groups": list(insight.user_groups)} if insight.user_groups else {}
    told.insights[insight.key] = stored
    for evidence in insight.evidence:
        if evidence.day is None:
            _attach(stage, insight, evidence)


def _attach(stage: Stage, insight: Insight, evidence: Evidence) -> None:
    told = stage.told
    told.evidence[insight.key, evidence.highlight] = attach_highlight(
        stage.session,
        actor=told.members[insight.author],
        insight=told.insights[insight.key],
        highlight=told.highlights[evidence.highlight],
        relation=evidence.relation,
        note=evidence.note,
    )


def _bring_to_its_status(stage: Stage, insight: Insight) -> None:
    """Judged by the author, submitted and, unless it still waits, published by the reviewer."""
    stored, author = stage.told.insights[insight.key], stage.told.members[insight.author]
    if insight.confidence:
        judgement = ConfidenceJudgement(
            methodological_limitations=insight.confidence.methodological_limitations,
            coherence=insight.confidence.coherence,
            adequacy=insight.confidence.adequacy,
            relevance=insight.confidence.relevance,
            level=insight.confidence.level,
            justification=insight.confidence.justification,
        )
        assess_confidence(stage.session, actor=author, insight=stored, judgement=judgement)
    if insight.status is not InsightStatus.DRAFT:
        submit_for_review(stage.session, actor=author, insight=stored)
    if insight.published_day is not None and insight.reviewer is not None:
        publish_insight(stage.session, actor=stage.told.members[insight.reviewer], insight=stored)


def _edit(stage: Stage, insight: Insight, edit: ClaimEdit) -> None:
    stored = stage.told.insights[insight.key]
    edit_insight(
        stage.session,
        actor=stage.told.members[edit.by],
        insight=stored,
        claim=edit.claim,
        body=stored.body,
        type_=stored.type,
        kind=stored.kind,
        service=stage.told.services[insight.service],
        components=[stage.told.components[key] for key in insight.components],
        note=edit.reason,
    )


def _contradict(stage: Stage, contradiction: Contradiction) -> None:
    first, second = (stage.told.insights[key] for key in contradiction.insights)
    notes = [evidence.note for evidence in _against(stage, contradiction) if evidence.note]
    stage.told.contradictions[contradiction.key] = declare_contradiction(
        stage.session,
        actor=stage.told.members[contradiction.opened_by],
        insight=first,
        other=second,
        cause=" ".join(notes) or "Two rounds of research came to different answers.",
    )


def _against(stage: Stage, contradiction: Contradiction) -> list[Evidence]:
    return [
        evidence
        for insight in stage.story.insights
        for evidence in insight.evidence
        if insight.key in contradiction.insights
        and evidence.highlight in contradiction.highlights
        and evidence.relation is Relation.CONTRADICTS
    ]


def _settle(stage: Stage, contradiction: Contradiction) -> None:
    """The disagreement itself, and what its evidence opened by itself."""
    told = stage.told
    evidence = [
        link.id
        for (insight, highlight), link in told.evidence.items()
        if insight in contradiction.insights and highlight in contradiction.highlights
    ]
    opened_by_evidence = stage.session.scalars(
        select(models.Contradiction).where(
            models.Contradiction.evidence_link_id.in_(evidence),
            models.Contradiction.status == ContradictionStatus.OPEN,
        )
    )
    for row in [told.contradictions[contradiction.key], *opened_by_evidence]:
        settle_contradiction(
            stage.session,
            actor=told.members[contradiction.settled_by or contradiction.opened_by],
            contradiction=row,
            status=contradiction.status,
            reason=contradiction.reason or "",
            explanation=contradiction.explanation,
        )


def _park(stage: Stage, insight: Insight, parking: Parking) -> None:
    park_insight(
        stage.session,
        actor=stage.told.members[parking.by],
        insight=stage.told.insights[insight.key],
        until=stage.on(parking.until_day),
        note=parking.reason,
    )


def _close(stage: Stage, insight: Insight, closing: NoAction) -> None:
    close_without_action(
        stage.session,
        actor=stage.told.members[closing.by],
        insight=stage.told.insights[insight.key],
        reason=closing.code,
        note=closing.reason,
    )


def _end(stage: Stage, insight: Insight, ending: Ending) -> None:
    stored, actor = stage.told.insights[insight.key], stage.told.members[ending.by]
    if ending.superseded_by is None:
        retire_insight(stage.session, actor=actor, insight=stored, note=ending.reason)
    else:
        successor = stage.told.insights[ending.superseded_by]
        supersede_insight(stage.session, actor=actor, insight=stored, by=successor)


def _recommend(stage: Stage, recommendation: RecommendationRecord) -> None:
    told = stage.told
    author = next(one.author for one in stage.story.insights if one.key == recommendation.insights[0])
    told.recommendations[recommendation.key] = issue_recommendation(
        stage.session,
        actor=told.members[author],
        text=recommendation.text,
        insights=[told.insights[key] for key in recommendation.insights],
        addressee=told.members[recommendation.addressee],
        due_on=stage.on(recommendation.due_day),
    )


def _respond(stage: Stage, recommendation: RecommendationRecord) -> None:
    response = recommendation.response
    if response is None:
        return
    respond_to_recommendation(
        stage.session,
        actor=stage.told.members[response.by],
        recommendation=stage.told.recommendations[recommendation.key],
        status=response.kind,
        reason=response.reason,
        deferred_to=stage.day_or_none(response.until_day),
        insights=[stage.told.insights[key].ref for key in recommendation.insights],
    )
