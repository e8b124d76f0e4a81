"""Insights, decisions and recommendations among the hits: how strong they are, and what has become of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import Session

from insights.capture.models import session_participants
from insights.coding.models import Highlight
from insights.core.clock import today
from insights.core.text import plain_words
from insights.decisions.access import visible_decisions
from insights.decisions.disposition import Disposition, DispositionState
from insights.decisions.dispositions import dispositions
from insights.decisions.models import Decision, DecisionLink, DecisionStatus, DeliveryState
from insights.people.models import Component, Member, Service, Team
from insights.reports.days import age_in_days, local_day
from insights.synthesis.access import visible_insights, visible_recommendations
from insights.synthesis.freshness import FreshnessState, assess_freshness
from insights.synthesis.models import (
    CITABLE,
    Contradiction,
    ContradictionStatus,
    EvidenceLink,
    Insight,
    InsightType,
    Recommendation,
    Relation,
    Revalidation,
    RevalidationResult,
    insight_components,
)
from insights.synthesis.strength import Strength
from research_hub.web.search.rows import RecordRow, Scope, State, joined
from research_hub.web.words import count, day, words


@dataclass(frozen=True, slots=True)
class InsightLine:
    """An insight with what is said beside it everywhere."""

    insight: Insight
    strength: Strength
    freshness: FreshnessState
    contradicted: bool
    disposition: Disposition

    @property
    def confidence(self) -> str:
        return f"{words(self.insight.confidence)} confidence" if self.insight.confidence else ""


def insight_lines(session: Session, member: Member, ids: Collection[int]) -> list[InsightLine]:
    """Insights that the member may see, in four statements however many."""
    if not ids:
        return []
    rows = session.execute(_insights(member).where(Insight.id.in_(ids))).all()
    became = dispositions(session, [row[0].id for row in rows])
    return [_insight_line(row, became[row[0].id], today(session)) for row in rows]


def insight_rows(session: Session, scope: Scope, ids: Collection[int]) -> list[RecordRow]:
    on = today(session)
    return [
        RecordRow(
            ref=line.insight.ref,
            kind="insight",
            title=line.insight.claim,
            meta=joined(line.strength.in_words, line.confidence),
            states=tuple(insight_states(line, on)),
            text=plain_words(line.insight.body),
            dated_on=None if line.insight.published_at is None else local_day(line.insight.published_at),
        )
        for line in insight_lines(session, scope.member, ids)
    ]


def insight_states(line: InsightLine, on: date) -> list[State]:
    """The answer it got or waits for, then what speaks against leaning on it."""
    if line.insight.status not in CITABLE:
        return [State(words(line.insight.status), "warn")]
    states = [_answer(line, on)] if line.insight.type is InsightType.ACTIONABLE else [State("informative")]
    if line.contradicted:
        states.append(State("contradicted", "bad"))
    if line.freshness is not FreshnessState.FRESH:
        states.append(State(words(line.freshness), "warn" if line.freshness is FreshnessState.STALE else "plain"))
    return states


def decision_rows(session: Session, scope: Scope, ids: Collection[int]) -> list[RecordRow]:
    if not ids:
        return []
    resting_on = (
        select(func.count(Insight.id.distinct()))
        .join(DecisionLink, DecisionLink.insight_id == Insight.id)
        .where(DecisionLink.decision_id == Decision.id, visible_insights(scope.member))
        .correlate(Decision)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Decision, Service.name, resting_on)
        .outerjoin(Service, Service.id == Decision.service_id)
        .where(Decision.id.in_(ids), visible_decisions(scope.member))
    )
    return [_decision_row(*row) for row in rows]


def recommendation_rows(session: Session, scope: Scope, ids: Collection[int]) -> list[RecordRow]:
    """Those of which the member may see every insight that they rest on."""
    if not ids:
        return []
    rows = session.execute(
        select(Recommendation, Member.name)
        .outerjoin(Member, Member.id == Recommendation.addressee_id)
        .where(Recommendation.id.in_(ids), visible_recommendations(scope.member))
    )
    return [
        RecordRow(
            ref=each.ref,
            kind="recommendation",
            title=each.text,
            meta=joined("recommendation", f"to {addressee}" if addressee else "", day(each.issued_on)),
            states=(State(words(each.status)),),
            dated_on=each.issued_on,
        )
        for each, addressee in rows
    ]


def _insights(member: Member) -> Select[*tuple[Any, ...]]:
    """One row an insight; everything counted beside it in the same statement."""
    supports = (EvidenceLink.insight_id == Insight.id, EvidenceLink.relation == Relation.SUPPORTS)
    quoted = select(Highlight).join(EvidenceLink, EvidenceLink.highlight_id == Highlight.id).where(*supports)
    person = func.coalesce(Highlight.participant_id, session_participants.c.participant_id)
    heard = quoted.outerjoin(
        session_participants,
        (session_participants.c.research_session_id == Highlight.research_session_id)
        & Highlight.participant_id.is_(None),
    )
    return (
        select(
            Insight,
            Team.settings,
            _one(heard, func.count(person.distinct())).label("people"),
            _one(quoted, func.count(Highlight.study_id.distinct())).label("studies"),
            _one(quoted, func.count(Highlight.id)).label("quotes"),
            _one(select(EvidenceLink).where(*supports), func.max(EvidenceLink.evidence_date)).label("newest_on"),
            _one(
                select(Revalidation).where(
                    Revalidation.insight_id == Insight.id, Revalidation.result != RevalidationResult.RETIRED
                ),
                func.max(Revalidation.on),
            ).label("looked_again_on"),
            _one(
                select(Component)
                .join(insight_components, insight_components.c.component_id == Component.id)
                .where(insight_components.c.insight_id == Insight.id),
                func.max(Component.changed_on),
            ).label("component_changed_on"),
            _one(
                select(Contradiction).where(
                    Contradiction.status == ContradictionStatus.OPEN,
                    or_(Contradiction.insight_id == Insight.id, Contradiction.other_insight_id == Insight.id),
                ),
                func.count(Contradiction.id),
            ).label("contradictions"),
        )
        .join(Team, Team.id == Insight.team_id)
        .where(visible_insights(member))
    )


def _one(query: Select[*tuple[Any, ...]], value: ColumnElement[Any]) -> ColumnElement[Any]:
    return query.with_only_columns(value).correlate(Insight).scalar_subquery()


def _insight_line(row: Row[*tuple[Any, ...]], disposition: Disposition, on: date) -> InsightLine:
    insight: Insight = row.Insight
    newest = max((each for each in (row.newest_on, row.looked_again_on) if each is not None), default=None)
    freshness = assess_freshness(
        insight.kind,
        newest,
        on,
        component_changed_on=row.component_changed_on,
        half_lives=row.settings.get("half_life_months"),
    )
    return InsightLine(
        insight=insight,
        strength=Strength(people=row.people, studies=row.studies, quotes=row.quotes, newest_on=newest),
        freshness=freshness.state,
        contradicted=row.contradictions > 0,
        disposition=disposition,
    )


def _answer(line: InsightLine, on: date) -> State:
    found = line.disposition
    if found.state is DispositionState.ACTED_ON:
        return State("acted on", "ok")
    if found.state is DispositionState.PARKED:
        return State(f"parked until {day(found.until)}" if found.until else "parked")
    if found.state is not DispositionState.OPEN:
        return State("closed without action" if found.state is DispositionState.NO_ACTION else words(found.state))
    published = on if line.insight.published_at is None else local_day(line.insight.published_at)
    return State(f"on the shelf for {count(age_in_days(published, on), 'day')}", "warn")


def _decision_row(decision: Decision, service: str | None, insights: int) -> RecordRow:
    live = decision.delivery_state is DeliveryState.LIVE
    resting = f"rests on {count(insights, 'insight')}" if insights else "rests on no insight"
    held = decision.status is DecisionStatus.ACCEPTED
    return RecordRow(
        ref=decision.ref,
        kind="decision",
        title=decision.title,
        meta=joined(
            words(decision.status) + (f" {day(decision.decided_on)}" if decision.decided_on else ""),
            (f"live since {day(decision.live_on)}" if decision.live_on else "live") if live else "",
            service,
        ),
        states=(State(resting, "ok" if insights and held else "plain"),),
        dated_on=decision.decided_on,
    )
