"""Y-statements: "In the context of …, facing …, we decided …, and neglected …, to achieve …, accepting that …".

The form is Zimmermann's (Sustainable Architectural Design Decisions, 2012).
"""

import re
from dataclasses import dataclass

from insights.exchange.decision_files.markdown_blocks import settled

_PARTS = re.compile(
    r"(?P<context>\bin the context of\b)|(?P<drivers>\bfacing\b)|(?P<outcome>\bwe (?:have )?decided\b)"
    r"|(?P<neglected>\b(?:and )?neglected\b)|(?P<aim>\bto achieve\b)|(?P<price>\baccepting\b)",
    re.IGNORECASE,
)
_LONGEST_TITLE = 120  # characters


@dataclass(frozen=True, slots=True)
class YStatement:
    """The sentence cut at its joints, each part in its own words; `before` is what stands ahead of it."""

    before: str
    context: str
    drivers: str
    outcome: str
    neglected: str
    consequences: str


def read_y_statement(text: str) -> YStatement | None:
    """The parts, or None where the text is not one sentence of this form in this order."""
    places: dict[str, int] = {}
    for match in _PARTS.finditer(text):
        if match.lastgroup and match.lastgroup not in places:
            places[match.lastgroup] = match.start()
    starts = [places.get(part, -1) for part in ("context", "drivers", "outcome")]
    if -1 in starts or starts != sorted(starts) or not places.keys() & {"neglected", "aim", "price"}:
        return None
    return _cut(text, places)


def what_was_decided(text: str) -> str:
    """The title "Implement X" for "we decided to implement X,"; empty where there is no such sentence."""
    statement = read_y_statement(text)
    if not statement:
        return ""
    words = re.sub(r"(?i)^we (?:have )?decided\s*(?:to|for|that)?\s*:?", "", " ".join(statement.outcome.split()))
    words = words.strip(" ,.;:#")[:_LONGEST_TITLE]
    return words[:1].upper() + words[1:]


def _cut(text: str, places: dict[str, int]) -> YStatement:
    later = [at for part, at in places.items() if part in {"neglected", "aim", "price"} and at > places["outcome"]]
    ends = sorted({*later, len(text)})
    neglected_at = places.get("neglected", -1)
    consequences_at = min((at for at in later if at != neglected_at), default=len(text))
    has_neglected = places["outcome"] < neglected_at < consequences_at
    neglected = text[neglected_at:consequences_at] if has_neglected else ""
    return YStatement(
        before=settled(text[: places["context"]]),
        context=settled(text[places["context"] : places["drivers"]]),
        drivers=settled(text[places["drivers"] : places["outcome"]]),
        outcome=settled(text[places["outcome"] : ends[0] if has_neglected else consequences_at]),
        neglected=" ".join(re.sub(r"(?i)^(?:and )?neglected:?\s*", "", neglected).split()).strip(" ,;"),
        consequences=settled(text[consequences_at:]),
    )
