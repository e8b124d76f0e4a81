"""How strong the evidence under insights is: distinct people, sessions, studies and methods, for and against (F1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from insights.capture.models import ResearchSession, SourceText, session_participants
from insights.coding.models import Highlight
from insights.people.models import Component, Participant
from insights.synthesis.models import (
    EvidenceLink,
    Relation,
    Revalidation,
    RevalidationResult,
    insight_components,
)


@dataclass(frozen=True, slots=True)
class Strength:
    """Distinct counts of what supports the claim; `against` and `qualifying` count pieces of evidence.

    `newest_on` is the day of the newest supporting evidence or re-validation; `component_changed_on` the latest change
    of a component that the insight is about. `groups` are the user groups heard in support.
    """

    people: int = 0
    people_against: int = 0
    sessions: int = 0
    studies: int = 0
    methods: int = 0
    quotes: int = 0
    against: int = 0
    qualifying: int = 0
    groups: tuple[str, ...] = ()
    newest_on: date | None = None
    component_changed_on: date | None = None

    @property
    def in_words(self) -> str:
        """'rests on 5 people in 2 studies', or what there is to say where nobody is named."""
        if self.people:
            return f"rests on {_count(self.people, 'person', 'people')} in {_count(self.studies, 'study', 'studies')}"
        if self.quotes:
            return f"rests on {_count(self.quotes, 'quote', 'quotes')} in {_count(self.studies, 'study', 'studies')}"
        return "rests on no quote yet"


def strengths(session: Session, insight_ids: Collection[int]) -> Mapping[int, Strength]:
    """The strength of each insight, in one statement however many there are."""
    by_insight: dict[int, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    if insight_ids:
        for row in session.execute(_evidence_and_people(insight_ids)):
            by_insight[row.insight_id].append(row)
    return {each: _strength(by_insight[each]) for each in insight_ids}


def _evidence_and_people(insight_ids: Collection[int]) -> Select[*tuple[Any, ...]]:
    """One row for each piece of evidence and person in its session; the insight's own dates repeat on each."""
    looked_on = (
        select(func.max(Revalidation.on))
        .where(Revalidation.insight_id == EvidenceLink.insight_id, Revalidation.result != RevalidationResult.RETIRED)
        .correlate(EvidenceLink)
        .scalar_subquery()
    )
    changed_on = (
        select(func.max(Component.changed_on))
        .join(insight_components, insight_components.c.component_id == Component.id)
        .where(insight_components.c.insight_id == EvidenceLink.insight_id)
        .correlate(EvidenceLink)
        .scalar_subquery()
    )
    present = session_participants.c
    return (
        select(
            EvidenceLink.id,
            EvidenceLink.insight_id,
            EvidenceLink.relation,
            EvidenceLink.evidence_date,
            Highlight.id.label("highlight_id"),
            Highlight.source_text_id,
            Highlight.study_id,
            Highlight.participant_id.label("speaker_id"),
            func.coalesce(ResearchSession.method, SourceText.method).label("method"),
            Participant.id.label("participant_id"),
            Participant.group,
            looked_on.label("looked_on"),
            changed_on.label("changed_on"),
        )
        .select_from(EvidenceLink)
        .outerjoin(Highlight, Highlight.id == EvidenceLink.highlight_id)
        .outerjoin(SourceText, SourceText.id == Highlight.source_text_id)
        .outerjoin(ResearchSession, ResearchSession.id == Highlight.research_session_id)
        .outerjoin(session_participants, present.research_session_id == ResearchSession.id)
        .outerjoin(Participant, (Participant.id == present.participant_id) & Participant.withdrawn_at.is_(None))
        .where(EvidenceLink.insight_id.in_(insight_ids))
    )


def _strength(rows: Sequence[Row[*tuple[Any, ...]]]) -> Strength:
    support = [row for row in rows if row.relation is Relation.SUPPORTS]
    against = [row for row in rows if row.relation is Relation.CONTRADICTS]
    heard = _heard(support)
    days = [row.evidence_date for row in support] + [row.looked_on for row in rows if row.looked_on]
    return Strength(
        people=len({person for person, _group in heard}),
        people_against=len({person for person, _group in _heard(against)}),
        sessions=len({row.source_text_id for row in support if row.source_text_id}),
        studies=len({row.study_id for row in support if row.study_id}),
        methods=len({row.method for row in support if row.method}),
        quotes=len({row.highlight_id for row in support if row.highlight_id}),
        against=len({row.id for row in against}),
        qualifying=len({row.id for row in rows if row.relation is Relation.QUALIFIES}),
        groups=tuple(sorted({group for _person, group in heard if group})),
        newest_on=max(days, default=None),
        component_changed_on=rows[0].changed_on if rows else None,
    )


def _heard(rows: Iterable[Row[*tuple[Any, ...]]]) -> set[tuple[int, str]]:
    """Whoever is named on the highlight, or else everyone in its session."""
    return {
        (row.participant_id, row.group)
        for row in rows
        if row.participant_id is not None and row.speaker_id in {None, row.participant_id}
    }


def _count(number: int, singular: str, plural: str) -> str:
    return f"{number:,} {singular if number == 1 else plural}"
