"""Boards made, filled with quotes, renamed and deleted."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.inside import day_of
from insights.capture.models import SourceText, Study
from insights.coding.access import listed_quotes
from insights.coding.models import Highlight, HighlightStatus, Tag, highlight_tags
from insights.core.activity import add, record, touch
from insights.core.checks import required_line
from insights.core.clock import now
from insights.core.errors import InvalidInput
from insights.people.models import Member
from insights.people.operations import require_same_area
from insights.synthesis.boards.layout import board_change
from insights.synthesis.boards.placing import SeenCard
from insights.synthesis.models import Board, BoardCard

MOST_CARDS = 2_000


def create_board(session: Session, *, actor: Member, title: str, study: Study | None = None) -> Board:
    """An empty board for one study, or across studies (None)."""
    if study is not None:
        require_same_area(session, actor, study.team_id)
    board = Board(
        title=_title(title),
        study_id=None if study is None else study.id,
        team_id=actor.team_id if study is None else study.team_id,
    )
    add(session, actor, board)
    record(session, actor, "created", board)
    return board


def rename_board(session: Session, *, actor: Member, board: Board, title: str) -> None:
    require_same_area(session, actor, board.team_id)
    board.title = _title(title)
    touch(session, actor, board)
    record(session, actor, "renamed", board)


def set_board_deleted(session: Session, *, actor: Member, board: Board, deleted: bool) -> None:
    """Takes the board away with its clusters, or brings it back as it was; quotes and themes are not touched."""
    require_same_area(session, actor, board.team_id)
    board.deleted_at = now(session) if deleted else None
    touch(session, actor, board)
    record(session, actor, "deleted" if deleted else "restored", board)


def quotes_to_put(
    session: Session, member: Member, board: Board, *, tag_id: int | None = None, words: str = ""
) -> list[int]:
    """Highlights in use that may lie on the board and do not yet: all of its study, or with a tag and all the words.

    A tag counts with all within it. Words are looked for in the quote and in what was noted beside it.
    """
    on_it = select(BoardCard.highlight_id).where(BoardCard.board_id == board.id)
    clauses = [*_may_lie_on(board, member), Highlight.id.not_in(on_it)]
    if tag_id is not None:
        tag = session.get(Tag, tag_id)
        path = "" if tag is None else tag.folded_path
        within = select(Tag.id).where((Tag.id == tag_id) | Tag.folded_path.startswith(f"{path}/", autoescape=True))
        clauses.append(
            Highlight.id.in_(select(highlight_tags.c.highlight_id).where(highlight_tags.c.tag_id.in_(within)))
        )
    clauses += [
        Highlight.exact.icontains(word, autoescape=True) | Highlight.observation.icontains(word, autoescape=True)
        for word in words.split()[:8]
    ]
    found = (
        select(Highlight.id)
        .join(Study, Study.id == Highlight.study_id)
        .join(SourceText, SourceText.id == Highlight.source_text_id)
        .where(*clauses)
        .order_by(Highlight.source_text_id, Highlight.start, Highlight.id)
    )
    return list(session.scalars(found))


def put_quotes(session: Session, *, actor: Member, board: Board, highlight_ids: Collection[int]) -> int:
    """Lays quotes on the board, in the tray; those that lie there already stay where they are. Answers how many."""
    require_same_area(session, actor, board.team_id)
    wanted = list(dict.fromkeys(highlight_ids))
    allowed = set(
        session.scalars(
            select(Highlight.id)
            .join(Study, Study.id == Highlight.study_id)
            .join(SourceText, SourceText.id == Highlight.source_text_id)
            .where(Highlight.id.in_(wanted), *_may_lie_on(board, actor))
        )
    )
    refused = [number for number in wanted if number not in allowed]
    if refused:
        refs = ", ".join(f"HL-{number}" for number in refused[:5])
        raise InvalidInput.of(
            "quotes", f"{refs} cannot be put on this board: it is of another study, taken away, or not there."
        )
    there = set(session.scalars(select(BoardCard.highlight_id).where(BoardCard.board_id == board.id)))
    new = [number for number in wanted if number not in there]
    if len(there) + len(new) > MOST_CARDS:
        raise InvalidInput.of(
            "quotes",
            f"A board holds at most {MOST_CARDS:,} cards; these would make {len(there) + len(new):,}. Choose fewer.",
        )
    with board_change(session, actor, board, "put quotes on"):
        last = session.scalar(
            select(func.max(BoardCard.position)).where(BoardCard.board_id == board.id, BoardCard.cluster_id.is_(None))
        )
        session.add_all(
            BoardCard(board_id=board.id, highlight_id=number, position=(last or 0) + place)
            for place, number in enumerate(new, start=1)
        )
    return len(new)


def take_off(session: Session, *, actor: Member, board: Board, cards: Sequence[SeenCard]) -> int:
    """Takes cards off the board; the quotes stay what they are. Answers how many."""
    require_same_area(session, actor, board.team_id)
    ids = [card.id for card in cards]
    with board_change(session, actor, board, "took quotes off"):
        found = session.scalars(
            select(BoardCard)
            .join(Highlight, Highlight.id == BoardCard.highlight_id)
            .join(Study, Study.id == Highlight.study_id)
            .where(BoardCard.board_id == board.id, BoardCard.id.in_(ids), visible_studies(actor))
        ).all()
        for card in found:
            session.delete(card)
    return len(found)


def _may_lie_on(board: Board, member: Member) -> list[ColumnElement[bool]]:
    clauses = [
        visible_studies(member),
        # Words are looked for here: what is not listed may not be guessed at either.
        listed_quotes(member, day_of(member)),
        Highlight.status == HighlightStatus.ACTIVE,
        SourceText.deleted_at.is_(None),
    ]
    return clauses if board.study_id is None else [*clauses, Highlight.study_id == board.study_id]


def _title(title: str) -> str:
    return required_line("title", title, label="a title for the board", longest=200)
