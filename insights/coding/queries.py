"""Reads about highlights and tags, scoped to the member, as frozen rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from insights.capture.access import hidden_study_ids, visible_studies
from insights.capture.models import ResearchSession, SourceText, Study
from insights.coding.models import Highlight, HighlightStatus, Tag, TagStatus, highlight_tags
from insights.core.base import number_of
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


@dataclass(frozen=True, slots=True)
class TagRow:
    id: int
    ref: str
    path: str
    definition: str
    status: str
    highlights: int


def get_highlight(session: Session, member: Member, ref: str) -> tuple[Highlight, SourceText]:
    row = session.execute(
        select(Highlight, SourceText)
        .join(SourceText, SourceText.id == Highlight.source_text_id)
        .join(Study, Study.id == Highlight.study_id)
        .where(Highlight.id == (number_of(ref, Highlight.PREFIX) or 0), visible_studies(member))
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
    return _rows(session, Highlight.id.in_(ids), visible_studies(member), order=(Highlight.id,)) if ids else []


def list_highlights(
    session: Session,
    member: Member,
    *,
    tag_id: int | None = None,
    study_id: int | None = None,
    before_id: int | None = None,
    limit: int | None = PAGE,
) -> list[HighlightRow]:
    """Newest first; `before_id` is the cursor, `limit` None means all (exports)."""
    clauses = [visible_studies(member), Highlight.status == HighlightStatus.ACTIVE]
    if tag_id is not None:
        tagged = select(highlight_tags.c.highlight_id).where(highlight_tags.c.tag_id == tag_id)
        clauses.append(Highlight.id.in_(tagged))
    if study_id is not None:
        clauses.append(Highlight.study_id == study_id)
    if before_id is not None:
        clauses.append(Highlight.id < before_id)
    return _rows(session, *clauses, order=(Highlight.id.desc(),), limit=limit)


def get_tag(session: Session, member: Member, ref: str) -> TagRow:
    number = number_of(ref, Tag.PREFIX)
    found = next((row for row in list_tags(session, member) if row.id == number), None)
    if found is None:
        raise NotFound(ref)
    return found


def list_tags(session: Session, member: Member) -> list[TagRow]:
    """The codebook by path, each with the number of quotes that the member may see under it.

    The words of a tag can give away what a restricted study heard. So a tag that only hidden studies use, also in tags
    within it, is not there; a tag that nobody uses is.
    """
    seen, active = (
        visible_studies(member),
        and_(Highlight.status == HighlightStatus.ACTIVE, SourceText.deleted_at.is_(None)),
    )
    uses = (
        select(
            highlight_tags.c.tag_id,
            func.sum(case((and_(seen, active), 1), else_=0)).label("shown"),
            func.sum(case((seen, 1), else_=0)).label("open"),
            func.sum(case((seen, 0), else_=1)).label("hidden"),
        )
        .join(Highlight, Highlight.id == highlight_tags.c.highlight_id)
        .join(SourceText, SourceText.id == Highlight.source_text_id)
        .join(Study, Study.id == Highlight.study_id)
        .group_by(highlight_tags.c.tag_id)
        .subquery()
    )
    own = or_(Tag.study_id.is_(None), Tag.study_id.in_(select(Study.id).where(seen)))
    query = select(Tag, uses.c.shown, uses.c.open, uses.c.hidden).outerjoin(uses, uses.c.tag_id == Tag.id).where(own)
    rows = session.execute(query.order_by(Tag.folded_path)).all()
    opened = _paths_above(tag.folded_path for tag, _, opened, _ in rows if opened)
    hidden = _paths_above(tag.folded_path for tag, _, _, hidden in rows if hidden)
    return [
        TagRow(tag.id, tag.ref, tag.path, tag.definition, tag.status.value, shown or 0)
        for tag, shown, _, _ in rows
        if tag.folded_path in opened or tag.folded_path not in hidden
    ]


def tag_names(session: Session, member: Member) -> list[str]:
    """What the tag picker offers: the member's visible tags in use, most used first.

    Where no study is hidden from the member every use counts, which spares the reader's page the walk over all studies.
    """
    if hidden_study_ids(session, member):
        rows = [row for row in list_tags(session, member) if row.status == TagStatus.ACTIVE and row.highlights]
        return [row.path for row in sorted(rows, key=lambda row: (-row.highlights, row.path))]
    uses = select(highlight_tags.c.tag_id, func.count().label("uses")).group_by(highlight_tags.c.tag_id).subquery()
    query = select(Tag.path).join(uses, uses.c.tag_id == Tag.id).where(Tag.status == TagStatus.ACTIVE)
    return list(session.scalars(query.order_by(uses.c.uses.desc(), Tag.path)))


def _paths_above(paths: Iterable[str]) -> set[str]:
    """The paths themselves and those of every tag that they lie within."""
    parts = [path.split("/") for path in paths]
    return {"/".join(names[: depth + 1]) for names in parts for depth in range(len(names))}


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
