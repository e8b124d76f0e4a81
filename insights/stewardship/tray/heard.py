"""Quotes, sessions, texts and studies among the gathered: who said it, when, and how it was heard."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Row, ScalarSelect, String, func, or_, select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import Method, ResearchSession, SourceText, Study, TextVersion, session_participants
from insights.coding.models import Highlight, HighlightStatus
from insights.core.text import plain_words
from insights.people.models import Member, Participant, Team
from insights.stewardship.tray.row import GatheredRow, States, count, words
from insights.stewardship.tray.sight import seen_highlights, seen_sources
from insights.synthesis.access import visible_insights
from insights.synthesis.models import EvidenceLink, Insight

_MOST_CODES = 3


def highlight_rows(session: Session, member: Member, ids: list[int]) -> Iterable[GatheredRow]:
    if not ids:
        return []
    citing = (
        select(Insight.id)
        .join(EvidenceLink, EvidenceLink.insight_id == Insight.id)
        .where(EvidenceLink.highlight_id == Highlight.id, visible_insights(member))
        .correlate(Highlight)
    )
    rows = session.execute(
        seen_highlights(member)
        .with_only_columns(
            Highlight,
            SourceText,
            ResearchSession,
            Study.title.label("study"),
            func.coalesce(Participant.code, _codes()).label("speaker"),
            TextVersion.number.label("version"),
            citing.with_only_columns(func.min(Insight.id)).scalar_subquery().label("first"),
            citing.with_only_columns(func.count(Insight.id.distinct())).scalar_subquery().label("insights"),
        )
        .outerjoin(Participant, Participant.id == Highlight.participant_id)
        .outerjoin(TextVersion, TextVersion.id == Highlight.text_version_id)
        .where(Highlight.id.in_(ids))
    )
    return [_highlight(row) for row in rows]


def _highlight(row: Row[*tuple[Any, ...]]) -> GatheredRow:
    more = f" and {row.insights - 1} more" if row.insights > 1 else ""
    became: States = (("no insight yet", "plain"),) if row.first is None else ((f"became INS-{row.first}{more}", "ok"),)
    lost: States = (
        () if row.Highlight.status is HighlightStatus.ACTIVE else (("its words are no longer in the text", "warn"),)
    )
    held: ResearchSession | None = row.ResearchSession
    method = row.SourceText.method if held is None else held.method
    return GatheredRow(
        ref=row.Highlight.ref,
        kind="highlight",
        text=plain_words(row.Highlight.exact),
        by=_people(row.speaker) or row.SourceText.title,
        dated_on=row.SourceText.dated_on if held is None else held.held_on,
        where=_joined(_method(method), row.study),
        states=became + lost,
        version=f"text version {row.version}" if row.version else "",
        is_voice=True,
    )


def text_rows(session: Session, member: Member, *, held: list[int], sources: list[int]) -> Iterable[GatheredRow]:
    """Sessions and texts by their ids, in one statement."""
    if not (held or sources):
        return []
    quotes = (
        select(func.count(Highlight.id))
        .where(Highlight.source_text_id == SourceText.id, Highlight.status == HighlightStatus.ACTIVE)
        .correlate(SourceText)
        .scalar_subquery()
    )
    rows = session.execute(
        seen_sources(member)
        .with_only_columns(
            SourceText,
            ResearchSession,
            Study.title.label("study"),
            quotes.label("quotes"),
            _codes().label("codes"),
            TextVersion.number.label("version"),
        )
        .outerjoin(TextVersion, TextVersion.id == SourceText.current_version_id)
        .where(or_(ResearchSession.id.in_(held), SourceText.id.in_(sources)))
        # A session may have several texts; the last of them to be met is the first that was written.
        .order_by(SourceText.id.desc())
    ).all()
    return [
        *(_session(row) for row in rows if row.ResearchSession is not None and row.ResearchSession.id in held),
        *(_source(row) for row in rows if row.SourceText.id in sources),
    ]


def _session(row: Row[*tuple[Any, ...]]) -> GatheredRow:
    held: ResearchSession = row.ResearchSession
    return _text(row, held, held.title, by=_people(row.codes), dated_on=held.held_on)


def _source(row: Row[*tuple[Any, ...]]) -> GatheredRow:
    source: SourceText = row.SourceText
    held: ResearchSession | None = row.ResearchSession
    return _text(
        row,
        source,
        source.title or source.original_name,
        by=_people(row.codes),
        dated_on=source.dated_on if held is None else held.held_on,
    )


def _text(
    row: Row[*tuple[Any, ...]],
    record: ResearchSession | SourceText,
    title: str,
    *,
    dated_on: date | None,
    by: str = "",
) -> GatheredRow:
    method = _method(record.method)
    return GatheredRow(
        ref=record.ref,
        kind=record.KIND if isinstance(record, SourceText) else "session",
        text=title or f"{method.capitalize() or 'Session'} {record.ref}",
        by=by,
        dated_on=dated_on,
        where=_joined(method, row.study),
        strength=count(row.quotes, "quote") if row.quotes else "no quote yet",
        version=f"text version {row.version}" if row.version else "",
    )


def study_rows(session: Session, member: Member, ids: list[int]) -> Iterable[GatheredRow]:
    if not ids:
        return []
    rows = session.execute(
        select(Study, Team.name)
        .outerjoin(Team, Team.id == Study.team_id)
        .where(Study.id.in_(ids), visible_studies(member))
    )
    return [
        GatheredRow(
            ref=study.ref,
            kind="study",
            text=study.title,
            by=team or "",
            dated_on=study.starts_on,
            states=((words(study.status), "plain"),),
            version=f"revision {study.row_version}",
        )
        for study, team in rows
    ]


def _codes() -> ScalarSelect[str]:
    """The codes of everyone in the session, in one text."""
    return (
        select(func.aggregate_strings(Participant.code.cast(String), ", "))
        .join(session_participants, session_participants.c.participant_id == Participant.id)
        .where(session_participants.c.research_session_id == ResearchSession.id)
        .correlate(ResearchSession)
        .scalar_subquery()
    )


def _people(codes: str | None) -> str:
    """Three codes at most; of a larger group how many they were."""
    listed = codes.split(", ") if codes else []
    return ", ".join(listed) if len(listed) <= _MOST_CODES else f"{len(listed)} people"


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _method(method: Method | None) -> str:
    return "" if method is None else words(method)
