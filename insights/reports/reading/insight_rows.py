"""Insights with their versions and the strength of their evidence."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import TypeAlias

from sqlalchemy import RowMapping, String, cast, func, or_, select
from sqlalchemy.orm import Session, aliased

from insights.capture.access import visible_studies
from insights.capture.models import Study, session_participants
from insights.coding.models import Highlight
from insights.people.models import Component, Member, Participant, Service, Team
from insights.reports.days import local_day
from insights.reports.facts import (
    InsightFact,
    StudyFact,
    VersionFact,
)
from insights.reports.reading.selecting import Scope, columns_of, day_of, rows_of
from insights.synthesis.access import visible_insights
from insights.synthesis.models import (
    EvidenceLink,
    Insight,
    InsightKind,
    InsightVersion,
    Relation,
    Revalidation,
    RevalidationResult,
    insight_components,
)

# The versions of an insight, oldest first: number, moment as stored, fact.
Versions: TypeAlias = Mapping[int, list[tuple[int, datetime, VersionFact]]]


@dataclass(slots=True)
class _Strength:
    people: int = 0
    sessions: int = 0
    quotes: int = 0
    studies: int = 0
    newest_on: date | None = None


def read_versions(session: Session) -> Versions:
    """Only of insights that have more than one, for the others say it all in their row."""
    statement = select(
        InsightVersion.insight_id,
        InsightVersion.number,
        InsightVersion.at,
        InsightVersion.type,
        InsightVersion.fingerprint,
    ).join(Insight, Insight.id == InsightVersion.insight_id)
    found: defaultdict[int, list[tuple[int, datetime, VersionFact]]] = defaultdict(list)
    for row in rows_of(session, statement.where(Insight.version > 1).order_by(InsightVersion.number)):
        fact = VersionFact(local_day(row["at"]), row["type"], row["fingerprint"])
        found[row["insight_id"]].append((row["number"], row["at"], fact))
    return found


def read_evidence(session: Session, member: Member | None) -> list[RowMapping]:
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
    return list(rows_of(session, statement))


def strengths_of(evidence: Iterable[RowMapping]) -> dict[int, _Strength]:
    found: defaultdict[int, _Strength] = defaultdict(_Strength)
    for row in evidence:
        strength = found[row["insight_id"]]
        strength.people += row["people"]
        strength.sessions += row["sessions"]
        strength.quotes += row["quotes"]
        strength.studies += row["study_id"] is not None
        strength.newest_on = max(filter(None, (strength.newest_on, row["newest_on"])), default=None)
    return found


def studies_of(evidence: Iterable[RowMapping], seen: set[int]) -> list[StudyFact]:
    resting: defaultdict[tuple[int, str, int], list[int]] = defaultdict(list)
    for row in evidence:
        if row["study_id"] is not None and row["insight_id"] in seen:
            resting[row["study_id"], row["title"], row["team_id"]].append(row["insight_id"])
    return [StudyFact(*study, insight_ids=tuple(insights)) for study, insights in resting.items()]


def read_insights(
    session: Session, member: Member | None, scope: Scope, versions: Versions, strengths: Mapping[int, _Strength]
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
            *columns_of(Insight, _INSIGHT_COLUMNS),
            Insight.published_at,
            Insight.ended_at,
            Service.name.label("service"),
            owner.name.label("owner"),
            # As text, which is read once for each team instead of once for each insight.
            cast(Team.settings, String).label("settings"),
            looked_again.label("looked_again_on"),
            component_changed.label("component_changed_on"),
        )
        .outerjoin(Service, Service.id == Insight.service_id)
        .outerjoin(owner, owner.id == Insight.owner_id)
        .outerjoin(Team, Team.id == Insight.team_id)
        .where(visible_insights(member))
        .order_by(Insight.id)
    )
    return [_insight(row, scope, versions, strengths) for row in rows_of(session, statement)]


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


def _insight(row: RowMapping, scope: Scope, versions: Versions, strengths: Mapping[int, _Strength]) -> InsightFact:
    strength = strengths.get(row["id"]) or _Strength()
    return InsightFact(
        **{name: row[name] for name in _INSIGHT_COLUMNS},
        service=row["service"] or "",
        owner=row["owner"] or "",
        published_on=day_of(row["published_at"]),
        ended_on=day_of(row["ended_at"]),
        in_scope=scope.holds(row["service_id"], row["team_id"]),
        versions=tuple(fact for _, _, fact in versions.get(row["id"], ())),
        people=strength.people,
        sessions=strength.sessions,
        quotes=strength.quotes,
        studies=strength.studies,
        newest_evidence_on=max(filter(None, (strength.newest_on, row["looked_again_on"])), default=None),
        component_changed_on=row["component_changed_on"],
        half_lives=_half_lives(row["settings"] or "{}"),
    )


@lru_cache(maxsize=1_000)
def _half_lives(settings: str) -> Mapping[str, float]:
    given = json.loads(settings).get("half_life_months", {})
    if not isinstance(given, Mapping):
        return MappingProxyType({})
    months = {kind.value: given.get(kind.value) for kind in InsightKind}
    return MappingProxyType(
        {kind: float(value) for kind, value in months.items() if isinstance(value, int | float) and value > 0}
    )
