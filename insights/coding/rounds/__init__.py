"""Coding rounds: independent layers, agreement, and what is kept of them (features.md C6)."""

from insights.coding.rounds.agreement import NOTHING, Agreement, Unit
from insights.coding.rounds.comparison import Comparison, compare
from insights.coding.rounds.operations import (
    add_codings,
    adopt_coding,
    end_round,
    remove_coding,
    reopen_round,
    start_round,
)
from insights.coding.rounds.queries import (
    CodingRow,
    RoundPage,
    RoundRow,
    RoundText,
    codings_on,
    get_round,
    list_rounds,
    round_page,
    text_in_round,
)

__all__ = [
    "NOTHING",
    "Agreement",
    "CodingRow",
    "Comparison",
    "RoundPage",
    "RoundRow",
    "RoundText",
    "Unit",
    "add_codings",
    "adopt_coding",
    "codings_on",
    "compare",
    "end_round",
    "get_round",
    "list_rounds",
    "remove_coding",
    "reopen_round",
    "round_page",
    "start_round",
    "text_in_round",
]
