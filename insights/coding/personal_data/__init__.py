"""What in a text may give somebody away: found by plain rules, before it is shared or published (L3)."""

from insights.coding.personal_data.known import KnownName, known_names
from insights.coding.personal_data.masking import MASKS, mask_all, replace_hit
from insights.coding.personal_data.numbers import is_health_number
from insights.coding.personal_data.rules import HIT_WORDS, HitKind
from insights.coding.personal_data.scan import Hit, scan

__all__ = [
    "HIT_WORDS",
    "MASKS",
    "Hit",
    "HitKind",
    "KnownName",
    "is_health_number",
    "known_names",
    "mask_all",
    "replace_hit",
    "scan",
]
