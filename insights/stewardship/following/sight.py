"""Records by ref as a member may see them at this moment: each kind's own rule, many records in one statement.

Whatever is shown, fed or mailed of what was found goes through here, so that what has since been restricted, withdrawn
or deleted is gone for those who may not see it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, String, and_, cast, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.inside import day_of
from insights.capture.models import ResearchSession, SessionStatus, SourceText, Study
from insights.coding.access import listed_quotes
from insights.coding.models import Highlight, HighlightStatus
from insights.coding.queries import list_tags
from insights.core.base import number_of
from insights.core.text import plain_words
from insights.decisions.access import visible_decisions
from insights.decisions.models import Decision
from insights.people.models import Member, Service
from insights.synthesis.access import visible_insights, visible_recommendations
from insights.synthesis.models import Insight, Recommendation

QUOTES_IN_USE = (HighlightStatus.ACTIVE, HighlightStatus.ORPHANED)
GONE_SESSIONS = (SessionStatus.WITHDRAWN, SessionStatus.PURGED)

_LONGEST_TITLE = 240
_Ids: TypeAlias = Collection[int]
_Row: TypeAlias = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class SeenRecord:
    """A record with its name for people; `study` is the title of the study it lies in, '' where it lies in none."""

    ref: str
    title: str
    study: str = ""


def seen_records(session: Session, member: Member, refs: Iterable[str]) -> dict[str, SeenRecord]:
    """What of these the member may see now; four statements at most, whatever the number."""
    wanted = _numbers(refs)
    parts = [_SELECTS[prefix](member, ids) for prefix, ids in wanted.items() if prefix in _SELECTS]
    found: dict[str, SeenRecord] = {}
    if parts:
        for row in session.execute(union_all(*parts)):
            ref, study = f"{row.prefix}-{row.number}", row.study or ""
            found[ref] = SeenRecord(ref, _title(row.prefix, row.title, study), study)
    if "TAG" in wanted:
        tags = [row for row in list_tags(session, member) if row.id in wanted["TAG"]]
        found |= {row.ref: SeenRecord(row.ref, row.path) for row in tags}
    return found


def _numbers(refs: Iterable[str]) -> dict[str, set[int]]:
    wanted: dict[str, set[int]] = {}
    for ref in refs:
        prefix = ref.partition("-")[0]
        number = number_of(ref, prefix)
        if number is not None:
            wanted.setdefault(prefix, set()).add(number)
    return wanted


def _title(prefix: str, title: str | None, study: str) -> str:
    words = " ".join(plain_words(title or "").split()) if prefix == "HL" else title or ""
    if not words:
        words = f"A session of “{study}”" if prefix == "SES" else f"A text of “{study}”"
    return words if len(words) <= _LONGEST_TITLE else words[:_LONGEST_TITLE].rstrip() + "…"


def _studies(member: Member, ids: _Ids) -> _Row:
    return _row("STU", Study, Study.title).where(Study.id.in_(ids), visible_studies(member))


def _sessions(member: Member, ids: _Ids) -> _Row:
    return (
        _row("SES", ResearchSession, ResearchSession.title, Study.title)
        .join(Study, Study.id == ResearchSession.study_id)
        .where(
            ResearchSession.id.in_(ids),
            visible_studies(member),
            ResearchSession.deleted_at.is_(None),
            ResearchSession.status.not_in(GONE_SESSIONS),
        )
    )


def _sources(member: Member, ids: _Ids) -> _Row:
    return (
        _row("SRC", SourceText, SourceText.title, Study.title)
        .join(Study, Study.id == SourceText.study_id)
        .where(SourceText.id.in_(ids), visible_studies(member), SourceText.deleted_at.is_(None))
    )


def _highlights(member: Member, ids: _Ids) -> _Row:
    return (
        _row("HL", Highlight, Highlight.exact, Study.title)
        .join(Study, Study.id == Highlight.study_id)
        .join(SourceText, SourceText.id == Highlight.source_text_id)
        .where(Highlight.id.in_(ids), visible_studies(member), listed_quotes(member, day_of(member)), in_use())
    )


def in_use() -> ColumnElement[bool]:
    """A quote that stands: neither dropped nor withdrawn, in a text and a session that are still there."""
    texts = select(SourceText.id).where(SourceText.deleted_at.is_(None))
    gone = or_(ResearchSession.deleted_at.is_not(None), ResearchSession.status.in_(GONE_SESSIONS))
    return and_(
        Highlight.status.in_(QUOTES_IN_USE),
        Highlight.source_text_id.in_(texts),
        or_(
            Highlight.research_session_id.is_(None),
            Highlight.research_session_id.not_in(select(ResearchSession.id).where(gone)),
        ),
    )


def _insights(member: Member, ids: _Ids) -> _Row:
    return _row("INS", Insight, Insight.claim).where(Insight.id.in_(ids), visible_insights(member))


def _decisions(member: Member, ids: _Ids) -> _Row:
    return _row("DEC", Decision, Decision.title).where(Decision.id.in_(ids), visible_decisions(member))


def _recommendations(member: Member, ids: _Ids) -> _Row:
    return _row("REC", Recommendation, Recommendation.text).where(
        Recommendation.id.in_(ids), visible_recommendations(member)
    )


def _services(_member: Member, ids: _Ids) -> _Row:
    return _row("SVC", Service, Service.name).where(Service.id.in_(ids))


def _row(prefix: str, model: Any, title: Any, study: Any = None) -> _Row:  # noqa: ANN401 - mapped columns
    return select(
        literal(prefix).label("prefix"),
        model.id.label("number"),
        cast(title, String).label("title"),
        cast(null() if study is None else study, String).label("study"),
    )


_SELECTS = {
    "STU": _studies,
    "SES": _sessions,
    "SRC": _sources,
    "HL": _highlights,
    "INS": _insights,
    "DEC": _decisions,
    "REC": _recommendations,
    "SVC": _services,
}
