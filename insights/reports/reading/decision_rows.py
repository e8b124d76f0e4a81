"""Decisions with their links, measures and checks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.decisions.access import visible_decisions
from insights.decisions.models import Decision, DecisionLink, Measure, OutcomeCheck, Reading
from insights.people.models import Member, Service
from insights.reports.days import local_day
from insights.reports.facts import (
    CheckFact,
    DecisionFact,
    LinkFact,
    MeasureFact,
    VersionFact,
)
from insights.reports.reading.insight_rows import Versions
from insights.reports.reading.selecting import Scope, columns_of, quick_local_day, rows_of

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


def read_decisions(session: Session, member: Member | None, scope: Scope) -> list[DecisionFact]:
    statement = (
        select(
            *columns_of(Decision, _DECISION_COLUMNS),
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
        for row in rows_of(session, statement)
    ]


def read_links(session: Session, versions: Versions) -> list[LinkFact]:
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
    return [_link(row, versions) for row in session.execute(statement)]


def _link(row: Any, versions: Versions) -> LinkFact:  # noqa: ANN401 - a row of the statement above
    linked_on = quick_local_day(row.created_at)
    return LinkFact(
        id=row.id,
        insight_id=row.insight_id,
        decision_id=row.decision_id,
        type=row.type,
        linked_on=linked_on,
        affirmed_on=quick_local_day(row.affirmed_at),
        fingerprint=row.fingerprint,
        first_fingerprint=_pinned_at(versions.get(row.insight_id), row.created_at, row.fingerprint),
        rationale=row.rationale,
    )


def _pinned_at(versions: list[tuple[int, datetime, VersionFact]] | None, moment: datetime, pinned: str) -> str:
    """What a link made at that moment pinned first: the version of the moment, where more than one is known."""
    if versions is None:
        return pinned
    known = [fact.fingerprint for _, at, fact in versions if at <= moment]
    return known[-1] if known else pinned


def read_checks(session: Session) -> list[CheckFact]:
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
    return [CheckFact(**row) for row in rows_of(session, statement)]


def read_measures(session: Session) -> list[MeasureFact]:
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
