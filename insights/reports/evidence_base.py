"""Reads what one member may see into an `EvidenceBase`, in at most ten statements however many rows there are.

    load_evidence_base(session, member, *, service_id=None, team_id=None) -> EvidenceBase

Rows of hidden insights and decisions are dropped with everything that hangs on them, so figures can tell nothing of a
study that the member may not see. Service and team do not narrow what is read but set `in_scope`: a decision of one
service may rest on an insight of another.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from insights.core.clock import today
from insights.people.models import Member
from insights.reports.facts import (
    EvidenceBase,
    evidence_base,
)
from insights.reports.reading.answer_rows import read_contradictions, read_events, read_recommendations
from insights.reports.reading.decision_rows import read_checks, read_decisions, read_links, read_measures
from insights.reports.reading.insight_rows import read_evidence, read_insights, read_versions, strengths_of, studies_of
from insights.reports.reading.selecting import Scope
from insights.reports.uncollected import uncollected


def load_evidence_base(
    session: Session,
    member: Member | None,
    *,
    service_id: int | None = None,
    team_id: int | None = None,
    with_strength: bool = True,
    with_answers: bool = True,
) -> EvidenceBase:
    """What `member` may see, with `today` of the session's clock. Nobody (None) sees nothing.

    For reports that say nothing of them, two parts can be left unread: the strength (the people, sessions, quotes and
    studies behind an insight and the day of the newest, two thirds of the time in a large organisation) and the answers
    (recommendations and dispositions).
    """
    with uncollected():
        scope = Scope(service_id, team_id)
        versions = read_versions(session)
        evidence = read_evidence(session, member) if with_strength else []
        insights = read_insights(session, member, scope, versions, strengths_of(evidence))
        seen = {insight.id for insight in insights}
        return evidence_base(
            today(session),
            insights=insights,
            decisions=read_decisions(session, member, scope),
            links=read_links(session, versions),
            checks=read_checks(session),
            measures=read_measures(session),
            recommendations=read_recommendations(session, scope) if with_answers else (),
            contradictions=read_contradictions(session, seen),
            studies=studies_of(evidence, seen),
            events=read_events(session) if with_answers else None,
        )
