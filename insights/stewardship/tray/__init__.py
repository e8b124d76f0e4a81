"""The evidence tray: gathered while reading, turned into a decision draft, a collection or citations (E8, N6)."""

from insights.stewardship.tray.citing import STYLE_NAMES, Citation, Style, cite, with_left_out
from insights.stewardship.tray.collecting import (
    Entry,
    create_collection,
    delete_collection,
    edit_collection,
    restore_collection,
)
from insights.stewardship.tray.deciding import Reason, draft_from_tray
from insights.stewardship.tray.gathering import (
    Step,
    empty_tray,
    fill_tray_again,
    move_in_tray,
    note_in_tray,
    put_back_in_tray,
    put_in_tray,
    take_out_of_tray,
)
from insights.stewardship.tray.queries import (
    CollectionRow,
    KeptRow,
    get_collection,
    items_and_more,
    items_of,
    list_collections,
    list_tray,
    tray_refs,
)
from insights.stewardship.tray.row import GatheredRow
from insights.stewardship.tray.rows import gathered_rows
from insights.stewardship.tray.taking import taken_away

__all__ = [
    "STYLE_NAMES",
    "Citation",
    "CollectionRow",
    "Entry",
    "GatheredRow",
    "KeptRow",
    "Reason",
    "Step",
    "Style",
    "cite",
    "create_collection",
    "delete_collection",
    "draft_from_tray",
    "edit_collection",
    "empty_tray",
    "fill_tray_again",
    "gathered_rows",
    "get_collection",
    "items_and_more",
    "items_of",
    "list_collections",
    "list_tray",
    "move_in_tray",
    "note_in_tray",
    "put_back_in_tray",
    "put_in_tray",
    "restore_collection",
    "take_out_of_tray",
    "taken_away",
    "tray_refs",
    "with_left_out",
]
