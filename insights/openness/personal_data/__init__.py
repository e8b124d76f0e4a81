"""What in a text may give somebody away: found by plain rules, before it is shared or published (L3)."""

from insights.openness.personal_data.known import KnownName, known_names
from insights.openness.personal_data.masking import MASKS, mask_all, replace_hit
from insights.openness.personal_data.numbers import is_health_number
from insights.openness.personal_data.scan import HIT_WORDS, Hit, HitKind, scan

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
