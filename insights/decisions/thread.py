"""The thread: how many studies, sessions, quotes, insights, decisions and outcomes hang on one record.

Counts are of what the member may see; each thread is one statement.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Label, Row, Select, func, select
from sqlalchemy.orm import Session, aliased

from insights.capture.access import visible_studies
from insights.capture.models import SourceText, Study
from insights.coding.models import Highlight, HighlightStatus
from insights.decisions.access import visible_decisions
from insights.decisions.models import Decision, DecisionLink, OutcomeCheck
from insights.people.models import Member
from insights.synthesis.access import visible_insights
from insights.synthesis.models import EvidenceLink, Insight, theme_highlights

_Ids = Select[int]


@dataclass(frozen=True, slots=True)
class Thread:
    """`verdict` is the latest recorded one, `next_check` the day of the next open check as ISO text or ''."""

    studies: int
    sessions: int
    quotes: int
    insights: int
    decisions: int
    checks: int
    verdict: str
    next_check: str


def thread_of_study(session: Session, member: Member, study_id: int) -> Thread:
    quotes = _quotes(member).where(Highlight.study_id == study_id)
    sources = select(SourceText.id).where(SourceText.study_id == study_id, SourceText.deleted_at.is_(None))
    insights = _insights_on(member, quotes)
    return _counted(
        session,
        studies=select(Study.id).where(Study.id == study_id),
        sources=sources,
        quotes=quotes,
        insights=insights,
        decisions=_decisions_on(member, insights),
    )


def thread_of_source(session: Session, member: Member, source_id: int) -> Thread:
    quotes = _quotes(member).where(Highlight.source_text_id == source_id)
    insights = _insights_on(member, quotes)
    return _counted(
        session,
        studies=select(SourceText.study_id).where(SourceText.id == source_id),
        sources=select(SourceText.id).where(SourceText.id == source_id),
        quotes=quotes,
        insights=insights,
        decisions=_decisions_on(member, insights),
    )


def thread_of_theme(session: Session, member: Member, theme_id: int) -> Thread:
    held = select(theme_highlights.c.highlight_id).where(theme_highlights.c.theme_id == theme_id)
    quotes = _quotes(member).where(Highlight.id.in_(held))
    insights = _insights_on(member, quotes)
    return _counted(
        session,
        studies=_studies_of(quotes),
        sources=_sources_of(quotes),
        quotes=quotes,
        insights=insights,
        decisions=_decisions_on(member, insights),
    )


def thread_of_insight(session: Session, member: Member, insight_id: int) -> Thread:
    quotes = _quotes_under(member, select(Insight.id).where(Insight.id == insight_id))
    insights = select(Insight.id).where(Insight.id == insight_id)
    return _counted(
        session,
        studies=_studies_of(quotes),
        sources=_sources_of(quotes),
        quotes=quotes,
        insights=insights,
        decisions=_decisions_on(member, insights),
    )


def thread_of_decision(session: Session, member: Member, decision_id: int) -> Thread:
    return thread_from(session.execute(select(*thread_columns(member, decision_id))).one())


def thread_columns(member: Member, decision_id: int) -> list[Label[Any]]:
    """For a select that asks for the decision anyway; `thread_from` reads its row."""
    insights = (
        select(Insight.id)
        .join(DecisionLink, DecisionLink.insight_id == Insight.id)
        .where(DecisionLink.decision_id == decision_id, visible_insights(member))
        .distinct()
    )
    quotes = _quotes_under(member, insights)
    return _columns(
        studies=_studies_of(quotes),
        sources=_sources_of(quotes),
        quotes=quotes,
        insights=insights,
        decisions=_this(decision_id),
        check_of=OutcomeCheck.decision_id == decision_id,
    )


def thread_from(row: Row[*tuple[Any, ...]]) -> Thread:
    verdict, following = row.thread_verdict, row.thread_next
    counts = (row.thread_studies, row.thread_sources, row.thread_quotes, row.thread_insights, row.thread_decisions)
    return Thread(
        *counts,
        row.thread_checks,
        "" if verdict is None else verdict.value,
        "" if following is None else following.isoformat(),
    )


def _this(decision_id: int) -> _Ids:
    here = aliased(Decision)
    return select(here.id).where(here.id == decision_id)


def _quotes(member: Member) -> _Ids:
    return (
        select(Highlight.id)
        .join(Study, Study.id == Highlight.study_id)
        .join(SourceText, SourceText.id == Highlight.source_text_id)
        .where(
            visible_studies(member),
            Highlight.status.in_((HighlightStatus.ACTIVE, HighlightStatus.ORPHANED)),
            SourceText.deleted_at.is_(None),
        )
    )


def _quotes_under(member: Member, insights: _Ids) -> _Ids:
    linked = select(EvidenceLink.highlight_id).where(EvidenceLink.insight_id.in_(insights))
    return _quotes(member).where(Highlight.id.in_(linked))


def _insights_on(member: Member, quotes: _Ids) -> _Ids:
    return (
        select(Insight.id)
        .join(EvidenceLink, EvidenceLink.insight_id == Insight.id)
        .where(EvidenceLink.highlight_id.in_(quotes), visible_insights(member))
        .distinct()
    )


def _decisions_on(member: Member, insights: _Ids) -> _Ids:
    return (
        select(Decision.id)
        .join(DecisionLink, DecisionLink.decision_id == Decision.id)
        .where(DecisionLink.insight_id.in_(insights), visible_decisions(member))
        .distinct()
    )


def _studies_of(quotes: _Ids) -> _Ids:
    return select(Highlight.study_id).where(Highlight.id.in_(quotes)).distinct()


def _sources_of(quotes: _Ids) -> _Ids:
    return select(Highlight.source_text_id).where(Highlight.id.in_(quotes)).distinct()


def _counted(
    session: Session, *, studies: _Ids, sources: _Ids, quotes: _Ids, insights: _Ids, decisions: _Ids
) -> Thread:
    columns = _columns(
        studies=studies,
        sources=sources,
        quotes=quotes,
        insights=insights,
        decisions=decisions,
        check_of=OutcomeCheck.decision_id.in_(decisions),
    )
    return thread_from(session.execute(select(*columns)).one())


def _columns(*, check_of: ColumnElement[bool], **ids: _Ids) -> list[Label[Any]]:
    """A number of each, and what the checks say; none of it depends on the select that it stands in."""
    checks = select(OutcomeCheck).where(check_of).subquery()
    latest = (
        select(checks.c.verdict)
        .where(checks.c.verdict.is_not(None))
        .order_by(checks.c.recorded_on.desc(), checks.c.id.desc())
        .limit(1)
    )
    following = select(func.min(checks.c.due_on)).where(checks.c.verdict.is_(None))
    counts = {name: select(func.count()).select_from(each.subquery()) for name, each in ids.items()}
    asked = counts | {"checks": select(func.count()).select_from(checks), "verdict": latest, "next": following}
    return [query.scalar_subquery().label(f"thread_{name}") for name, query in asked.items()]
