"""Markdown that people write, as HTML that is safe to show; the only place that makes Markup.

Two gates: Markdown makes the HTML, and nh3 keeps what stands on a short list. Images become links to them, since a page
asks nobody else for anything. Text that takes too long, or that is too long, is shown as it was typed.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

import nh3
from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markupsafe import Markup

LONGEST = 200_000
# Seconds of this thread's own time, so that a busy machine does not turn texts into plain ones.
PATIENCE = 1.0
CACHED_LENGTH = 20_000
# Each opening angle bracket may be looked for an end through all of the text, in one go that no clock interrupts.
HTML_WORK = 5_000_000

_TAGS = {
    *("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "code", "hr", "br"),
    *("em", "strong", "b", "i", "del", "s", "ins", "sub", "sup", "kbd", "a"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "th": {"align"}, "td": {"align"}}
_SCHEMES = {"http", "https", "mailto"}
_EXTENSIONS = ("tables", "fenced_code", "sane_lists", "def_list", "pymdownx.tilde")
_SETTINGS = {"tables": {"use_align_attribute": True}, "pymdownx.tilde": {"subscript": False}}
_DEEPEST_HEADING = 6


class _TooSlow(Exception):
    """The text would take longer than anybody waits for a page."""


def render_markdown(text: str, level: int = 3) -> Markup:
    """Safe HTML of a Markdown text; its highest headings are given that level, so that they fit into the page."""
    if not text.strip():
        return Markup()
    if len(text) > LONGEST:
        return _as_typed(text)
    return _cached(text, level) if len(text) <= CACHED_LENGTH else _render(text, level)


@lru_cache(maxsize=512)
def _cached(text: str, level: int) -> Markup:
    return _render(text, level)


def _render(text: str, level: int) -> Markup:
    try:
        html = _converter(level, html=text.count("<") * len(text) <= HTML_WORK).convert(text)
    except (_TooSlow, RecursionError):
        return _as_typed(text)
    return Markup(_clean(html))  # noqa: S704 - what nh3 lets through


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=set(),
        attributes=_ATTRIBUTES,
        attribute_filter=_filter_address,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )


def _filter_address(_tag: str, attribute: str, value: str) -> str | None:
    """Whatever looks like a scheme has to be one of ours, also where a strict reader would see a relative address."""
    scheme = re.match(r"([^/?#]*?):", value)
    if attribute == "href" and scheme is not None and scheme.group(1).strip().casefold() not in _SCHEMES:
        return None
    return value


def _as_typed(text: str) -> Markup:
    """Paragraphs and line ends, nothing else."""
    paragraphs = [part for part in re.split(r"\n\s*\n", text) if part.strip()]
    lines = [Markup("<br>\n").join(part.strip("\n").split("\n")) for part in paragraphs]
    return Markup("\n").join(Markup("<p>{}</p>").format(each) for each in lines)


def _converter(level: int, *, html: bool) -> Markdown:
    """A fresh one a text: it keeps state between texts, and threads would share it.

    Without `html` the tags that people typed are shown as they were typed.
    """
    converter = Markdown(extensions=[*_EXTENSIONS, _Ours(level)], extension_configs=_SETTINGS, output_format="html")
    if not html:
        converter.preprocessors.deregister("html_block")
        converter.inlinePatterns.deregister("html")
    deadline = time.thread_time() + PATIENCE

    def look_at_the_clock() -> None:
        if time.thread_time() > deadline:
            raise _TooSlow

    _watch(converter.inlinePatterns, "handleMatch", look_at_the_clock)
    _watch(converter.parser.blockprocessors, "test", look_at_the_clock)
    return converter


def _watch(processors: Iterable[Any], method: str, look: Callable[[], None]) -> None:
    """Some texts, such as a long row of opening brackets, take Python-Markdown time in the square of their length."""
    for processor in processors:
        setattr(processor, method, _watched(getattr(processor, method), look))


def _watched(method: Callable[..., Any], look: Callable[[], None]) -> Callable[..., Any]:
    def watched(*values: Any) -> Any:  # noqa: ANN401 - whatever the processor takes and gives
        look()
        return method(*values)

    return watched


class _Ours(Extension):
    def __init__(self, level: int) -> None:
        super().__init__()
        self._level = level

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Markdown calls it so
        md.treeprocessors.register(_FitIntoPage(md, self._level), "fit-into-page", 5)


class _FitIntoPage(Treeprocessor):
    """Headings under the page's own, and images as links."""

    def __init__(self, md: Markdown, level: int) -> None:
        super().__init__(md)
        self._level = level

    def run(self, root: Element) -> None:
        headings = [each for each in root.iter() if re.fullmatch(r"h[1-6]", str(each.tag))]
        highest = min((int(each.tag[1]) for each in headings), default=1)
        for each in headings:
            each.tag = f"h{min(_DEEPEST_HEADING, int(each.tag[1]) - highest + self._level)}"
        for image in [*root.iter("img")]:
            _turn_into_link(image)


def _turn_into_link(image: Element) -> None:
    words = image.get("alt") or "no description"
    tail, address = image.tail, image.get("src") or ""
    image.clear()
    image.tag, image.text, image.tail = "a", f"Image: {words}", tail
    image.set("href", address)
