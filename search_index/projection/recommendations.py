"""Recommendations as search documents: seen by those who may see every insight that they rest on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.coding.models import Highlight
from insights.core.text import plain_words
from insights.people.models import Member, Service, Team
from insights.synthesis.access import UNPUBLISHED
from insights.synthesis.models import EvidenceLink, Insight, Recommendation, recommendation_insights
from search_index.documents import SearchDocument
from search_index.projection.audience import INSIGHT_DRAFTS, study_token
from search_index.projection.facets import facets_of, opening, words


def recommendation_documents(session: Session, ids: Sequence[int]) -> Iterator[SearchDocument]:
    audiences = _audiences(session, ids)
    rows = session.execute(
        select(Recommendation, Service.name, Service.phase, Team.name, Member.name)
        .join(Team, Team.id == Recommendation.team_id)
        .outerjoin(Service, Service.id == Recommendation.service_id)
        .outerjoin(Member, Member.id == Recommendation.created_by_id)
        .where(Recommendation.id.in_(ids))
    )
    for recommendation, service, phase, team, author in rows:
        text = plain_words(recommendation.text)
        yield SearchDocument(
            key=recommendation.ref,
            kind="recommendation",
            title=opening(text),
            body=text,
            date=recommendation.issued_on,
            version=recommendation.row_version,
            audience=frozenset(audiences.get(recommendation.id, ())),
            facets=facets_of(
                recommendation.issued_on,
                service=service,
                phase=words(phase),
                status=words(recommendation.status),
                author=author,
                team=team,
            ),
        )


def _audiences(session: Session, ids: Sequence[int]) -> dict[int, set[str]]:
    rows = session.execute(
        select(recommendation_insights.c.recommendation_id, Insight.status, Highlight.study_id)
        .join(Insight, Insight.id == recommendation_insights.c.insight_id)
        .outerjoin(EvidenceLink, EvidenceLink.insight_id == Insight.id)
        .outerjoin(Highlight, Highlight.id == EvidenceLink.highlight_id)
        .where(recommendation_insights.c.recommendation_id.in_(ids))
        .distinct()
    )
    audiences: dict[int, set[str]] = {}
    for number, status, study_id in rows:
        tokens = audiences.setdefault(number, set())
        tokens.update([INSIGHT_DRAFTS] if status in UNPUBLISHED else [])
        tokens.update([] if study_id is None else [study_token(study_id)])
    return audiences
