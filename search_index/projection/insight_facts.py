"""What an insight's document says beside its own row: its evidence, and how fresh that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.capture.models import Method, ResearchSession, SourceText
from insights.coding.models import Highlight
from insights.core.clock import today
from insights.core.text import plain_words
from insights.people.models import Component, Team
from insights.synthesis.freshness import FreshnessState, assess_freshness
from insights.synthesis.models import (
    EvidenceLink,
    Insight,
    Relation,
    Revalidation,
    RevalidationResult,
    insight_components,
)
from search_index.projection.capture import OUT_OF_SIGHT, groups_of_sessions
from search_index.projection.coding import IN_USE, tags_of_highlights
from search_index.projection.heard_people import HeardPeople


@dataclass(slots=True)
class EvidenceFacts:
    """`study_ids` are of all evidence, dropped or not, as in `visible_insights`; the rest is of what is in sight.

    `sources` are titles of evidence from outside.
    """

    study_ids: set[int] = field(default_factory=set)
    quotes: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    methods: set[Method] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    tags: set[str] = field(default_factory=set)
    newest_on: date | None = None


def evidence_of_insights(session: Session, ids: Sequence[int]) -> dict[int, EvidenceFacts]:
    rows = session.execute(
        select(EvidenceLink, Highlight, SourceText, ResearchSession)
        .outerjoin(Highlight, Highlight.id == EvidenceLink.highlight_id)
        .outerjoin(SourceText, SourceText.id == Highlight.source_text_id)
        .outerjoin(ResearchSession, ResearchSession.id == Highlight.research_session_id)
        .where(EvidenceLink.insight_id.in_(ids))
        .order_by(EvidenceLink.id)
    ).all()
    tags = tags_of_highlights(session, [row[1].id for row in rows if row[1] is not None])
    groups = groups_of_sessions(session, [row[3].id for row in rows if row[3] is not None])
    people = HeardPeople(
        session,
        [row[3].id for row in rows if row[3] is not None],
        [row[1].participant_id for row in rows if row[1] is not None and row[1].participant_id],
    )
    found: dict[int, EvidenceFacts] = {}
    for link, highlight, source, held in rows:
        facts = found.setdefault(link.insight_id, EvidenceFacts())
        if link.relation is Relation.SUPPORTS:
            facts.newest_on = _newest(facts.newest_on, link.evidence_date)
        if link.highlight_id is None:
            facts.sources.append(link.external_title)
            continue
        facts.study_ids.add(highlight.study_id)
        if _in_sight(highlight, source, held):
            method = source.method if held is None else held.method
            if people.lasting(source, highlight.research_session_id, highlight.participant_id):
                facts.quotes.append(plain_words(highlight.exact))
            facts.methods.update([method] if method else [])
            facts.tags.update(tags.get(highlight.id, ()))
            facts.groups.update(groups.get(0 if held is None else held.id, ()))
    return found


def freshness_of_insights(
    session: Session, ids: Sequence[int], evidence: Mapping[int, EvidenceFacts]
) -> dict[int, FreshnessState]:
    """By supporting evidence and later looks, as the reports reckon it."""
    looked_again = (
        select(func.max(Revalidation.on))
        .where(Revalidation.insight_id == Insight.id, Revalidation.result != RevalidationResult.RETIRED)
        .scalar_subquery()
    )
    component_changed = (
        select(func.max(Component.changed_on))
        .join(insight_components, insight_components.c.component_id == Component.id)
        .where(insight_components.c.insight_id == Insight.id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Insight.id, Insight.kind, Team.settings, looked_again, component_changed)
        .join(Team, Team.id == Insight.team_id)
        .where(Insight.id.in_(ids))
    )
    return {
        insight_id: assess_freshness(
            kind,
            _newest(evidence[insight_id].newest_on if insight_id in evidence else None, seen_on),
            today(session),
            component_changed_on=changed_on,
            half_lives=(settings or {}).get("half_life_months"),
        ).state
        for insight_id, kind, settings, seen_on, changed_on in rows
    }


def components_of_insights(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    rows = session.execute(
        select(insight_components.c.insight_id, Component.name)
        .join(Component, Component.id == insight_components.c.component_id)
        .where(insight_components.c.insight_id.in_(ids))
    )
    names: dict[int, list[str]] = {}
    for insight_id, name in rows:
        names.setdefault(insight_id, []).append(name)
    return names


def _in_sight(highlight: Highlight, source: SourceText | None, held: ResearchSession | None) -> bool:
    """What was dropped, deleted or withdrawn is found no more, though the insight remembers that it was there."""
    if highlight.status not in IN_USE or source is None or source.deleted_at is not None:
        return False
    return held is None or held.status not in OUT_OF_SIGHT


def _newest(*days: date | None) -> date | None:
    return max((day for day in days if day is not None), default=None)
