"""The areas that the member looks after: the second gate of the pages about people (features.md L7)."""

from __future__ import annotations

from insights.core.errors import NotAllowed
from insights.people.queries import area_ids
from research_hub.db import reading
from research_hub.security import current_member


def looked_after() -> frozenset[int]:
    """Ids of teams. Raises NotAllowed for those who look after none."""
    areas = area_ids(reading(), current_member())
    if not areas:
        raise NotAllowed("Only those who administer an area can see this. Ask whoever administers yours.")
    return areas
