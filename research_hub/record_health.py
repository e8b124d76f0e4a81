"""Is the record whole? For `research-hub doctor`."""

from __future__ import annotations

from insights.stewardship.audit.checking import check_record
from research_hub.anchors import kept_anchors
from research_hub.config import Settings
from research_hub.db import reading
from research_hub.health import Check


def record_check(settings: Settings) -> Check:
    """Walks both chains; a database from before there was a chain begins one with its next change."""
    found = check_record(reading(), kept_anchors(settings.data))
    broken = [checked for checked in found if not checked.is_whole]
    if broken:
        return Check("record", False, f"{broken[0].name}: {broken[0].first} Run: research-hub audit check")
    told = " and ".join(
        f"{checked.entries:,} {what}" for checked, what in zip(found, ("entries", "looks"), strict=True)
    )
    return Check("record", True, f"{told}, as they were written.")
