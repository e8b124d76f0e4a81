"""Affinity boards and themes (features.md D2): quotes on cards, cards in clusters, a cluster becomes a theme."""

from insights.synthesis.boards.clusters import delete_cluster, get_cluster, merge_clusters, rename_cluster
from insights.synthesis.boards.filling import (
    create_board,
    put_quotes,
    quotes_to_put,
    rename_board,
    set_board_deleted,
    take_off,
)
from insights.synthesis.boards.placing import Moved, SeenCard, cluster_cards, move_cards
from insights.synthesis.boards.queries import (
    BoardPage,
    BoardRow,
    BoardState,
    CardRow,
    ClusterRow,
    board_page,
    board_state,
    get_board,
    list_boards,
)
from insights.synthesis.boards.theme_queries import (
    ThemePage,
    ThemeRow,
    get_theme,
    list_themes,
    quotes_in_theme,
    theme_page,
    theme_tag_names,
)
from insights.synthesis.boards.themes import (
    add_quotes_to_theme,
    edit_theme,
    make_theme,
    set_theme_deleted,
    take_quote_from_theme,
    theme_from_cluster,
)
from insights.synthesis.boards.undoing import last_change, undo_last_change

__all__ = [
    "BoardPage",
    "BoardRow",
    "BoardState",
    "CardRow",
    "ClusterRow",
    "Moved",
    "SeenCard",
    "ThemePage",
    "ThemeRow",
    "add_quotes_to_theme",
    "board_page",
    "board_state",
    "cluster_cards",
    "create_board",
    "delete_cluster",
    "edit_theme",
    "get_board",
    "get_cluster",
    "get_theme",
    "last_change",
    "list_boards",
    "list_themes",
    "make_theme",
    "merge_clusters",
    "move_cards",
    "put_quotes",
    "quotes_in_theme",
    "quotes_to_put",
    "rename_board",
    "rename_cluster",
    "set_board_deleted",
    "set_theme_deleted",
    "take_off",
    "take_quote_from_theme",
    "theme_from_cluster",
    "theme_page",
    "theme_tag_names",
    "undo_last_change",
]
