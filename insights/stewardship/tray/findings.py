"""Insights, decisions and recommendations among the gathered: how strong they are, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.clock import local_day
from insights.core.text import plain_words
from insights.decisions.access import visible_decisions
from insights.decisions.disposition import Disposition, DispositionState
from insights.decisions.dispositions import dispositions
from insights.decisions.models import Decision, DecisionStatus
from insights.decisions.queries.resting import insights_under
from insights.people.models import Member, Team
from insights.stewardship.tray.row import GatheredRow, Tone, count, words
from insights.synthesis.access import visible_recommendations
from insights.synthesis.freshness import FreshnessState
from insights.synthesis.models import CITABLE, InsightType, Recommendation
from insights.synthesis.queries import InsightFilter, InsightRow, list_insights


def insight_rows(session: Session, member: Member, ids: list[int]) -> Iterable[GatheredRow]:
    if not ids:
        return []
    rows = list_insights(session, member, InsightFilter(ids=ids), limit=None)
    became = dispositions(session, [row.id for row in rows])
    return [_insight(row, became[row.id]) for row in rows]


def _insight(row: InsightRow, became: Disposition) -> GatheredRow:
    confidence = f", {words(row.confidence)} confidence" if row.confidence else ""
    return GatheredRow(
        ref=row.ref,
        kind="insight",
        text=row.claim,
        by=row.team,
        dated_on=None if row.published_at is None else local_day(row.published_at),
        where=row.service,
        strength=row.strength.in_words + confidence,
        states=tuple(_insight_states(row, became)),
        version=f"version {row.version}",
        pin=row.version,
        can_carry=row.status in CITABLE,
    )


def _insight_states(row: InsightRow, became: Disposition) -> Iterable[tuple[str, Tone]]:
    if row.status not in CITABLE:
        yield words(row.status), "warn"
        return
    yield words(row.status), "ok" if row.status == "published" else "warn"
    if row.type == InsightType.INFORMATIVE:
        yield "informative", "plain"
    elif became.state is DispositionState.ACTED_ON:
        yield "acted on", "ok"
    else:
        yield (
            {"open": "no answer yet", "no_action": "closed without action"}.get(
                became.state.value, words(became.state)
            ),
            "plain",
        )
    if row.contradicted:
        yield "contradicted", "bad"
    if row.freshness.state is not FreshnessState.FRESH:
        yield row.freshness.state.value, "warn" if row.freshness.state is FreshnessState.STALE else "plain"


def decision_rows(session: Session, member: Member, ids: list[int]) -> Iterable[GatheredRow]:
    if not ids:
        return []
    rows = session.execute(
        select(Decision, Team.name.label("team"), insights_under(member).label("insights"))
        .join(Team, Team.id == Decision.team_id)
        .where(Decision.id.in_(ids), visible_decisions(member))
    )
    return [_decision(*row) for row in rows]


def _decision(decision: Decision, team: str, insights: int) -> GatheredRow:
    return GatheredRow(
        ref=decision.ref,
        kind="decision",
        text=decision.title,
        by=team,
        dated_on=decision.decided_on,
        strength=f"rests on {count(insights, 'insight')}" if insights else "rests on no insight",
        states=((words(decision.status), "ok" if decision.status is DecisionStatus.ACCEPTED else "plain"),),
        version=f"revision {decision.row_version}",
    )


def recommendation_rows(session: Session, member: Member, ids: list[int]) -> Iterable[GatheredRow]:
    if not ids:
        return []
    rows = session.execute(
        select(Recommendation, Team.name)
        .join(Team, Team.id == Recommendation.team_id)
        .where(Recommendation.id.in_(ids), visible_recommendations(member))
    )
    return [
        GatheredRow(
            ref=each.ref,
            kind="recommendation",
            text=plain_words(each.text),
            by=team,
            dated_on=each.issued_on,
            states=((words(each.status), "plain"),),
            version=f"revision {each.row_version}",
        )
        for each, team in rows
    ]
