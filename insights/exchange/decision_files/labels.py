"""The words by which decision files name their parts, gathered from MADR 2 to 4, Nygard, RFC tables and log4brains."""

import html
import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

TextField: TypeAlias = Literal[
    "context", "drivers", "considered", "arguments", "outcome", "consequences", "confirmation", "more_information"
]
FactField: TypeAlias = Literal[
    "status", "date", "decision_makers", "consulted", "informed", "supersedes", "superseded_by"
]
TEXT_FIELDS: tuple[TextField, ...] = (
    "context", "drivers", "considered", "arguments", "outcome", "consequences", "confirmation", "more_information",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TextLabel:
    """The field a heading opens. `telling` headings say more than the field's name and are kept in the text."""

    field: TextField
    telling: bool = False


_LONGEST = 500  # characters; a longer label is a paragraph and none of ours


def text_label(heading: str) -> TextLabel | None:
    """The field a section's heading stands for, None where the heading is not one we know."""
    words = plain_label(heading)
    if words in _TEXT_LABELS:
        return TextLabel(_TEXT_LABELS[words])
    if words in _TELLING_LABELS:
        return TextLabel(_TELLING_LABELS[words], telling=True)
    for start, field in _TELLING_STARTS:
        if words.startswith(start):
            return TextLabel(field, telling=True)
    return None


def fact_label(label: str) -> FactField | None:
    """The fact a label ("Last Modified", "decision-makers") or a heading ("Status") names."""
    return _FACT_LABELS.get(plain_label(label))


def is_free_label(label: str) -> bool:
    """A label that needs no bullet before it to be taken as one, though it has no field of its own."""
    return plain_label(label) in _FREE_LABELS


def plain_label(label: str) -> str:
    """The label without emphasis, comments, numbers and marks, in lower case: "**2. Status:**" is "status".

    Only the beginning of a very long one is looked at.
    """
    words = re.sub(r"<!--.*?-->", " ", html.unescape(label[:_LONGEST]))
    words = re.sub(r"^[\s*_`]*[0-9]{1,2}\\?[.)]\s+", "", words)
    return " ".join(re.sub(r"[*_`:\\-]+", " ", words).split()).casefold()


_TEXT_LABELS: dict[str, TextField] = {
    "context and problem statement": "context", "context & problem statement": "context", "context": "context",
    "problem statement": "context", "context and problem": "context", "issue": "context",
    "decision drivers": "drivers", "drivers": "drivers", "forces": "drivers",
    "considered options": "considered", "options considered": "considered", "options": "considered",
    "considered alternatives": "considered", "alternatives considered": "considered", "alternatives": "considered",
    "solution options": "considered",
    "pros and cons of the options": "arguments", "pros and cons of options": "arguments",
    "pros and cons of each option": "arguments", "pros and cons": "arguments",
    "decision outcome": "outcome", "decision": "outcome", "outcome": "outcome", "decision outcomes": "outcome",
    "consequences": "consequences", "consequence": "consequences",
    "confirmation": "confirmation", "validation": "confirmation", "compliance": "confirmation",
    "more information": "more_information", "links": "more_information", "additional information": "more_information",
}  # fmt: skip

_TELLING_LABELS: dict[str, TextField] = {
    "what": "context", "why": "context", "goals": "drivers", "how": "outcome", "proposed decision": "outcome",
    "positive consequences": "consequences", "negative consequences": "consequences",
    "neutral consequences": "consequences",
}  # fmt: skip

_TELLING_STARTS: tuple[tuple[str, TextField], ...] = (
    ("decision outcome ", "outcome"),
    ("pros and cons of ", "arguments"),
    ("options considered", "considered"),
    ("considered but not chosen", "considered"),
)

_FACT_LABELS: dict[str, FactField] = {
    "status": "status", "state": "status",
    "date": "date", "last modified": "date", "last updated": "date", "decided on": "date", "decision date": "date",
    "deciders": "decision_makers", "decider": "decision_makers", "decision makers": "decision_makers",
    "decision maker": "decision_makers", "decision maker(s)": "decision_makers", "decided by": "decision_makers",
    "authors": "decision_makers", "author": "decision_makers", "author(s)": "decision_makers",
    "consulted": "consulted", "informed": "informed",
    "supersedes": "supersedes", "replaces": "supersedes",
    "superseded by": "superseded_by", "replaced by": "superseded_by",
}  # fmt: skip

_FREE_LABELS = frozenset(
    {
        "technical story",
        "related issue",
        "related issues",
        "tags",
        "scope",
        "ticket",
        "tickets",
        "other docs",
        "ticket(s)",
    }
)
