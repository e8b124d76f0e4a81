"""Insights as search documents: found by the claim, by what is written under it, and by the quotes it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.text import plain_words
from insights.decisions.disposition import DispositionState
from insights.decisions.dispositions import dispositions
from insights.people.models import Member, Service, Team
from insights.reports.days import local_day
from insights.synthesis.access import UNPUBLISHED
from insights.synthesis.models import CITABLE, Insight, InsightType
from search_index.documents import SearchDocument
from search_index.projection.audience import INSIGHT_DRAFTS, study_tokens
from search_index.projection.facets import facets_of, words
from search_index.projection.insight_facts import (
    EvidenceFacts,
    components_of_insights,
    evidence_of_insights,
    freshness_of_insights,
)

DISPOSITION_WORDS: dict[DispositionState, str] = {
    DispositionState.OPEN: "on the shelf",
    DispositionState.ACTED_ON: "acted on",
    DispositionState.DECLINED: "declined",
    DispositionState.PARKED: "parked",
    DispositionState.NO_ACTION: "closed without action",
}


def insight_documents(session: Session, ids: Sequence[int]) -> Iterator[SearchDocument]:
    """Whoever may see an insight may see every study under it, so its quotes may stand in its document."""
    rows = session.execute(
        select(Insight, Service.name, Service.phase, Team.name, Member.name)
        .join(Team, Team.id == Insight.team_id)
        .outerjoin(Service, Service.id == Insight.service_id)
        .outerjoin(Member, Member.id == Insight.author_id)
        .where(Insight.id.in_(ids))
    ).all()
    evidence = evidence_of_insights(session, ids)
    freshness = freshness_of_insights(session, ids, evidence)
    became = dispositions(session, ids)
    components = components_of_insights(session, ids)
    for insight, service, phase, team, author in rows:
        facts = evidence.get(insight.id, EvidenceFacts())
        day = local_day(insight.published_at or insight.created_at)
        citable = insight.status in CITABLE
        yield SearchDocument(
            key=insight.ref,
            kind="insight",
            title=insight.claim,
            body="\n".join(filter(None, (plain_words(insight.body), *facts.sources))),
            quote="\n".join(facts.quotes),
            date=day,
            version=insight.row_version,
            audience=_audience(insight, facts),
            facets=facets_of(
                day,
                study=[f"STU-{number}" for number in facts.study_ids],
                service=service,
                component=components.get(insight.id, ()),
                phase=words(phase),
                method=[words(method) for method in facts.methods],
                tag=facts.tags,
                group=facts.groups,
                status=words(insight.status),
                disposition=_disposition(insight, became[insight.id].state),
                strength=words(insight.confidence),
                freshness=words(freshness[insight.id]) if citable else "",
                author=author,
                team=team,
            ),
        )


def _audience(insight: Insight, facts: EvidenceFacts) -> frozenset[str]:
    merged_draft = insight.merged_into_id is not None and insight.published_at is None
    drafts = {INSIGHT_DRAFTS} if merged_draft or insight.status in UNPUBLISHED else set()
    return study_tokens(facts.study_ids) | drafts


def _disposition(insight: Insight, state: DispositionState) -> str:
    """An informative insight waits for no answer, and neither does one that is not held (any more)."""
    waits = insight.type is InsightType.ACTIONABLE and insight.status in CITABLE
    return DISPOSITION_WORDS[state] if waits else ""
