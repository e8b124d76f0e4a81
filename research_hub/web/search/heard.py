"""Sessions, reports and quotes among the hits: who said it, when, and what has become of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import Row, ScalarSelect, String, and_, func, or_, select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.inside import readable_texts
from insights.capture.models import Method, ResearchSession, SessionStatus, SourceText, Study, session_participants
from insights.coding.access import listed_quotes
from insights.coding.models import Highlight, HighlightStatus
from insights.core.clock import today
from insights.core.text import plain_words
from insights.decisions.models import EVIDENCE_TYPES, Decision, DecisionLink, DecisionStatus
from insights.people.models import Participant
from insights.synthesis.access import visible_insights
from insights.synthesis.models import EvidenceLink, Insight
from research_hub.web.search.rows import RecordRow, Scope, State, joined
from research_hub.web.words import count, day, words

MOST_CODES = 3

_IN_USE = (HighlightStatus.ACTIVE, HighlightStatus.ORPHANED)
_IN_SIGHT = and_(
    SourceText.deleted_at.is_(None),
    or_(
        ResearchSession.id.is_(None),
        ResearchSession.status.not_in((SessionStatus.WITHDRAWN, SessionStatus.PURGED)),
    ),
)
_WAS_ACCEPTED = (DecisionStatus.ACCEPTED, DecisionStatus.DEPRECATED, DecisionStatus.SUPERSEDED)


def source_rows(
    session: Session, scope: Scope, *, session_ids: Collection[int], source_ids: Collection[int]
) -> list[RecordRow]:
    """Sessions and reports, one statement."""
    if not (session_ids or source_ids):
        return []
    quotes = (
        select(func.count(Highlight.id))
        .where(Highlight.source_text_id == SourceText.id, Highlight.status.in_(_IN_USE))
        .correlate(SourceText)
        .scalar_subquery()
    )
    rows = session.execute(
        select(SourceText, ResearchSession, quotes, _codes())
        .join(Study, Study.id == SourceText.study_id)
        .outerjoin(ResearchSession, ResearchSession.id == SourceText.research_session_id)
        .where(
            or_(
                SourceText.research_session_id.in_(session_ids),
                and_(SourceText.id.in_(source_ids), SourceText.research_session_id.is_(None)),
            ),
            visible_studies(scope.member),
            readable_texts(scope.member, today(session)),
            _IN_SIGHT,
        )
        .order_by(SourceText.id.desc())
    )
    return [_source_row(scope, *row) for row in rows]


def highlight_rows(session: Session, scope: Scope, ids: Collection[int]) -> list[RecordRow]:
    """Quotes with the insights that the member may see on them, one statement."""
    if not ids:
        return []
    citing = (
        select(Insight.id)
        .join(EvidenceLink, EvidenceLink.insight_id == Insight.id)
        .where(EvidenceLink.highlight_id == Highlight.id, visible_insights(scope.member))
        .correlate(Highlight)
    )
    decided = (
        select(func.min(DecisionLink.decision_id))
        .join(Decision, Decision.id == DecisionLink.decision_id)
        .where(
            DecisionLink.insight_id.in_(citing),
            DecisionLink.type.in_(EVIDENCE_TYPES),
            Decision.status.in_(_WAS_ACCEPTED),
        )
        .correlate(Highlight)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Highlight,
            SourceText,
            ResearchSession,
            func.coalesce(Participant.code, _codes()).label("speaker"),
            citing.with_only_columns(func.min(Insight.id)).scalar_subquery().label("first_insight"),
            citing.with_only_columns(func.count(Insight.id.distinct())).scalar_subquery().label("insights"),
            decided.label("decision"),
        )
        .join(SourceText, SourceText.id == Highlight.source_text_id)
        .join(Study, Study.id == Highlight.study_id)
        .outerjoin(ResearchSession, ResearchSession.id == Highlight.research_session_id)
        .outerjoin(Participant, Participant.id == Highlight.participant_id)
        .where(
            Highlight.id.in_(ids),
            Highlight.status.in_(_IN_USE),
            visible_studies(scope.member),
            listed_quotes(scope.member, today(session)),
            _IN_SIGHT,
        )
    )
    return [_highlight_row(scope, row) for row in rows]


def _codes() -> ScalarSelect[str]:
    """The codes of everyone in the session, in one text."""
    return (
        select(func.aggregate_strings(Participant.code.cast(String), ", "))
        .join(session_participants, session_participants.c.participant_id == Participant.id)
        .where(session_participants.c.research_session_id == ResearchSession.id)
        .correlate(ResearchSession)
        .scalar_subquery()
    )


def _source_row(
    scope: Scope, source: SourceText, held: ResearchSession | None, quotes: int, codes: str | None
) -> RecordRow:
    study = scope.study_title(source.study_id)
    said_on = source.dated_on if held is None else held.held_on
    method = source.method if held is None else held.method
    called, ref = _called(source, held, method, said_on)
    return RecordRow(
        ref=ref,
        kind="session",
        title=called,
        meta=joined("report" if held is None else _people(codes), _day(said_on), words(method), study),
        states=(State(count(quotes, "quote"), "ok") if quotes else State("no quote yet"),),
        study=study,
        dated_on=said_on,
        heard_in=ref,
        heard_as=called,
    )


def _highlight_row(scope: Scope, row: Row[*tuple[Any, ...]]) -> RecordRow:
    highlight: Highlight = row.Highlight
    source: SourceText = row.SourceText
    held: ResearchSession | None = row.ResearchSession
    study = scope.study_title(highlight.study_id)
    said_on = source.dated_on if held is None else held.held_on
    method = source.method if held is None else held.method
    speaker = _people(row.speaker) or (source.title if held is None else "")
    lost = highlight.status is HighlightStatus.ORPHANED
    called, ref = _called(source, held, method, said_on)
    return RecordRow(
        ref=highlight.ref,
        kind="highlight",
        title=highlight.observation,
        meta=joined(speaker, _day(said_on), words(method), study),
        states=(
            _became(row.first_insight, row.insights, row.decision),
            *([State("its words are no longer in the text", "warn")] if lost else []),
        ),
        text=plain_words(highlight.exact),
        study=study,
        dated_on=said_on,
        heard_in=ref,
        heard_as=called,
    )


def _called(
    source: SourceText, held: ResearchSession | None, method: Method | None, said_on: date | None
) -> tuple[str, str]:
    """What people call the session or the report, and its ref."""
    title = source.title or source.original_name if held is None else held.title
    return title or _untitled(method, said_on), source.ref if held is None else held.ref


def _became(first_insight: int | None, insights: int, decision: int | None) -> State:
    if first_insight is None:
        return State("no insight yet")
    more = f" and {insights - 1} more" if insights > 1 else ""
    if decision is not None:
        return State(f"became INS-{first_insight}{more}, acted on in DEC-{decision}", "ok")
    return State(f"became INS-{first_insight}{more}")


def _people(codes: str | None) -> str:
    """Three codes at most; of a larger group how many they were."""
    listed = codes.split(", ") if codes else []
    return ", ".join(listed) if len(listed) <= MOST_CODES else count(len(listed), "person", "people")


def _untitled(method: Method | None, said_on: date | None) -> str:
    return f"{words(method).capitalize() or 'Session'} of {day(said_on)}"


def _day(value: date | None) -> str:
    return "" if value is None else day(value)
