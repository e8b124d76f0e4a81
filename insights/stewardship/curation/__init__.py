"""The curator's queue: what in the repository needs somebody to look at it, in one order (beyond.md 16)."""

from insights.stewardship.curation.items import QUEUE_TITLES, QueueItem, QueueKind, QueueSection
from insights.stewardship.curation.queries import load_queue
from insights.stewardship.curation.setting_aside import put_back, set_aside

__all__ = ["QUEUE_TITLES", "QueueItem", "QueueKind", "QueueSection", "load_queue", "put_back", "set_aside"]
