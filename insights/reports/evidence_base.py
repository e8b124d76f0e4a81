"""Reads what one member may see into an `EvidenceBase`, in at most ten statements however many rows there are.

    load_evidence_base(session, member, *, service_id=None, team_id=None) -> EvidenceBase

Rows of hidden insights and decisions are dropped with everything that hangs on them, so figures can tell nothing of a
study that the member may not see. Service and team do not narrow what is read but set `in_scope`: a decision of one
service may rest on an insight of another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Executable, RowMapping, func, or_, select
from sqlalchemy.orm import Session, aliased

from insights.capture.access import visible_studies
from insights.capture.models import Study, session_participants
from insights.coding.models import Highlight
from insights.core.clock import today
from insights.decisions.access import visible_decisions
from insights.decisions.disposition import EventFact
from insights.decisions.models import Decision, DecisionLink, Measure, OutcomeCheck, Reading
from insights.people.models import Component, Member, Participant, Service, Team
from insights.reports.days import local_day
from insights.reports.facts import (
    CheckFact,
    ContradictionFact,
    DecisionFact,
    EvidenceBase,
    InsightFact,
    LinkFact,
    MeasureFact,
    RecommendationFact,
    StudyFact,
    VersionFact,
    evidence_base,
)
from insights.synthesis.access import visible_insights
from insights.synthesis.models import (
    Contradiction,
    ContradictionStatus,
    DispositionEvent,
    EvidenceLink,
    Insight,
    InsightKind,
    InsightVersion,
    Recommendation,
    Relation,
    Revalidation,
    RevalidationResult,
    insight_components,
    recommendation_insights,
)

# The versions of an insight, oldest first: number, moment as stored, fact.
_Versions: TypeAlias = Mapping[int, list[tuple[int, datetime, VersionFact]]]


@dataclass(frozen=True, slots=True)
class Scope:
    """None stands for all."""

    service_id: int | None = None
    team_id: int | None = None

    def holds(self, service_id: int | None, team_id: int | None) -> bool:
        return self.service_id in {None, service_id} and self.team_id in {None, team_id}


def load_evidence_base(
    session: Session, member: Member | None, *, service_id: int | None = None, team_id: int | None = None
) -> EvidenceBase:
    """What `member` may see, with `today` of the session's clock. Nobody (None) sees nothing."""
    scope = Scope(service_id, team_id)
    versions = _versions(session)
    evidence = _evidence(session, member)
    insights = _insights(session, member, scope, versions, _strengths(evidence))
    seen = {insight.id for insight in insights}
    return evidence_base(
        today(session),
        insights=insights,
        decisions=_decisions(session, member, scope),
        links=_links(session, versions),
        checks=_checks(session),
        measures=_measures(session),
        recommendations=_recommendations(session, scope),
        contradictions=_contradictions(session, seen),
        studies=_studies(evidence, seen),
        events=_events(session),
    )


@dataclass(slots=True)
class _Strength:
    people: int = 0
    sessions: int = 0
    quotes: int = 0
    studies: int = 0
    newest_on: date | None = None


def _versions(session: Session) -> _Versions:
    """Only of insights that have more than one, for the others say it all in their row."""
    statement = select(
        InsightVersion.insight_id,
        InsightVersion.number,
        InsightVersion.at,
        InsightVersion.type,
        InsightVersion.fingerprint,
    ).join(Insight, Insight.id == InsightVersion.insight_id)
    found: defaultdict[int, list[tuple[int, datetime, VersionFact]]] = defaultdict(list)
    for row in _rows(session, statement.where(Insight.version > 1).order_by(InsightVersion.number)):
        fact = VersionFact(local_day(row["at"]), row["type"], row["fingerprint"])
        found[row["insight_id"]].append((row["number"], row["at"], fact))
    return found


def _evidence(session: Session, member: Member | None) -> list[RowMapping]:
    """Counts by insight and study. Participants and sessions belong to one study, so the counts add up.

    A quote that names nobody counts the people of its session; who has withdrawn is counted no more.
    """
    in_session = session_participants.c
    person = func.coalesce(Highlight.participant_id, in_session.participant_id)
    statement = (
        select(
            EvidenceLink.insight_id,
            Highlight.study_id,
            Study.title,
            Study.team_id,
            func.count(Participant.id.distinct()).label("people"),
            func.count(Highlight.research_session_id.distinct()).label("sessions"),
            func.count(Highlight.id.distinct()).label("quotes"),
            func.max(EvidenceLink.evidence_date).label("newest_on"),
        )
        .select_from(EvidenceLink)
        .outerjoin(Highlight, Highlight.id == EvidenceLink.highlight_id)
        .outerjoin(Study, Study.id == Highlight.study_id)
        .outerjoin(
            session_participants,
            (in_session.research_session_id == Highlight.research_session_id) & Highlight.participant_id.is_(None),
        )
        .outerjoin(Participant, (Participant.id == person) & Participant.withdrawn_at.is_(None))
        .where(EvidenceLink.relation == Relation.SUPPORTS, or_(Study.id.is_(None), visible_studies(member)))
        .group_by(EvidenceLink.insight_id, Highlight.study_id, Study.title, Study.team_id)
    )
    return list(_rows(session, statement))


def _strengths(evidence: Iterable[RowMapping]) -> dict[int, _Strength]:
    found: defaultdict[int, _Strength] = defaultdict(_Strength)
    for row in evidence:
        strength = found[row["insight_id"]]
        strength.people += row["people"]
        strength.sessions += row["sessions"]
        strength.quotes += row["quotes"]
        strength.studies += row["study_id"] is not None
        strength.newest_on = max(filter(None, (strength.newest_on, row["newest_on"])), default=None)
    return found


def _studies(evidence: Iterable[RowMapping], seen: set[int]) -> list[StudyFact]:
    resting: defaultdict[tuple[int, str, int], list[int]] = defaultdict(list)
    for row in evidence:
        if row["study_id"] is not None and row["insight_id"] in seen:
            resting[row["study_id"], row["title"], row["team_id"]].append(row["insight_id"])
    return [StudyFact(*study, insight_ids=tuple(insights)) for study, insights in resting.items()]


def _insights(
    session: Session, member: Member | None, scope: Scope, versions: _Versions, strengths: Mapping[int, _Strength]
) -> list[InsightFact]:
    owner = aliased(Member)
    looked_again = (
        select(func.max(Revalidation.on))
        .where(Revalidation.insight_id == Insight.id, Revalidation.result != RevalidationResult.RETIRED)
        .correlate(Insight)
        .scalar_subquery()
    )
    component_changed = (
        select(func.max(Component.changed_on))
        .join(insight_components, insight_components.c.component_id == Component.id)
        .where(insight_components.c.insight_id == Insight.id)
        .correlate(Insight)
        .scalar_subquery()
    )
    statement = (
        select(
            *_columns(Insight, _INSIGHT_COLUMNS),
            Insight.published_at,
            Insight.ended_at,
            Service.name.label("service"),
            owner.name.label("owner"),
            Team.settings,
            looked_again.label("looked_again_on"),
            component_changed.label("component_changed_on"),
        )
        .outerjoin(Service, Service.id == Insight.service_id)
        .outerjoin(owner, owner.id == Insight.owner_id)
        .outerjoin(Team, Team.id == Insight.team_id)
        .where(visible_insights(member))
        .order_by(Insight.id)
    )
    return [_insight(row, scope, versions, strengths) for row in _rows(session, statement)]


_INSIGHT_COLUMNS = (
    "id",
    "claim",
    "type",
    "kind",
    "status",
    "confidence",
    "fingerprint",
    "team_id",
    "service_id",
    "owner_id",
    "superseded_by_id",
    "legacy",
)


def _insight(row: RowMapping, scope: Scope, versions: _Versions, strengths: Mapping[int, _Strength]) -> InsightFact:
    strength = strengths.get(row["id"]) or _Strength()
    return InsightFact(
        **{name: row[name] for name in _INSIGHT_COLUMNS},
        service=row["service"] or "",
        owner=row["owner"] or "",
        published_on=_day(row["published_at"]),
        ended_on=_day(row["ended_at"]),
        in_scope=scope.holds(row["service_id"], row["team_id"]),
        versions=tuple(fact for _, _, fact in versions.get(row["id"], ())),
        people=strength.people,
        sessions=strength.sessions,
        quotes=strength.quotes,
        studies=strength.studies,
        newest_evidence_on=max(filter(None, (strength.newest_on, row["looked_again_on"])), default=None),
        component_changed_on=row["component_changed_on"],
        half_lives=_half_lives(row["settings"] or {}),
    )


def _half_lives(settings: Mapping[str, Any]) -> dict[str, float]:
    given = settings.get("half_lives", settings)
    if not isinstance(given, Mapping):
        return {}
    months = {kind.value: given.get(kind.value) for kind in InsightKind}
    return {kind: float(value) for kind, value in months.items() if isinstance(value, int | float) and value > 0}


_DECISION_COLUMNS = (
    "id",
    "title",
    "status",
    "decided_on",
    "ended_on",
    "superseded_by_id",
    "basis",
    "delivery_state",
    "live_on",
    "team_id",
    "service_id",
    "owner_id",
    "legacy",
)


def _decisions(session: Session, member: Member | None, scope: Scope) -> list[DecisionFact]:
    statement = (
        select(
            *_columns(Decision, _DECISION_COLUMNS),
            Decision.not_measurable_reason,
            Service.name.label("service"),
            Member.name.label("owner"),
        )
        .outerjoin(Service, Service.id == Decision.service_id)
        .outerjoin(Member, Member.id == Decision.owner_id)
        .where(visible_decisions(member))
        .order_by(Decision.id)
    )
    return [
        DecisionFact(
            **{name: row[name] for name in _DECISION_COLUMNS},
            measurable=not row["not_measurable_reason"],
            service=row["service"] or "",
            owner=row["owner"] or "",
            in_scope=scope.holds(row["service_id"], row["team_id"]),
        )
        for row in _rows(session, statement)
    ]


def _links(session: Session, versions: _Versions) -> list[LinkFact]:
    statement = select(
        DecisionLink.id,
        DecisionLink.insight_id,
        DecisionLink.decision_id,
        DecisionLink.type,
        DecisionLink.created_at,
        DecisionLink.affirmed_at,
        DecisionLink.fingerprint,
        DecisionLink.rationale,
    ).order_by(DecisionLink.id)
    return [
        LinkFact(
            id=row.id,
            insight_id=row.insight_id,
            decision_id=row.decision_id,
            type=row.type,
            linked_on=local_day(row.created_at),
            affirmed_on=local_day(row.affirmed_at),
            fingerprint=row.fingerprint,
            first_fingerprint=_pinned_at(versions.get(row.insight_id, ()), row.created_at, row.fingerprint),
            rationale=row.rationale,
        )
        for row in session.execute(statement)
    ]


def _pinned_at(versions: Iterable[tuple[int, datetime, VersionFact]], moment: datetime, pinned: str) -> str:
    """What a link made at that moment pinned first: the version of the moment, where more than one is known."""
    known = [fact.fingerprint for _, at, fact in versions if at <= moment]
    return known[-1] if known else pinned


def _checks(session: Session) -> list[CheckFact]:
    statement = (
        select(
            OutcomeCheck.id,
            OutcomeCheck.decision_id,
            OutcomeCheck.due_on,
            OutcomeCheck.recorded_on,
            OutcomeCheck.verdict,
            OutcomeCheck.owner_id,
            func.coalesce(Member.name, "").label("owner"),
        )
        .outerjoin(Member, Member.id == OutcomeCheck.owner_id)
        .order_by(OutcomeCheck.id)
    )
    return [CheckFact(**row) for row in _rows(session, statement)]


def _measures(session: Session) -> list[MeasureFact]:
    statement = (
        select(
            Measure.id, Measure.decision_id, Measure.name, Measure.created_at, func.count(Reading.id).label("readings")
        )
        .outerjoin(Reading, Reading.measure_id == Measure.id)
        .group_by(Measure.id, Measure.decision_id, Measure.name, Measure.created_at)
        .order_by(Measure.id)
    )
    return [
        MeasureFact(row.id, row.decision_id, row.name, local_day(row.created_at), row.readings)
        for row in session.execute(statement)
    ]


def _recommendations(session: Session, scope: Scope) -> list[RecommendationFact]:
    """One row comes for each pair of recommendation and insight; they are gathered here."""
    statement = (
        select(
            Recommendation.id,
            Recommendation.text,
            Recommendation.issued_on,
            Recommendation.status,
            Recommendation.responded_on,
            Recommendation.due_on,
            Recommendation.service_id,
            Recommendation.team_id,
            Recommendation.addressee_id,
            func.coalesce(Service.name, "").label("service"),
            func.coalesce(Member.name, "").label("addressee"),
            recommendation_insights.c.insight_id,
        )
        .outerjoin(recommendation_insights, recommendation_insights.c.recommendation_id == Recommendation.id)
        .outerjoin(Service, Service.id == Recommendation.service_id)
        .outerjoin(Member, Member.id == Recommendation.addressee_id)
        .order_by(Recommendation.id)
    )
    gathered: dict[int, tuple[dict[str, Any], list[int]]] = {}
    for row in _rows(session, statement):
        values = dict(row)
        insight_id, team_id = values.pop("insight_id"), values.pop("team_id")
        values["in_scope"] = scope.holds(values["service_id"], team_id)
        _, insights = gathered.setdefault(values["id"], (values, []))
        if insight_id is not None:
            insights.append(insight_id)
    return [RecommendationFact(**values, insight_ids=tuple(found)) for values, found in gathered.values()]


def _contradictions(session: Session, seen: set[int]) -> list[ContradictionFact]:
    """A contradiction marks both insights; one with an insight out of sight is left out."""
    statement = select(
        Contradiction.id,
        Contradiction.insight_id,
        Contradiction.other_insight_id,
        Contradiction.status,
        Contradiction.created_at,
        Contradiction.settled_at,
    ).order_by(Contradiction.id)
    found = []
    for row in session.execute(statement):
        sides = {side for side in (row.insight_id, row.other_insight_id) if side is not None}
        opened_on, settled_on = local_day(row.created_at), _day(row.settled_at)
        if row.status is not ContradictionStatus.OPEN and settled_on is None:
            settled_on = opened_on
        if sides <= seen:
            found += [ContradictionFact(row.id, side, opened_on, settled_on) for side in sorted(sides)]
    return found


def _events(session: Session) -> dict[int, tuple[EventFact, ...]]:
    statement = select(
        DispositionEvent.insight_id,
        DispositionEvent.kind,
        DispositionEvent.at,
        DispositionEvent.until,
        DispositionEvent.reason,
    ).order_by(DispositionEvent.at, DispositionEvent.id)
    found: defaultdict[int, list[EventFact]] = defaultdict(list)
    for row in session.execute(statement):
        found[row.insight_id].append(EventFact(row.kind, local_day(row.at), row.until, row.reason))
    return {insight_id: tuple(events) for insight_id, events in found.items()}


def _columns(model: type[Any], names: Iterable[str]) -> list[ColumnElement[Any]]:
    return [getattr(model, name) for name in names]


def _rows(session: Session, statement: Executable) -> Iterable[RowMapping]:
    return session.execute(statement).mappings()


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else local_day(moment)
