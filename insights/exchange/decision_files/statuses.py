"""The six states of a decision, and the words people use for them."""

import re
from dataclasses import dataclass

from insights.exchange.decision_files.documents import DecisionStatus
from insights.exchange.decision_files.labels import plain_label


@dataclass(frozen=True, slots=True)
class StatusReading:
    """`sure` is False where the word is not MADR's own and had to be interpreted."""

    status: DecisionStatus | None
    sure: bool = True


def read_status(words: str) -> StatusReading:
    """The state the words name. A line that says "superseded by" outweighs an "accepted" above it (adr-tools)."""
    lines = [_plain_words(line) for line in words.split("\n")]
    spoken = [line for line in lines if line]
    if any(_SUPERSEDED.match(line) for line in spoken):
        return StatusReading("superseded")
    return _read_line(spoken[0]) if spoken else StatusReading(None)


def _read_line(line: str) -> StatusReading:
    for word, status in _WORDS.items():
        if re.match(rf"{word}\b", line):
            return StatusReading(status, sure=word in _OWN_WORDS)
    named = {status for word, status in _WORDS.items() if re.search(rf"(?<!not )\b{word}\b", line)}
    return StatusReading(named.pop(), sure=False) if len(named) == 1 else StatusReading(None)


def _plain_words(line: str) -> str:
    return plain_label(re.sub(r"~~[^~]*~~", "", line)).strip(" .,;!{}[]()\"'")


_SUPERSEDED = re.compile(r"(?:superseded|superceded|replaced)\b")
_OWN_WORDS = frozenset({"draft", "proposed", "accepted", "approved", "rejected", "deprecated", "superseded"})
_WORDS: dict[str, DecisionStatus] = {
    "draft": "draft", "wip": "draft", "work in progress": "draft",
    "proposed": "proposed", "proposal": "proposed", "pending": "proposed", "in review": "proposed",
    "under review": "proposed", "for review": "proposed", "in discussion": "proposed", "on hold": "proposed",
    "open": "proposed",
    "accepted": "accepted", "approved": "accepted", "active": "accepted", "adopted": "accepted",
    "decided": "accepted", "agreed": "accepted", "implemented": "accepted",
    "rejected": "rejected", "declined": "rejected",
    "deprecated": "deprecated", "obsolete": "deprecated", "retired": "deprecated",
    "superseded": "superseded", "superceded": "superseded",
}  # fmt: skip
