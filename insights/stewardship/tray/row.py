"""One gathered record as pages, files and citations show it, and the words for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Tone = Literal["ok", "warn", "bad", "plain"]
States = tuple[tuple[str, Tone], ...]


@dataclass(frozen=True, slots=True)
class GatheredRow:
    """One record. `text` is what it says; `is_voice` where these are somebody's own words, said by `by`.

    `version` is in words, `pin` the number that a permanent address carries, 0 where addresses carry none. `where` is
    the study, and how it was heard. `can_carry` says whether a decision may rest on it.
    """

    ref: str
    kind: str
    text: str
    by: str = ""
    dated_on: date | None = None
    where: str = ""
    strength: str = ""
    states: States = ()
    version: str = ""
    pin: int = 0
    is_voice: bool = False
    can_carry: bool = False

    @property
    def state_words(self) -> str:
        return "; ".join(words for words, _tone in self.states)


def words(term: str) -> str:
    return str(getattr(term, "value", term)).replace("_", " ")


def count(number: int, singular: str) -> str:
    return f"{number:,} {singular}" if number == 1 else f"{number:,} {singular}s"
