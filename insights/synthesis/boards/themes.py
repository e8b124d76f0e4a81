"""Themes: made from a cluster or by hand, given quotes and tags, deleted and brought back."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import Study
from insights.coding.models import Highlight, HighlightStatus
from insights.coding.operations import find_or_add_tag
from insights.core.activity import add, record, touch
from insights.core.checks import optional_line, required_line, text_of
from insights.core.clock import now
from insights.core.concurrency import refuse_stale
from insights.core.errors import InvalidInput
from insights.people.models import Member
from insights.people.operations import require_same_area
from insights.synthesis.models import Board, BoardCard, BoardCluster, Theme, theme_highlights, theme_tags

LONGEST_MEMO = 50_000
MOST_TAGS = 30


def make_theme(
    session: Session,
    *,
    actor: Member,
    title: str,
    memo: str = "",
    study: Study | None = None,
    highlight_ids: Collection[int] = (),
    team_id: int | None = None,
) -> Theme:
    """`study` None is a theme across studies, of which each member sees the quotes they may see."""
    if study is not None:
        require_same_area(session, actor, study.team_id)
    theme = Theme(
        title=_title(title),
        memo=text_of("memo", memo, label="the memo", longest=LONGEST_MEMO),
        study_id=None if study is None else study.id,
        team_id=study.team_id if study is not None else team_id or actor.team_id,
    )
    add(session, actor, theme)
    _add_quotes(session, actor, theme, highlight_ids)
    record(session, actor, "created", theme)
    return theme


def theme_from_cluster(session: Session, *, actor: Member, board: Board, cluster: BoardCluster) -> Theme:
    """The cluster's theme, made at the first time; later its new quotes are added. What one may not see is left out."""
    require_same_area(session, actor, board.team_id)
    ids = list(
        session.scalars(
            select(BoardCard.highlight_id)
            .join(Highlight, Highlight.id == BoardCard.highlight_id)
            .join(Study, Study.id == Highlight.study_id)
            .where(
                BoardCard.cluster_id == cluster.id,
                visible_studies(actor),
                Highlight.status == HighlightStatus.ACTIVE,
            )
            .order_by(BoardCard.position)
        )
    )
    theme = None if cluster.theme_id is None else session.get(Theme, cluster.theme_id)
    if theme is not None and theme.deleted_at is None:
        add_quotes_to_theme(session, actor=actor, theme=theme, highlight_ids=ids)
        return theme
    if not cluster.title.strip():
        raise InvalidInput.of("title", "Give the cluster a name first: it becomes the theme’s title.")
    study = None if board.study_id is None else session.get(Study, board.study_id)
    theme = make_theme(session, actor=actor, title=cluster.title, study=study, highlight_ids=ids, team_id=board.team_id)
    cluster.theme_id = theme.id
    touch(session, actor, board)
    record(session, actor, "made a theme from", board, detail={"theme": theme.ref})
    return theme


def edit_theme(
    session: Session,
    *,
    actor: Member,
    theme: Theme,
    title: str,
    memo: str,
    tags: Sequence[str],
    row_version: int | None = None,
) -> None:
    """Raises StaleRecord with both texts where somebody saved title or memo in between."""
    require_same_area(session, actor, theme.team_id)
    new_title, new_memo = _title(title), text_of("memo", memo, label="the memo", longest=LONGEST_MEMO)
    refuse_stale(theme, row_version, {"title": new_title, "memo": new_memo})
    theme.title, theme.memo = new_title, new_memo
    _set_tags(session, actor, theme, tags)
    touch(session, actor, theme)
    record(session, actor, "edited", theme)


def add_quotes_to_theme(session: Session, *, actor: Member, theme: Theme, highlight_ids: Collection[int]) -> int:
    """Answers how many were new; those that the theme holds already stay."""
    require_same_area(session, actor, theme.team_id)
    added = _add_quotes(session, actor, theme, highlight_ids)
    if added:
        touch(session, actor, theme)
        record(session, actor, "added quotes to", theme, detail={"quotes": added})
    return added


def take_quote_from_theme(session: Session, *, actor: Member, theme: Theme, highlight: Highlight) -> None:
    require_same_area(session, actor, theme.team_id)
    held = theme_highlights.c
    session.execute(delete(theme_highlights).where(held.theme_id == theme.id, held.highlight_id == highlight.id))
    touch(session, actor, theme)
    record(session, actor, "took a quote from", theme, detail={"quote": highlight.ref})


def set_theme_deleted(session: Session, *, actor: Member, theme: Theme, deleted: bool) -> None:
    """Takes the theme away, or brings it back with its quotes and tags; insights that began from it stay."""
    require_same_area(session, actor, theme.team_id)
    theme.deleted_at = now(session) if deleted else None
    touch(session, actor, theme)
    record(session, actor, "deleted" if deleted else "restored", theme)


def _add_quotes(session: Session, actor: Member, theme: Theme, highlight_ids: Collection[int]) -> int:
    wanted = list(dict.fromkeys(highlight_ids))
    clauses = [visible_studies(actor), Highlight.status == HighlightStatus.ACTIVE]
    if theme.study_id is not None:
        clauses.append(Highlight.study_id == theme.study_id)
    query = select(Highlight.id).join(Study, Study.id == Highlight.study_id).where(Highlight.id.in_(wanted), *clauses)
    allowed = set(session.scalars(query))
    refused = [number for number in wanted if number not in allowed]
    if refused:
        refs = ", ".join(f"HL-{number}" for number in refused[:5])
        raise InvalidInput.of("quotes", f"{refs} cannot be in this theme: it is of another study, or not there.")
    held = theme_highlights.c
    there = set(session.scalars(select(held.highlight_id).where(held.theme_id == theme.id)))
    new = [{"theme_id": theme.id, "highlight_id": number} for number in wanted if number not in there]
    if new:
        session.execute(insert(theme_highlights), new)
    return len(new)


def _set_tags(session: Session, actor: Member, theme: Theme, tags: Sequence[str]) -> None:
    names = [name for name in (optional_line("tags", tag, label="a tag", longest=400) for tag in tags) if name]
    if len(names) > MOST_TAGS:
        raise InvalidInput.of("tags", f"A theme takes at most {MOST_TAGS} tags; there are {len(names)}.")
    found = {find_or_add_tag(session, actor=actor, path=name).id for name in names}
    session.execute(delete(theme_tags).where(theme_tags.c.theme_id == theme.id))
    if found:
        session.execute(insert(theme_tags), [{"theme_id": theme.id, "tag_id": number} for number in sorted(found)])


def _title(title: str) -> str:
    return required_line("title", title, label="a title for the theme")
