"""Reads about highlights, scoped to the member, as frozen rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import ResearchSession, SourceText, Study
from insights.coding.access import listed_quotes, readable_quotes
from insights.coding.models import Highlight, HighlightStatus, Tag, highlight_tags
from insights.core.base import number_of
from insights.core.clock import today
from insights.core.errors import NotFound
from insights.people.models import Member

PAGE = 50


@dataclass(frozen=True, slots=True)
class HighlightRow:
    """One quote with where it was said. `source_ref` is SES-n or SRC-n."""

    id: int
    ref: str
    exact: str
    start: int
    end: int
    status: str
    observation: str
    polarity: int | None
    tags: tuple[str, ...]
    source_ref: str
    source: str
    study_ref: str
    study: str
    method: str
    said_on: date | None


def get_highlight(session: Session, member: Member, ref: str) -> tuple[Highlight, SourceText]:
    row = session.execute(
        select(Highlight, SourceText)
        .join(SourceText, SourceText.id == Highlight.source_text_id)
        .join(Study, Study.id == Highlight.study_id)
        .where(
            Highlight.id == (number_of(ref, Highlight.PREFIX) or 0),
            Highlight.status != HighlightStatus.WITHDRAWN,
            visible_studies(member),
            readable_quotes(member, today(session)),
        )
    ).first()
    if row is None:
        raise NotFound(ref)
    return row[0], row[1]


def highlights_of_source(session: Session, source_id: int) -> list[HighlightRow]:
    """In the order of the text; scope was checked when the source was opened."""
    return _rows(
        session,
        Highlight.source_text_id == source_id,
        Highlight.status.in_((HighlightStatus.ACTIVE, HighlightStatus.ORPHANED)),
        order=(Highlight.start, Highlight.id),
    )


def highlights_by_ids(session: Session, member: Member, ids: list[int]) -> list[HighlightRow]:
    if not ids:
        return []
    in_use = Highlight.status != HighlightStatus.WITHDRAWN
    in_sight = (in_use, visible_studies(member), readable_quotes(member, today(session)))
    return _rows(session, Highlight.id.in_(ids), *in_sight, order=(Highlight.id,))


def list_highlights(
    session: Session,
    member: Member,
    *,
    tag_id: int | None = None,
    study_id: int | None = None,
    before_id: int | None = None,
    limit: int | None = PAGE,
    where: Sequence[ColumnElement[bool]] = (),
) -> list[HighlightRow]:
    """Newest first; `before_id` is the cursor, `limit` None means all (exports), `where` narrows further."""
    in_sight = (visible_studies(member), listed_quotes(member, today(session)))
    clauses = [*in_sight, Highlight.status == HighlightStatus.ACTIVE, *where]
    if tag_id is not None:
        tagged = select(highlight_tags.c.highlight_id).where(highlight_tags.c.tag_id == tag_id)
        clauses.append(Highlight.id.in_(tagged))
    if study_id is not None:
        clauses.append(Highlight.study_id == study_id)
    if before_id is not None:
        clauses.append(Highlight.id < before_id)
    return _rows(session, *clauses, order=(Highlight.id.desc(),), limit=limit)


def _rows(
    session: Session, *clauses: ColumnElement[bool], order: tuple[Any, ...], limit: int | None = None
) -> list[HighlightRow]:
    paths = (
        select(func.aggregate_strings(Tag.path, "\n"))
        .join(highlight_tags, highlight_tags.c.tag_id == Tag.id)
        .where(highlight_tags.c.highlight_id == Highlight.id)
        .correlate(Highlight)
        .scalar_subquery()
    )
    query = (
        select(Highlight, SourceText, Study.title, ResearchSession, paths)
        .join(SourceText, SourceText.id == Highlight.source_text_id)
        .join(Study, Study.id == Highlight.study_id)
        .outerjoin(ResearchSession, ResearchSession.id == Highlight.research_session_id)
        .where(SourceText.deleted_at.is_(None), *clauses)
        .order_by(*order)
    )
    found = session.execute(query if limit is None else query.limit(limit))
    return [_row(*row) for row in found]


def _row(
    highlight: Highlight,
    source: SourceText,
    study: str,
    research_session: ResearchSession | None,
    paths: str | None,
) -> HighlightRow:
    held = research_session
    method = held.method if held is not None else source.method
    return HighlightRow(
        id=highlight.id,
        ref=highlight.ref,
        exact=highlight.exact,
        start=highlight.start,
        end=highlight.end,
        status=highlight.status.value,
        observation=highlight.observation,
        polarity=highlight.polarity,
        tags=tuple(sorted(paths.split("\n"))) if paths else (),
        source_ref=source.ref if held is None else held.ref,
        source=(source.title if held is None else held.title),
        study_ref=f"STU-{highlight.study_id}",
        study=study,
        method="" if method is None else method.value,
        said_on=source.dated_on if held is None else held.held_on,
    )
