"""Highlights as search documents: what somebody said, and what has become of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from insights.capture.models import ResearchSession, SourceText, Study
from insights.coding.models import Highlight, HighlightStatus, Tag, highlight_tags
from insights.core.text import plain_words
from insights.decisions.models import EVIDENCE_TYPES, Decision, DecisionLink, DecisionStatus
from insights.people.models import Member, Participant, Service, Team
from insights.synthesis.access import UNPUBLISHED
from insights.synthesis.models import EvidenceLink, Insight
from search_index.documents import SearchDocument
from search_index.projection.audience import study_tokens
from search_index.projection.capture import OUT_OF_SIGHT, groups_of_sessions
from search_index.projection.facets import facets_of, opening, words
from search_index.projection.heard_people import HeardPeople

IN_USE = (HighlightStatus.ACTIVE, HighlightStatus.ORPHANED)
WAS_ACCEPTED = (DecisionStatus.ACCEPTED, DecisionStatus.DEPRECATED, DecisionStatus.SUPERSEDED)

NO_INSIGHT, IN_INSIGHT, IN_DECISION = "no insight yet", "in an insight", "in a decision"


def highlight_documents(session: Session, ids: Sequence[int]) -> Iterator[SearchDocument]:
    rows = session.execute(
        select(Highlight, SourceText, ResearchSession, Service.name, Service.phase, Team.name, Member.name, Participant)
        .join(SourceText, SourceText.id == Highlight.source_text_id)
        .join(Study, Study.id == Highlight.study_id)
        .join(Team, Team.id == Study.team_id)
        .outerjoin(Service, Service.id == Study.service_id)
        .outerjoin(ResearchSession, ResearchSession.id == Highlight.research_session_id)
        .outerjoin(Member, Member.id == Highlight.created_by_id)
        .outerjoin(Participant, Participant.id == Highlight.participant_id)
        .where(
            Highlight.id.in_(ids),
            Highlight.status.in_(IN_USE),
            SourceText.deleted_at.is_(None),
            or_(ResearchSession.id.is_(None), ResearchSession.status.not_in(OUT_OF_SIGHT)),
        )
    ).all()
    tags = tags_of_highlights(session, ids)
    became = _what_became_of(session, ids)
    held_ids = sorted({row[2].id for row in rows if row[2] is not None})
    groups = groups_of_sessions(session, held_ids)
    people = HeardPeople(session, held_ids, [row[0].participant_id for row in rows if row[0].participant_id])
    for highlight, source, held, service, phase, team, author, participant in rows:
        quote = plain_words(highlight.exact)
        said_on = source.dated_on if held is None else held.held_on
        heard = groups.get(0 if held is None else held.id, set())
        yield SearchDocument(
            key=highlight.ref,
            kind="highlight",
            title=highlight.observation or opening(quote),
            body=" ".join(tags.get(highlight.id, ())).replace("/", " "),
            quote=quote,
            date=said_on,
            version=highlight.row_version,
            audience=study_tokens([highlight.study_id])
            | people.quote_audience(
                highlight.study_id, source, highlight.research_session_id, highlight.participant_id
            ),
            facets=facets_of(
                said_on,
                study=f"STU-{highlight.study_id}",
                service=service,
                phase=words(phase),
                method=words(source.method if held is None else held.method),
                tag=tags.get(highlight.id, ()),
                group=heard if participant is None else participant.group,
                disposition=became.get(highlight.id, _Became()).in_words(highlight.study_id),
                author=author,
                team=team,
            ),
        )


def tags_of_highlights(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    rows = session.execute(
        select(highlight_tags.c.highlight_id, Tag.path)
        .join(Tag, Tag.id == highlight_tags.c.tag_id)
        .where(highlight_tags.c.highlight_id.in_(ids))
        .order_by(Tag.path)
    )
    tags: dict[int, tuple[str, ...]] = {}
    for highlight_id, path in rows:
        tags[highlight_id] = (*tags.get(highlight_id, ()), path)
    return tags


@dataclass(slots=True)
class _Became:
    """Insights that cite a highlight: by id, the restricted studies they rest on; and which of them carry decisions."""

    restricted: dict[int, set[int]] = field(default_factory=dict)
    decided: set[int] = field(default_factory=set)

    def in_words(self, study_id: int) -> str:
        """Said of insights alone that everyone who may see the highlight may see as well."""
        told = {insight for insight, studies in self.restricted.items() if studies <= {study_id}}
        if told & self.decided:
            return IN_DECISION
        return IN_INSIGHT if told else NO_INSIGHT


def _what_became_of(session: Session, ids: Sequence[int]) -> dict[int, _Became]:
    became: dict[int, _Became] = {}
    citing = session.execute(
        select(EvidenceLink.highlight_id, Insight.id)
        .join(Insight, Insight.id == EvidenceLink.insight_id)
        .where(EvidenceLink.highlight_id.in_(ids), Insight.status.not_in(UNPUBLISHED))
    ).all()
    insight_ids = sorted({insight_id for _, insight_id in citing})
    restricted = _restricted_studies(session, insight_ids)
    decided = _insights_in_decisions(session, insight_ids)
    for highlight_id, insight_id in citing:
        fate = became.setdefault(highlight_id or 0, _Became(decided=decided))
        fate.restricted[insight_id] = restricted.get(insight_id, set())
    return became


def _restricted_studies(session: Session, insight_ids: Sequence[int]) -> dict[int, set[int]]:
    rows = session.execute(
        select(EvidenceLink.insight_id, Study.id)
        .join(Highlight, Highlight.id == EvidenceLink.highlight_id)
        .join(Study, Study.id == Highlight.study_id)
        .where(EvidenceLink.insight_id.in_(insight_ids), Study.restricted)
    )
    studies: dict[int, set[int]] = {}
    for insight_id, study_id in rows:
        studies.setdefault(insight_id, set()).add(study_id)
    return studies


def _insights_in_decisions(session: Session, insight_ids: Sequence[int]) -> set[int]:
    return set(
        session.scalars(
            select(DecisionLink.insight_id)
            .join(Decision, Decision.id == DecisionLink.decision_id)
            .where(
                DecisionLink.insight_id.in_(insight_ids),
                DecisionLink.type.in_(EVIDENCE_TYPES),
                Decision.status.in_(WAS_ACCEPTED),
            )
        )
    )
