"""Reads about boards, scoped to the member, as frozen rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import Study, session_participants
from insights.coding.models import Highlight, HighlightStatus
from insights.coding.queries import HighlightRow, highlights_by_ids
from insights.core.base import number_of
from insights.core.errors import NotFound
from insights.people.models import Member, Participant
from insights.synthesis.boards.access import deleted_boards, visible_boards, visible_themes
from insights.synthesis.models import Board, BoardCard, BoardCluster, Theme

SHOWN = (HighlightStatus.ACTIVE.value, HighlightStatus.ORPHANED.value)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One line of a list of boards; `cards` counts what the member may see."""

    ref: str
    title: str
    study_ref: str
    study: str
    cards: int
    clusters: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class CardRow:
    """A quote on a card. `said_by` are the codes of who said it, or of everyone in the session."""

    id: int
    cluster_id: int | None
    quote: HighlightRow
    said_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClusterRow:
    """A column; `id` None is the tray."""

    id: int | None
    title: str
    theme_ref: str
    theme: str
    cards: tuple[CardRow, ...]


@dataclass(frozen=True, slots=True)
class BoardPage:
    """The tray, and the clusters in their order."""

    tray: ClusterRow
    clusters: tuple[ClusterRow, ...]

    @property
    def cards(self) -> list[CardRow]:
        return [card for column in (self.tray, *self.clusters) for card in column.cards]

    @property
    def tags(self) -> list[str]:
        return sorted({tag for card in self.cards for tag in card.quote.tags})


@dataclass(frozen=True, slots=True)
class BoardState:
    """Where every card lies, in order, for pages that are open; `None` is the tray."""

    version: int
    clusters: tuple[tuple[int, str, str], ...]
    cards: Mapping[int | None, tuple[int, ...]]


def get_board(session: Session, member: Member, ref: str, *, deleted: bool = False) -> Board:
    """Raises NotFound for a board that is not there or that the member may not see."""
    seen = deleted_boards(member) if deleted else visible_boards(member)
    board = session.scalar(select(Board).where(Board.id == (number_of(ref, Board.PREFIX) or 0), seen))
    if board is None:
        raise NotFound(ref)
    return board


def list_boards(session: Session, member: Member, *, study_id: int | None = None) -> list[BoardRow]:
    """Last changed first; with `study_id` those of the study and those across studies."""
    cards = (
        select(func.count(BoardCard.id))
        .join(Highlight, Highlight.id == BoardCard.highlight_id)
        .join(Study, Study.id == Highlight.study_id)
        .where(
            BoardCard.board_id == Board.id,
            visible_studies(member),
            Highlight.status.in_((HighlightStatus.ACTIVE, HighlightStatus.ORPHANED)),
        )
        .correlate(Board)
        .scalar_subquery()
    )
    clusters = (
        select(func.count(BoardCluster.id)).where(BoardCluster.board_id == Board.id).correlate(Board).scalar_subquery()
    )
    of_board = Study.__table__.alias("of_board")
    query = (
        select(Board, of_board.c.title, cards, clusters)
        .outerjoin(of_board, of_board.c.id == Board.study_id)
        .where(visible_boards(member))
        .order_by(Board.updated_at.desc(), Board.id.desc())
    )
    if study_id is not None:
        query = query.where((Board.study_id == study_id) | Board.study_id.is_(None))
    return [
        BoardRow(
            ref=board.ref,
            title=board.title,
            study_ref="" if board.study_id is None else f"STU-{board.study_id}",
            study=study or "",
            cards=held,
            clusters=columns,
            updated_at=board.updated_at,
        )
        for board, study, held, columns in session.execute(query)
    ]


def board_page(session: Session, member: Member, board: Board) -> BoardPage:
    """Everything on the board that the member may see, in four statements however many cards."""
    placed = session.execute(
        select(BoardCard.id, BoardCard.cluster_id, BoardCard.highlight_id)
        .where(BoardCard.board_id == board.id)
        .order_by(BoardCard.position, BoardCard.id)
    ).all()
    ids = [row.highlight_id for row in placed]
    quotes = {row.id: row for row in highlights_by_ids(session, member, ids) if row.status in SHOWN}
    speakers = speakers_of(session, quotes)
    cards: dict[int | None, list[CardRow]] = defaultdict(list)
    for row in placed:
        if row.highlight_id in quotes:
            said_by = tuple(speakers.get(row.highlight_id, {}).values())
            cards[row.cluster_id].append(CardRow(row.id, row.cluster_id, quotes[row.highlight_id], said_by))
    return BoardPage(
        ClusterRow(None, "", "", "", tuple(cards[None])),
        tuple(
            ClusterRow(number, title, f"THM-{theme_id}" if theme else "", theme or "", tuple(cards[number]))
            for number, title, theme_id, theme in _clusters(session, member, board)
        ),
    )


def board_state(session: Session, member: Member, board: Board) -> BoardState:
    """In two statements; what the member may not see is not told."""
    rows = session.execute(
        select(BoardCard.id, BoardCard.cluster_id)
        .join(Highlight, Highlight.id == BoardCard.highlight_id)
        .join(Study, Study.id == Highlight.study_id)
        .where(
            BoardCard.board_id == board.id,
            visible_studies(member),
            Highlight.status.in_((HighlightStatus.ACTIVE, HighlightStatus.ORPHANED)),
        )
        .order_by(BoardCard.position, BoardCard.id)
    )
    cards: dict[int | None, list[int]] = defaultdict(list)
    for number, cluster_id in rows:
        cards[cluster_id].append(number)
    return BoardState(
        version=board.row_version,
        clusters=tuple(
            (number, title, f"THM-{theme_id}" if theme else "")
            for number, title, theme_id, theme in _clusters(session, member, board)
        ),
        cards={key: tuple(found) for key, found in cards.items()},
    )


def speakers_of(session: Session, highlight_ids: Collection[int]) -> Mapping[int, Mapping[int, str]]:
    """For each quote whoever is named on it, or else everyone in its session: their code by their id."""
    if not highlight_ids:
        return {}
    present = session_participants.c
    rows = session.execute(
        select(Highlight.id, Participant.id, Participant.code)
        .select_from(Highlight)
        .outerjoin(
            session_participants,
            (present.research_session_id == Highlight.research_session_id) & Highlight.participant_id.is_(None),
        )
        .join(Participant, Participant.id == func.coalesce(Highlight.participant_id, present.participant_id))
        .where(Highlight.id.in_(highlight_ids), Participant.withdrawn_at.is_(None))
        .order_by(Highlight.id, Participant.code)
    ).all()
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for highlight_id, participant_id, code in rows:
        found[highlight_id][participant_id] = code
    return found


def _clusters(session: Session, member: Member, board: Board) -> list[tuple[int, str, int | None, str | None]]:
    rows = session.execute(
        select(BoardCluster.id, BoardCluster.title, BoardCluster.theme_id, Theme.title)
        .outerjoin(Theme, (Theme.id == BoardCluster.theme_id) & visible_themes(member))
        .where(BoardCluster.board_id == board.id)
        .order_by(BoardCluster.position, BoardCluster.id)
    )
    return [(number, title, theme_id, theme) for number, title, theme_id, theme in rows]
