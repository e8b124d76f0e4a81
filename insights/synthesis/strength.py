"""How strong the evidence under insights is: distinct people, sessions, studies and methods, for and against (F1)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Row, func, select
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
    """The strength of each insight, in three statements however many there are."""
    if not insight_ids:
        return {}
    rows = session.execute(
        select(
            EvidenceLink.insight_id,
            EvidenceLink.relation,
            EvidenceLink.evidence_date,
            Highlight.id.label("highlight_id"),
            Highlight.research_session_id,
            Highlight.source_text_id,
            Highlight.study_id,
            Highlight.participant_id,
            func.coalesce(ResearchSession.method, SourceText.method).label("method"),
        )
        .outerjoin(Highlight, Highlight.id == EvidenceLink.highlight_id)
        .outerjoin(SourceText, SourceText.id == Highlight.source_text_id)
        .outerjoin(ResearchSession, ResearchSession.id == Highlight.research_session_id)
        .where(EvidenceLink.insight_id.in_(insight_ids))
    ).all()
    people = _people(session, {row.research_session_id for row in rows if row.research_session_id})
    dates = _dates(session, insight_ids)
    by_insight: dict[int, list[Row[*tuple[object, ...]]]] = defaultdict(list)
    for row in rows:
        by_insight[row.insight_id].append(row)
    return {each: _strength(by_insight[each], people, dates.get(each, (None, None))) for each in insight_ids}


def _strength(
    rows: Iterable[Row[*tuple[object, ...]]],
    people: Mapping[int, frozenset[tuple[int, str]]],
    dates: tuple[date | None, date | None],
) -> Strength:
    support = [row for row in rows if row.relation is Relation.SUPPORTS]
    against = [row for row in rows if row.relation is Relation.CONTRADICTS]
    heard = _heard(support, people)
    days = [row.evidence_date for row in support] + ([dates[0]] if dates[0] else [])
    return Strength(
        people=len({person for person, _group in heard}),
        people_against=len({person for person, _group in _heard(against, people)}),
        sessions=len({row.source_text_id for row in support if row.source_text_id}),
        studies=len({row.study_id for row in support if row.study_id}),
        methods=len({row.method for row in support if row.method}),
        quotes=sum(row.highlight_id is not None for row in support),
        against=len(against),
        qualifying=sum(row.relation is Relation.QUALIFIES for row in rows),
        groups=tuple(sorted({group for _person, group in heard if group})),
        newest_on=max(days, default=None),
        component_changed_on=dates[1],
    )


def _heard(
    rows: Iterable[Row[*tuple[object, ...]]], people: Mapping[int, frozenset[tuple[int, str]]]
) -> set[tuple[int, str]]:
    """Whoever is named on the highlight, or else everyone in its session."""
    heard: set[tuple[int, str]] = set()
    for row in rows:
        present = people.get(row.research_session_id, frozenset())
        named = {pair for pair in present if pair[0] == row.participant_id}
        heard |= named or present
    return heard


def _people(session: Session, session_ids: Collection[int]) -> dict[int, frozenset[tuple[int, str]]]:
    if not session_ids:
        return {}
    rows = session.execute(
        select(session_participants.c.research_session_id, Participant.id, Participant.group)
        .join(Participant, Participant.id == session_participants.c.participant_id)
        .where(session_participants.c.research_session_id.in_(session_ids), Participant.withdrawn_at.is_(None))
    )
    found: dict[int, set[tuple[int, str]]] = defaultdict(set)
    for session_id, participant_id, group in rows:
        found[session_id].add((participant_id, group))
    return {session_id: frozenset(pairs) for session_id, pairs in found.items()}


def _dates(session: Session, insight_ids: Collection[int]) -> dict[int, tuple[date | None, date | None]]:
    """For each insight the latest confirming re-validation, and the latest change of its components."""
    looked: dict[int, date | None] = dict(
        session.execute(
            select(Revalidation.insight_id, func.max(Revalidation.on))
            .where(Revalidation.insight_id.in_(insight_ids), Revalidation.result != RevalidationResult.RETIRED)
            .group_by(Revalidation.insight_id)
        )
        .tuples()
        .all()
    )
    changed: dict[int, date | None] = dict(
        session.execute(
            select(insight_components.c.insight_id, func.max(Component.changed_on))
            .join(Component, Component.id == insight_components.c.component_id)
            .where(insight_components.c.insight_id.in_(insight_ids))
            .group_by(insight_components.c.insight_id)
        )
        .tuples()
        .all()
    )
    return {each: (looked.get(each), changed.get(each)) for each in insight_ids}


def _count(number: int, singular: str, plural: str) -> str:
    return f"{number:,} {singular if number == 1 else plural}"
