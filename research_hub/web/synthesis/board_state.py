"""Where everything on a board lies, as pages that are open are told."""

from __future__ import annotations

from insights.synthesis.boards import board_state, last_change
from insights.synthesis.models import Board
from research_hub.db import reading
from research_hub.security import current_member

UNDO_WORDS = {
    "moved cards on": "Undo the move",
    "made a cluster on": "Undo the new cluster",
    "renamed a cluster on": "Undo the new name",
    "merged clusters on": "Undo the merge",
    "deleted a cluster on": "Bring the cluster back",
    "put quotes on": "Undo putting quotes here",
    "took quotes off": "Bring the cards back",
}


def state_of(board: Board) -> dict[str, object]:
    session, member = reading(), current_member()
    state, undoable = board_state(session, member, board), last_change(session, member, board)
    return {
        "version": state.version,
        "clusters": state.clusters,
        "cards": {str(key or ""): ids for key, ids in state.cards.items()},
        "undo": "" if undoable is None else UNDO_WORDS.get(undoable.verb, "Undo"),
    }
