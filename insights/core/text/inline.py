"""Markdown's inline markup inside one block: one pass over signs, with stacks, never looking back over text."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from insights.core.text.emphasis import Emphasis
from insights.core.text.lines import RoughBlock, Span
from insights.core.text.links import AUTOLINK, LABEL, TARGET, link_definitions, safe_href
from insights.core.text.runs import Marks, Run
from insights.core.text.tags import STYLE_OF_TAG, TAG, is_html, parts_words

__all__ = ["Run", "inline_runs", "link_definitions"]


def inline_runs(text: str, block: RoughBlock, definitions: Mapping[str, str]) -> tuple[Run, ...]:
    """The runs of a block; `definitions` are the text's reference links by case-folded label."""
    marks = Marks()
    for start, end in block.markup:
        marks.hide(start, end, parts_words=block.kind == "table_row")
    if block.kind == "code":
        marks.style(block.start, block.end, "code")
    elif block.kind == "table_row":
        for span in _between(block):
            _Scanner(text, marks, definitions).scan([span])
    elif block.kind not in {"rule", "markup"}:
        _Scanner(text, marks, definitions).scan(_between(block))
    return marks.runs(text, block.start, block.end)


_SIGN = re.compile(
    r"(?P<escape>\\[!-/:-@\[-`{-~])|(?P<ticks>`+)|(?P<angle><)"
    r"|(?P<entity>&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
    r"|(?P<bracket>!?\[)|(?P<close>\])|(?P<stress>\*+|_+|~~+)"
    r"|(?P<attributes>\{:? ?[.#]\w[\w .#=\"':-]{0,100}\})|(?P<template>\{[{%#])"
    r"|(?P<address>https?://[^\s<>\"`|\[\]{}\\^*]+)"
)
# Every sign holds one of these, at most this far from its start ("https:/"). Looking for one of a few characters is
# some twenty times faster than trying every kind of sign at every letter, and most prose has none.
_HINT = re.compile(r"[\\`<&\[\]*_~{/]")
_HINT_REACH = len("https:/")
_TEMPLATE_ENDS = {"{{": "}}", "{%": "%}", "{#": "#}"}
_SPACE_ENTITIES = {"&nbsp;", "&#x20;", "&#32;", "&#160;", "&#xa0;", "&ensp;", "&emsp;", "&thinsp;", "&#10;", "&#x0a;"}
_TRAILING = ".,;:!?)'_~"
_IMAGE_WORDS = re.compile(r"\salt=(\"[^\"]*\"|'[^']*')", re.IGNORECASE)
_HREF = re.compile(r"\shref=(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Bracket:
    start: int
    end: int

    @property
    def image(self) -> bool:
        return self.end - self.start > 1


def _between(block: RoughBlock) -> list[Span]:
    """The stretches of the block that are not block markup."""
    spans: list[Span] = []
    place = block.start
    for start, end in block.markup:
        spans.append((place, start))
        place = end
    return [(start, end) for start, end in [*spans, (place, block.end)] if start < end]


class _Scanner:
    def __init__(self, text: str, marks: Marks, definitions: Mapping[str, str]) -> None:
        self._text = text
        self._marks = marks
        self._definitions = definitions
        self._emphasis = Emphasis(marks)
        self._brackets: list[_Bracket] = []
        self._tags: dict[str, list[Span]] = {}
        self._hrefs: dict[int, str | None] = {}
        self._code: dict[int, int] = {}
        self._unclosed: set[str] = set()
        self._takers: dict[str, Callable[[int, int, int], int]] = {
            "escape": self._escape,
            "ticks": self._ticks,
            "angle": self._angle,
            "entity": self._entity,
            "bracket": self._bracket,
            "close": self._close,
            "stress": self._stress,
            "attributes": self._attributes,
            "template": self._template,
            "address": self._address,
        }

    def scan(self, spans: list[Span]) -> None:
        """Read the stretches as one text; each taker answers where reading goes on."""
        for start, end in spans:
            self._code = _code_spans(self._text, start, end)
            self._unclosed.clear()
            place = start
            while sign := self._next_sign(place, end):
                place = self._takers[sign.lastgroup or ""](sign.start(), sign.end(), end)

    def _next_sign(self, place: int, end: int) -> re.Match[str] | None:
        hint = _HINT.search(self._text, place, end)
        return hint and _SIGN.search(self._text, max(place, hint.start() - _HINT_REACH), end)

    def _escape(self, start: int, end: int, _limit: int) -> int:
        self._marks.hide(start, start + 1)
        return end

    def _ticks(self, start: int, end: int, _limit: int) -> int:
        closing = self._code.get(start)
        if closing is None:
            return end
        width = end - start
        self._marks.hide(start, end)
        self._marks.style(end, closing, "code")
        self._marks.hide(closing, closing + width)
        return closing + width

    def _angle(self, start: int, end: int, limit: int) -> int:
        if self._text.startswith("<!--", start):
            return self._to(start, "<!--", "-->", limit) or end
        if autolink := AUTOLINK.match(self._text, start, limit):
            self._marks.hide(start, start + 1)
            self._marks.style(*autolink.span(1), "link", safe_href(autolink[1]))
            self._marks.hide(autolink.end() - 1, autolink.end())
            return autolink.end()
        tag = TAG.match(self._text, start, limit)
        if tag and is_html(tag[1]):
            self._take_tag(tag)
            return tag.end()
        return end

    def _take_tag(self, tag: re.Match[str]) -> None:
        name = tag[1].lower()
        words = _IMAGE_WORDS.search(tag[0]) if name == "img" else None
        middle = (tag.start() + words.start(1) + 1, tag.start() + words.end(1) - 1) if words else (tag.end(), tag.end())
        self._marks.hide(tag.start(), middle[0], parts_words=parts_words(name))
        self._marks.hide(middle[1], tag.end(), parts_words=parts_words(name))
        if name not in STYLE_OF_TAG:
            return
        if not tag[0].startswith("</"):
            self._tags.setdefault(name, []).append(tag.span())
            self._hrefs[tag.start()] = _href_of(tag[0]) if name == "a" else None
        elif self._tags.get(name):
            opening, after = self._tags[name].pop()
            self._marks.style(after, tag.start(), STYLE_OF_TAG[name], self._hrefs[opening])

    def _entity(self, start: int, end: int, _limit: int) -> int:
        """Spaces are hidden as gaps; of &amp; the sign itself stays; others show as they are written."""
        written = self._text[start:end].lower()
        if written in _SPACE_ENTITIES:
            self._marks.hide(start, end, parts_words=True)
        elif written in {"&amp;", "&#38;", "&#x26;"}:
            self._marks.hide(start + 1, end)
        return end

    def _bracket(self, start: int, end: int, _limit: int) -> int:
        self._brackets.append(_Bracket(start, end))
        return end

    def _close(self, start: int, end: int, limit: int) -> int:
        if not self._brackets:
            return end
        opener = self._brackets.pop()
        if target := TARGET.match(self._text, end, limit):
            self._link(opener, start, target)
            return target.end()
        label = LABEL.match(self._text, end, limit)
        name = (label[1] if label else "") or self._short(opener.end, start)
        if name.casefold() not in self._definitions:
            return end
        self._show_link(opener, start, label.end() if label else end, self._definitions[name.casefold()])
        return label.end() if label else end

    def _short(self, start: int, end: int) -> str:
        return self._text[start:end] if end - start <= 200 else ""  # noqa: PLR2004 - as long as a label may be

    def _link(self, opener: _Bracket, close: int, target: re.Match[str]) -> None:
        address = target["pointed"] if target["pointed"] is not None else target["plain"]
        self._show_link(opener, close, target.end(), address)

    def _show_link(self, opener: _Bracket, close: int, end: int, address: str) -> None:
        """Hide brackets and target, show the words; an image's caption is words too."""
        self._marks.hide(opener.start, opener.end)
        if opener.image:
            caption = _caption(self._text, close, end)
            self._marks.hide(close, caption[0], parts_words=True)
            self._marks.hide(caption[1], end, parts_words=True)
            return
        self._marks.hide(close, end)
        self._marks.style(opener.end, close, "link", safe_href(address))
        self._brackets = [bracket for bracket in self._brackets if bracket.image]

    def _stress(self, start: int, end: int, _limit: int) -> int:
        self._emphasis.meet(self._text, start, end)
        return end

    def _attributes(self, start: int, end: int, _limit: int) -> int:
        self._marks.hide(start, end)
        return end

    def _template(self, start: int, end: int, limit: int) -> int:
        opener = self._text[start:end]
        return self._to(start, opener, _TEMPLATE_ENDS[opener], limit) or end

    def _to(self, start: int, opener: str, closer: str, limit: int) -> int:
        """Hide up to and with `closer` and answer its end; 0 where it does not come, which is looked for once only."""
        close = -1 if opener in self._unclosed else self._text.find(closer, start + len(opener), limit)
        if close < 0:
            self._unclosed.add(opener)
            return 0
        self._marks.hide(start, close + len(closer))
        return close + len(closer)

    def _address(self, start: int, end: int, _limit: int) -> int:
        end = start + len(self._text[start:end].rstrip(_TRAILING))
        self._marks.style(start, end, "link", safe_href(self._text[start:end]))
        return end


def _code_spans(text: str, start: int, end: int) -> dict[int, int]:
    """Where each opening run of backticks is closed by the next run of the same length."""
    runs = [found.span() for found in re.compile("`+").finditer(text, start, end)]
    closings: dict[int, int] = {}
    next_of_width: dict[int, int] = {}
    for first, last in reversed(runs):
        if last - first in next_of_width:
            closings[first] = next_of_width[last - first]
        next_of_width[last - first] = first
    return closings


def _href_of(tag: str) -> str | None:
    found = _HREF.search(tag)
    return safe_href(found[1] or found[2] or found[3] or "") if found else None


def _caption(text: str, close: int, end: int) -> Span:
    """The span of the title in `](address "title")`, or the empty one at the end."""
    target = TARGET.match(text, close + 1, end)
    name = next((name for name in ("double", "single", "round") if target and target[name]), None)
    return target.span(name) if target and name else (end, end)
