"""Clusters as columns: named, merged, deleted."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.errors import NotFound, StaleRecord
from insights.people.models import Member
from insights.people.operations import require_same_area
from insights.synthesis.boards.layout import board_change
from insights.synthesis.boards.placing import cluster_title, put_last
from insights.synthesis.models import Board, BoardCard, BoardCluster


def get_cluster(session: Session, board: Board, cluster_id: int) -> BoardCluster:
    """Raises NotFound for one of another board, and for one that is gone."""
    cluster = session.get(BoardCluster, cluster_id)
    if cluster is None or cluster.board_id != board.id:
        raise NotFound(f"cluster {cluster_id} on {board.ref}")
    return cluster


def rename_cluster(
    session: Session, *, actor: Member, board: Board, cluster: BoardCluster, title: str, seen: str | None = None
) -> None:
    """`seen` is the name that the member saw; raises StaleRecord with both where somebody gave it another."""
    require_same_area(session, actor, board.team_id)
    chosen = cluster_title(title)
    if seen is not None and cluster.title not in {seen, chosen}:
        raise StaleRecord(board.ref, {"title": cluster.title}, {"title": chosen}, board.row_version)
    with board_change(session, actor, board, "renamed a cluster on"):
        cluster.title = chosen


def merge_clusters(session: Session, *, actor: Member, board: Board, cluster: BoardCluster, into: BoardCluster) -> None:
    """The cards go behind those of the other; its name stays, and the emptied cluster goes."""
    require_same_area(session, actor, board.team_id)
    if cluster.id == into.id:
        return
    with board_change(session, actor, board, "merged clusters on"):
        put_last(session, board, _cards_in(session, cluster), into.id)
        into.title = into.title or cluster.title
        into.theme_id = into.theme_id or cluster.theme_id
        session.delete(cluster)


def delete_cluster(session: Session, *, actor: Member, board: Board, cluster: BoardCluster) -> None:
    """Its cards go back to the tray."""
    require_same_area(session, actor, board.team_id)
    with board_change(session, actor, board, "deleted a cluster on"):
        put_last(session, board, _cards_in(session, cluster), None)
        session.delete(cluster)


def _cards_in(session: Session, cluster: BoardCluster) -> list[BoardCard]:
    return list(session.scalars(select(BoardCard).where(BoardCard.cluster_id == cluster.id)))
