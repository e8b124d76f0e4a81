"""A decision file once it is text, and the keys our own export adds to MADR's."""

from dataclasses import dataclass
from typing import get_args

from insights.exchange.decision_files.documents import DecisionFormat
from insights.exchange.decision_files.front_matter import FrontMatter, flow_text
from insights.exchange.decision_files.markdown_blocks import Block

# What MADR has no place for, so that a decision read from another form survives the way out and back.
TITLE_KEY = "x-title"
NUMBER_KEY = "x-number"
FORMAT_KEY = "x-format"
STATUS_WORDS_KEY = "x-status-text"
DATE_WORDS_KEY = "x-date-text"
EVIDENCE_KEY = "x-evidence"
OWN_KEYS = (TITLE_KEY, NUMBER_KEY, FORMAT_KEY, STATUS_WORDS_KEY, DATE_WORDS_KEY)


@dataclass(frozen=True, slots=True)
class SourceFile:
    name: str
    front: FrontMatter
    blocks: list[Block]
    is_rst: bool
    encoding: str
    sha256: str

    def own(self) -> dict[str, str]:
        """Our own keys with text fit for them; anything else under such a key is foreign and stays visible."""
        found = {key: self.front.values.get(key) for key in OWN_KEYS}
        texts = {key: flow_text(value) for key, value in found.items() if isinstance(value, (str, int))}
        if texts.get(FORMAT_KEY) not in get_args(DecisionFormat):
            texts.pop(FORMAT_KEY, None)
        if "\n" in texts.get(TITLE_KEY, "") or not texts.get(TITLE_KEY):
            texts.pop(TITLE_KEY, None)
        return {key: text for key, text in texts.items() if text}
