"""What the queue is made of: the kinds in their order, an item, and the items of one kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class QueueKind(StrEnum):
    """In the order in which a curator works through them."""

    ORPHANED_HIGHLIGHT = "orphaned_highlight"
    SUSPECT_LINK = "suspect_link"
    PROPOSED_REVIEW = "proposed_review"
    OPEN_CONTRADICTION = "open_contradiction"
    CONTRADICTION_CANDIDATE = "contradiction_candidate"
    DUPLICATE_CANDIDATE = "duplicate_candidate"
    UNTAGGED_HIGHLIGHT = "untagged_highlight"
    STALE_BUT_CITED = "stale_but_cited"
    REVIEW_DUE = "review_due"


QUEUE_TITLES: dict[QueueKind, str] = {
    QueueKind.ORPHANED_HIGHLIGHT: "Quotes that lost their place",
    QueueKind.SUSPECT_LINK: "Decisions whose evidence changed since",
    QueueKind.PROPOSED_REVIEW: "Decisions that somebody asks to review",
    QueueKind.OPEN_CONTRADICTION: "Open contradictions",
    QueueKind.CONTRADICTION_CANDIDATE: "Insights that may contradict each other",
    QueueKind.DUPLICATE_CANDIDATE: "Insights that may say the same",
    QueueKind.UNTAGGED_HIGHLIGHT: "Quotes without a tag",
    QueueKind.STALE_BUT_CITED: "Stale, and decisions rest on them",
    QueueKind.REVIEW_DUE: "Insights whose review is due",
}


@dataclass(frozen=True, slots=True)
class QueueItem:
    """`key` names the item when it is set aside; `other_ref` and `other` are its second record, where it has one.

    `number` is the id of the link or contradiction that a form of the page acts on, 0 elsewhere.
    """

    key: str
    ref: str
    text: str
    detail: str
    since: date | None
    other_ref: str = ""
    other: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class QueueSection:
    """Up to twenty items of one kind; `has_more` where others wait behind them."""

    kind: QueueKind
    title: str
    items: tuple[QueueItem, ...]
    has_more: bool
