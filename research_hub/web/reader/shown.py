"""The text of a session with its highlights and notes, as it stands in the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask import current_app
from markupsafe import Markup

from insights.capture.queries import PageRow, UtteranceRow
from insights.coding.queries import Mark
from insights.synthesis.queries import Citing
from research_hub.web.reader.bare import bare_lines
from research_hub.web.reader.lines import Margin, lines_of

# Texts in the cache; one of 30,000 words with 1,000 highlights takes about 3 MB here.
_TEXTS = 16
_LONGEST_KEPT = 600_000


@dataclass(frozen=True, slots=True)
class Offer:
    """Whether who reads may highlight and may write insights, and where the addresses begin that the notes lead to."""

    codes: bool
    insights: bool
    highlights_at: str
    insights_at: str
    memos_at: str


@dataclass(frozen=True, slots=True)
class Said:
    """A text, who said what in it, and its printed pages."""

    text: str
    utterances: tuple[UtteranceRow, ...]
    pages: tuple[PageRow, ...]

    @property
    def timed(self) -> bool:
        return any(each.start_ms is not None for each in self.utterances)


def shown_text(said: Said, marks: Sequence[Mark], margin: Margin, offer: Offer) -> Markup:
    """What was made is kept by everything that stands in it, as the member who asks may see it.

    So it is never shown to somebody who sees less or more, nor after a change. A memo says how long ago it was written;
    a text with memos is made anew.
    """
    if margin.memos or len(said.text) > _LONGEST_KEPT:
        return _render(said, marks, margin, offer)
    cited = tuple((number, tuple(insights)) for number, insights in sorted(margin.insights.items()))
    return _kept(said, tuple(marks), cited, offer)


_Cited = tuple[tuple[int, tuple[Citing, ...]], ...]


@lru_cache(maxsize=_TEXTS)
def _kept(said: Said, marks: tuple[Mark, ...], cited: _Cited, offer: Offer) -> Markup:
    return _render(said, marks, Margin(dict(cited)), offer)


def _render(said: Said, marks: Sequence[Mark], margin: Margin, offer: Offer) -> Markup:
    lines = lines_of(bare_lines(said.text, said.utterances, said.pages), marks, margin)
    macros = current_app.jinja_env.get_template("components/reader.html").module
    made: Markup = macros.reader(  # type: ignore[attr-defined]  # what a template defines is known when it is read
        lines, offer.codes, offer.insights, offer.highlights_at, offer.insights_at, offer.memos_at
    )
    return made
