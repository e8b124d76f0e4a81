"""Moving cards between clusters, by people who may be doing so at the same time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import Study
from insights.coding.models import Highlight
from insights.core.checks import optional_line
from insights.core.errors import InvalidInput
from insights.people.models import Member
from insights.people.operations import require_same_area
from insights.synthesis.boards.layout import board_change
from insights.synthesis.models import Board, BoardCard, BoardCluster

MOST_CLUSTERS = 200


@dataclass(frozen=True, slots=True)
class SeenCard:
    """A card, and the cluster in which the member saw it; None is the tray."""

    id: int
    cluster_id: int | None


@dataclass(frozen=True, slots=True)
class Moved:
    """Which cards were moved, and which stay since they are no longer where the member saw them."""

    cards: tuple[int, ...]
    left: tuple[int, ...]
    cluster_gone: bool = False
    cluster_id: int | None = None


def move_cards(
    session: Session,
    *,
    actor: Member,
    board: Board,
    cards: Sequence[SeenCard],
    to: int | None,
    before: int | None = None,
) -> Moved:
    """Puts cards into a cluster (None: the tray), before another card or last, in the order given.

    A card that somebody moved since the member saw it stays where it is: the earlier move counts, and nothing is lost.
    """
    require_same_area(session, actor, board.team_id)
    if to is not None and _cluster(session, board, to) is None:
        return Moved((), tuple(card.id for card in cards), cluster_gone=True)
    with board_change(session, actor, board, "moved cards on"):
        moving, left = _as_seen(session, actor, board, cards)
        _place(session, board, moving, to, before)
    return Moved(tuple(card.id for card in moving), left, cluster_id=to)


def cluster_cards(
    session: Session, *, actor: Member, board: Board, cards: Sequence[SeenCard], title: str = ""
) -> Moved:
    """Makes a new cluster of these cards, or an empty one; it stands last."""
    require_same_area(session, actor, board.team_id)
    with board_change(session, actor, board, "made a cluster on"):
        cluster = new_cluster(session, board, title)
        moving, left = _as_seen(session, actor, board, cards)
        if cards and not moving:
            session.delete(cluster)
        else:
            _place(session, board, moving, cluster.id, None)
    return Moved(tuple(card.id for card in moving), left, cluster_id=cluster.id if moving or not cards else None)


def new_cluster(session: Session, board: Board, title: str) -> BoardCluster:
    places = session.execute(
        select(func.count(BoardCluster.id), func.max(BoardCluster.position)).where(BoardCluster.board_id == board.id)
    ).one()
    if places[0] >= MOST_CLUSTERS:
        raise InvalidInput.of("title", f"A board holds at most {MOST_CLUSTERS} clusters. Merge or delete some first.")
    cluster = BoardCluster(board_id=board.id, title=cluster_title(title), position=(places[1] or 0) + 1)
    session.add(cluster)
    session.flush()
    return cluster


def cluster_title(title: str) -> str:
    return optional_line("title", title, label="the name of the cluster", longest=200)


def put_last(session: Session, board: Board, cards: Collection[BoardCard], to: int | None) -> None:
    """Puts cards behind those that are there, in their own order."""
    _place(session, board, sorted(cards, key=lambda card: (card.position, card.id)), to, None)


def _as_seen(
    session: Session, actor: Member, board: Board, cards: Sequence[SeenCard]
) -> tuple[list[BoardCard], tuple[int, ...]]:
    """The cards that are where the member saw them, in the order given; the ids of all others."""
    wanted = {card.id: card.cluster_id for card in cards}
    found = session.scalars(
        select(BoardCard)
        .join(Highlight, Highlight.id == BoardCard.highlight_id)
        .join(Study, Study.id == Highlight.study_id)
        .where(BoardCard.board_id == board.id, BoardCard.id.in_(wanted), visible_studies(actor))
    )
    there = {card.id: card for card in found if card.cluster_id == wanted[card.id]}
    return [there[number] for number in wanted if number in there], tuple(n for n in wanted if n not in there)


def _place(session: Session, board: Board, moving: Sequence[BoardCard], to: int | None, before: int | None) -> None:
    ids = {card.id for card in moving}
    others = [
        card
        for card in session.scalars(
            select(BoardCard)
            .where(BoardCard.board_id == board.id, BoardCard.cluster_id.is_not_distinct_from(to))
            .order_by(BoardCard.position, BoardCard.id)
        )
        if card.id not in ids
    ]
    place = next((index for index, card in enumerate(others) if card.id == before), len(others))
    for position, card in enumerate([*others[:place], *moving, *others[place:]], start=1):
        card.cluster_id, card.position = to, position
    session.flush()


def _cluster(session: Session, board: Board, cluster_id: int) -> BoardCluster | None:
    cluster = session.get(BoardCluster, cluster_id)
    return cluster if cluster is not None and cluster.board_id == board.id else None
