"""Reads about themes, scoped to the member, as frozen rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import Study
from insights.coding.models import Highlight, HighlightStatus
from insights.coding.queries import HighlightRow, highlights_by_ids, list_tags
from insights.core.base import number_of
from insights.core.errors import NotFound
from insights.people.models import Member
from insights.synthesis.boards.access import visible_boards, visible_themes
from insights.synthesis.boards.queries import SHOWN, speakers_of
from insights.synthesis.models import Board, BoardCluster, Theme, theme_highlights, theme_tags


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """One line of a list of themes; `quotes` counts what the member may see."""

    ref: str
    title: str
    study_ref: str
    quotes: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ThemeQuote:
    quote: HighlightRow
    said_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ThemePage:
    """What the theme holds and who said it: distinct people, sessions and studies of the quotes that one may see."""

    quotes: tuple[ThemeQuote, ...]
    tags: tuple[str, ...]
    people: int
    sessions: int
    studies: int
    boards: tuple[tuple[str, str], ...]


def get_theme(session: Session, member: Member, ref: str, *, deleted: bool = False) -> Theme:
    """Raises NotFound for a theme that is not there or that the member may not see."""
    seen = visible_themes(member, deleted=deleted)
    theme = session.scalar(select(Theme).where(Theme.id == (number_of(ref, Theme.PREFIX) or 0), seen))
    if theme is None:
        raise NotFound(ref)
    return theme


def list_themes(
    session: Session, member: Member, *, study_id: int | None = None, tag_id: int | None = None
) -> list[ThemeRow]:
    """By title; with `study_id` those of the study and those across studies that hold a quote of it, with `tag_id`
    those that group the tag.
    """
    held = (
        select(theme_highlights.c.highlight_id)
        .join(Highlight, Highlight.id == theme_highlights.c.highlight_id)
        .join(Study, Study.id == Highlight.study_id)
        .where(
            theme_highlights.c.theme_id == Theme.id,
            visible_studies(member),
            Highlight.status.in_((HighlightStatus.ACTIVE, HighlightStatus.ORPHANED)),
        )
        .correlate(Theme)
    )
    quotes = held.with_only_columns(func.count()).scalar_subquery()
    query = select(Theme, quotes).where(visible_themes(member)).order_by(Theme.title, Theme.id)
    if study_id is not None:
        across = Theme.study_id.is_(None) & held.where(Highlight.study_id == study_id).exists()
        query = query.where((Theme.study_id == study_id) | across)
    if tag_id is not None:
        query = query.where(Theme.id.in_(select(theme_tags.c.theme_id).where(theme_tags.c.tag_id == tag_id)))
    return [
        ThemeRow(
            theme.ref, theme.title, "" if theme.study_id is None else f"STU-{theme.study_id}", number, theme.updated_at
        )
        for theme, number in session.execute(query)
    ]


def theme_quote_ids(session: Session, theme: Theme) -> Sequence[int]:
    held = theme_highlights.c
    return session.scalars(select(held.highlight_id).where(held.theme_id == theme.id).order_by(held.highlight_id)).all()


def quotes_in_theme(session: Session, member: Member, theme: Theme) -> list[HighlightRow]:
    """Those that the member may see and that are in use."""
    rows = highlights_by_ids(session, member, list(theme_quote_ids(session, theme)))
    return [row for row in rows if row.status == HighlightStatus.ACTIVE]


def theme_page(session: Session, member: Member, theme: Theme) -> ThemePage:
    """In six statements however many quotes."""
    rows = highlights_by_ids(session, member, list(theme_quote_ids(session, theme)))
    quotes = [row for row in rows if row.status in SHOWN]
    speakers = speakers_of(session, [row.id for row in quotes])
    return ThemePage(
        quotes=tuple(ThemeQuote(row, tuple(speakers.get(row.id, {}).values())) for row in quotes),
        tags=theme_tag_names(session, member, theme),
        people=len({person for row in quotes for person in speakers.get(row.id, {})}),
        sessions=len({row.source_ref for row in quotes}),
        studies=len({row.study_ref for row in quotes}),
        boards=_boards_of(session, member, theme),
    )


def theme_tag_names(session: Session, member: Member, theme: Theme) -> tuple[str, ...]:
    """The tags that the member may know of: their words can give away what a restricted study heard."""
    ids = set(session.scalars(select(theme_tags.c.tag_id).where(theme_tags.c.theme_id == theme.id)))
    return tuple(row.path for row in list_tags(session, member) if row.id in ids) if ids else ()


def _boards_of(session: Session, member: Member, theme: Theme) -> tuple[tuple[str, str], ...]:
    rows = session.execute(
        select(Board.id, Board.title)
        .join(BoardCluster, BoardCluster.board_id == Board.id)
        .where(BoardCluster.theme_id == theme.id, visible_boards(member))
        .distinct()
        .order_by(Board.id)
    )
    return tuple((f"BRD-{number}", title) for number, title in rows)
