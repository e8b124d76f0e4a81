"""What a service can show, read once for all points: decisions, insights, links to points, changes, outcomes, evidence.

Scoped to whoever makes the pack; and since a pack leaves the house, nothing that rests on a restricted study is read at
all, also not for those who may see that study.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.inclusion import Heard, heard_of
from insights.capture.models import ResearchSession, SourceText, Study, session_participants
from insights.coding.models import Highlight, HighlightStatus
from insights.decisions.access import visible_decisions
from insights.decisions.models import (
    EVIDENCE_TYPES,
    Change,
    Decision,
    DecisionLink,
    DecisionStatus,
    Measure,
    OutcomeCheck,
)
from insights.openness.entries.evidence import rests_on_restricted
from insights.openness.models import StandardLink
from insights.people.models import Member, Participant
from insights.synthesis.access import visible_insights
from insights.synthesis.models import CITABLE, EvidenceLink, Insight, Relation


@dataclass(frozen=True, slots=True)
class CheckFact:
    decision_id: int
    verdict: str
    on: date
    measure: str
    unit: str
    baseline: float | None
    value: float | None


@dataclass(frozen=True, slots=True)
class QuoteFact:
    """`people` are ids of whoever may have said it: the speaker, or everybody in the session."""

    highlight_id: int
    insight_id: int
    words: str
    study_id: int
    people: frozenset[int]


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """`insights_of` maps a decision's id to the insights that it rests on, among those that may be told.

    `texts` holds by reference what is searched for the words of points, with case folded.
    """

    decisions: tuple[Decision, ...]
    insights: Mapping[int, Insight]
    insights_of: Mapping[int, tuple[int, ...]]
    links: tuple[StandardLink, ...]
    changes: Mapping[int, tuple[Change, ...]]
    checks: Mapping[int, tuple[CheckFact, ...]]
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class EvidenceFacts:
    """`heard` holds each person once, `codes` the words by which the records know them."""

    quotes: tuple[QuoteFact, ...]
    heard: Mapping[int, Heard]
    codes: frozenset[str]


def gather_service(session: Session, member: Member, service_id: int, standard: str) -> ServiceFacts:
    """Five statements, however much there is."""
    decisions = tuple(
        session.scalars(
            select(Decision)
            .where(
                Decision.service_id == service_id, Decision.status != DecisionStatus.DRAFT, visible_decisions(member)
            )
            .order_by(Decision.decided_on, Decision.id)
        )
    )
    ids = {each.id for each in decisions}
    insights, insights_of = _insights(session, member, service_id)
    links = session.scalars(
        select(StandardLink)
        .where(StandardLink.standard == standard, StandardLink.removed_at.is_(None))
        .order_by(StandardLink.id)
    )
    shown = tuple(each for each in links if each.decision_id in ids or each.insight_id in insights)
    changes: dict[int, list[Change]] = defaultdict(list)
    mine = select(Decision.id).where(Decision.service_id == service_id)
    for change in session.scalars(select(Change).where(Change.decision_id.in_(mine)).order_by(Change.id)):
        changes[change.decision_id].append(change)
    kept = {number: tuple(each) for number, each in changes.items()}
    texts = _texts(decisions, insights, insights_of)
    return ServiceFacts(decisions, insights, insights_of, shown, kept, _checks(session, mine), texts)


def gather_evidence(session: Session, member: Member, service_id: int) -> EvidenceFacts:
    """The quotes that support the service's insights, and the people behind them; one statement."""
    present = session_participants.c
    rows = session.execute(
        select(EvidenceLink.insight_id, Highlight.id, Highlight.exact, Highlight.study_id, Participant)
        .join(Highlight, Highlight.id == EvidenceLink.highlight_id)
        .join(Study, Study.id == Highlight.study_id)
        .join(SourceText, SourceText.id == Highlight.source_text_id)
        .outerjoin(
            session_participants,
            (present.research_session_id == Highlight.research_session_id) & Highlight.participant_id.is_(None),
        )
        .outerjoin(
            Participant,
            (Participant.id == func.coalesce(Highlight.participant_id, present.participant_id))
            & Participant.withdrawn_at.is_(None),
        )
        .where(
            # Asked once an insight, not once a quote of it.
            EvidenceLink.insight_id.in_(select(Insight.id).where(*_open(member, service_id))),
            EvidenceLink.relation == Relation.SUPPORTS,
            Highlight.status.in_((HighlightStatus.ACTIVE, HighlightStatus.ORPHANED)),
            SourceText.deleted_at.is_(None),
            visible_studies(member),
        )
        .order_by(EvidenceLink.insight_id, Highlight.id, Participant.id)
    ).all()
    people = {row.Participant.id: row.Participant for row in rows if row.Participant is not None}
    heard = dict(zip(people, heard_of(list(people.values())), strict=True))
    return EvidenceFacts(tuple(_quotes(rows)), heard, frozenset(each.code for each in people.values()))


def staff_names(session: Session) -> list[tuple[str, str]]:
    """Who moderated and who observed, as typed, in whatever study: no text of a pack may name them; one statement."""
    rows = session.execute(
        select(ResearchSession.moderator, ResearchSession.observers)
        .where(or_(ResearchSession.moderator != "", ResearchSession.observers != ""))
        .distinct()
    )
    return [(row.moderator, row.observers) for row in rows]


def _open(member: Member, service_id: int) -> tuple[Any, ...]:
    """That an insight may be told, and is of the service or under one of its decisions."""
    under = (
        select(DecisionLink.insight_id)
        .join(Decision, Decision.id == DecisionLink.decision_id)
        .where(Decision.service_id == service_id, DecisionLink.type.in_(EVIDENCE_TYPES))
    )
    return (
        Insight.status.in_(CITABLE),
        or_(Insight.service_id == service_id, Insight.id.in_(under)),
        visible_insights(member),
        ~rests_on_restricted(),
    )


def _insights(
    session: Session, member: Member, service_id: int
) -> tuple[Mapping[int, Insight], Mapping[int, tuple[int, ...]]]:
    rows = session.execute(
        select(Insight, DecisionLink.decision_id)
        .outerjoin(DecisionLink, (DecisionLink.insight_id == Insight.id) & DecisionLink.type.in_(EVIDENCE_TYPES))
        .where(*_open(member, service_id))
        .order_by(Insight.published_at, Insight.id)
    )
    insights: dict[int, Insight] = {}
    under: dict[int, list[int]] = defaultdict(list)
    for insight, decision_id in rows:
        insights[insight.id] = insight
        if decision_id is not None and insight.id not in under[decision_id]:
            under[decision_id].append(insight.id)
    return insights, {number: tuple(each) for number, each in under.items()}


def _texts(
    decisions: Iterable[Decision], insights: Mapping[int, Insight], insights_of: Mapping[int, tuple[int, ...]]
) -> Mapping[str, str]:
    found = {each.ref: f"{each.claim} {each.body}".casefold() for each in insights.values()}
    for each in decisions:
        claims = [insights[number].claim for number in insights_of.get(each.id, ())]
        found[each.ref] = " ".join([each.title, each.outcome, each.context, *claims]).casefold()
    return found


def _checks(session: Session, decisions: Select[Any]) -> Mapping[int, tuple[CheckFact, ...]]:
    rows = session.execute(
        select(OutcomeCheck, Measure.name, Measure.unit, Measure.baseline)
        .outerjoin(Measure, Measure.id == OutcomeCheck.measure_id)
        .where(OutcomeCheck.decision_id.in_(decisions), OutcomeCheck.verdict.is_not(None))
        .order_by(OutcomeCheck.due_on, OutcomeCheck.id)
    )
    found: dict[int, list[CheckFact]] = defaultdict(list)
    for check, measure, unit, baseline in rows:
        on, verdict = check.recorded_on or check.due_on, "" if check.verdict is None else check.verdict.value
        fact = CheckFact(check.decision_id, verdict, on, measure or "", unit or "", baseline, check.value)
        found[check.decision_id].append(fact)
    return {number: tuple(each) for number, each in found.items()}


def _quotes(rows: Sequence[Row[*tuple[Any, ...]]]) -> Iterable[QuoteFact]:
    people: dict[tuple[int, int], set[int]] = defaultdict(set)
    first: dict[tuple[int, int], Row[*tuple[Any, ...]]] = {}
    for row in rows:
        key = (row.insight_id, row.id)
        first.setdefault(key, row)
        people[key] |= set() if row.Participant is None else {row.Participant.id}
    for (insight_id, number), row in first.items():
        yield QuoteFact(number, insight_id, row.exact, row.study_id, frozenset(people[insight_id, number]))
