"""Where everything on a board lies, and what a change made of it: enough to undo any change by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.activity import ActivityEntry, record, touch
from insights.people.models import Member
from insights.synthesis.models import Board, BoardCard, BoardCluster

Placed = tuple[int, int | None, int]
"""A card: its highlight, its cluster (None is the tray), its position."""

Titled = tuple[str, int, int | None]
"""A cluster: its title, its position, the theme that it became."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Cards and clusters of a board by their ids."""

    cards: Mapping[int, Placed]
    clusters: Mapping[int, Titled]


@dataclass(slots=True)
class BoardChange:
    """A change on its way; `entry` is there once it is recorded, and stays None where nothing changed."""

    entry: ActivityEntry | None = field(default=None)


def read_layout(session: Session, board: Board) -> Layout:
    """Everything on the board, whoever may see it."""
    cards = session.execute(
        select(BoardCard.id, BoardCard.highlight_id, BoardCard.cluster_id, BoardCard.position).where(
            BoardCard.board_id == board.id
        )
    )
    clusters = session.execute(
        select(BoardCluster.id, BoardCluster.title, BoardCluster.position, BoardCluster.theme_id).where(
            BoardCluster.board_id == board.id
        )
    )
    return Layout(
        {row.id: (row.highlight_id, row.cluster_id, row.position) for row in cards},
        {row.id: (row.title, row.position, row.theme_id) for row in clusters},
    )


@contextmanager
def board_change(session: Session, actor: Member, board: Board, verb: str) -> Iterator[BoardChange]:
    """Records what the block changed on the board, with both sides of each difference."""
    before, change = read_layout(session, board), BoardChange()
    yield change
    session.flush()
    after = read_layout(session, board)
    cards, clusters = _differences(before.cards, after.cards), _differences(before.clusters, after.clusters)
    if cards or clusters:
        touch(session, actor, board)
        change.entry = record(session, actor, verb, board, detail={"cards": cards, "clusters": clusters})


def _differences(before: Mapping[int, Any], after: Mapping[int, Any]) -> dict[str, list[Any]]:
    """[before, after] of what is not the same; None stands for what is not there."""
    return {
        str(number): [before.get(number), after.get(number)]
        for number in sorted(before.keys() | after.keys())
        if before.get(number) != after.get(number)
    }
