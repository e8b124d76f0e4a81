"""Undo: each member takes back their own changes of a board, newest first, as long as nobody built on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.activity import ActivityEntry, record, touch
from insights.core.errors import RuleBroken
from insights.people.models import Member
from insights.people.operations import require_same_area
from insights.synthesis.boards.layout import Layout, read_layout
from insights.synthesis.models import Board, BoardCard, BoardCluster

UNDID = "undid a change on"
LOOKED_AT = 200
"""How many of the member's latest changes can be taken back, at most."""


def last_change(session: Session, actor: Member, board: Board) -> ActivityEntry | None:
    """The member's newest change that was not undone yet."""
    entries = session.scalars(
        select(ActivityEntry)
        .where(ActivityEntry.subject_ref == board.ref, ActivityEntry.actor_id == actor.id)
        .order_by(ActivityEntry.id.desc())
        .limit(LOOKED_AT)
    ).all()
    undone = {entry.detail.get("undoes") for entry in entries if entry.verb == UNDID}
    return next((each for each in entries if "cards" in each.detail and each.id not in undone), None)


def undo_last_change(session: Session, *, actor: Member, board: Board) -> str:
    """Puts everything that the member's newest change moved back to where it was; answers what was undone, as a verb.

    Raises RuleBroken where there is nothing to undo, and where somebody changed the same things since.
    """
    require_same_area(session, actor, board.team_id)
    entry = last_change(session, actor, board)
    if entry is None:
        raise RuleBroken("There is nothing of yours to undo on this board.")
    cards, clusters = entry.detail["cards"], entry.detail["clusters"]
    _refuse_if_built_on(read_layout(session, board), cards, clusters)
    _bring_back_clusters(session, board, clusters)
    _bring_back_cards(session, board, cards)
    _drop_clusters(session, clusters)
    touch(session, actor, board)
    record(session, actor, UNDID, board, detail={"undoes": entry.id})
    return entry.verb


def _refuse_if_built_on(layout: Layout, cards: Mapping[str, Any], clusters: Mapping[str, Any]) -> None:
    built_on = any(_where(layout.cards.get(int(key))) != _where(after) for key, (_, after) in cards.items())
    built_on |= any(_named(layout.clusters.get(int(key))) != _named(after) for key, (_, after) in clusters.items())
    going = {int(key) for key, (before, _) in clusters.items() if before is None}
    built_on |= any(placed[1] in going and str(number) not in cards for number, placed in layout.cards.items())
    coming = {int(key) for key, (before, _) in clusters.items() if before is not None}
    homes = {before[1] for before, _ in cards.values() if before is not None and before[1] is not None}
    if built_on or not homes <= layout.clusters.keys() | coming:
        raise RuleBroken("Somebody has changed the same cards or cluster since, so nothing was undone.")


def _where(placed: Any) -> Any:  # noqa: ANN401 - a tuple, or a list as it was stored
    """The cluster of a card; where exactly it lies in it does not matter. None where it is not on the board."""
    return None if placed is None else ("in", placed[1])


def _named(titled: Any) -> Any:  # noqa: ANN401 - a tuple, or a list as it was stored
    return None if titled is None else ("named", titled[0])


def _bring_back_clusters(session: Session, board: Board, clusters: Mapping[str, Any]) -> None:
    for key, (before, after) in clusters.items():
        if before is None:
            continue
        cluster = session.get(BoardCluster, int(key))
        if cluster is None:
            cluster = BoardCluster(id=int(key), board_id=board.id)
            session.add(cluster)
            cluster.theme_id = before[2]
        elif after is not None and before[2] != after[2] and cluster.theme_id == after[2]:
            cluster.theme_id = before[2]
        cluster.title, cluster.position = before[0], before[1]
    session.flush()


def _bring_back_cards(session: Session, board: Board, cards: Mapping[str, Any]) -> None:
    found = {
        card.id: card
        for card in session.scalars(select(BoardCard).where(BoardCard.id.in_([int(key) for key in cards])))
    }
    for key, (before, _after) in cards.items():
        card = found.get(int(key))
        if before is None:
            if card is not None:
                session.delete(card)
            continue
        if card is None:
            card = BoardCard(id=int(key), board_id=board.id, highlight_id=before[0])
            session.add(card)
        card.cluster_id, card.position = before[1], before[2]
    session.flush()


def _drop_clusters(session: Session, clusters: Mapping[str, Any]) -> None:
    for key, (before, _after) in clusters.items():
        cluster = session.get(BoardCluster, int(key)) if before is None else None
        if cluster is not None:
            session.delete(cluster)
    session.flush()
