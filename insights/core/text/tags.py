"""Which words in angle brackets are HTML. All others (<Name>, <db_user>) are what somebody wrote and stay visible."""

import re

from insights.core.text.runs import Style

# fmt: off
INLINE_TAGS = frozenset((
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd",
    "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
))
BLOCK_TAGS = frozenset((
    "address", "article", "aside", "audio", "base", "blockquote", "body", "br", "button", "canvas", "caption",
    "center", "col", "colgroup", "dd", "details", "dialog", "div", "dl", "dt", "embed", "fieldset", "figcaption",
    "figure", "footer", "form", "frame", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hr",
    "html", "iframe", "img", "input", "label", "legend", "li", "link", "main", "map", "math", "meta", "nav",
    "noscript", "object", "ol", "optgroup", "option", "p", "param", "picture", "pre", "progress", "script",
    "section", "select", "source", "style", "summary", "svg", "table", "tbody", "td", "template", "textarea",
    "tfoot", "th", "thead", "title", "tr", "track", "ul", "video",
))
# fmt: on
_CUTTING = "blockquote|dd|details|div|dl|dt|figcaption|figure|h[1-6]|li|ol|p|section|summary|table|tr|ul"

TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]{0,15})(?=[\s/>])[^<>]{0,4000}>")
BLOCK_TAG_START = re.compile(rf"</?(?:{_CUTTING}|t[dh]|thead|tbody)(?=[\s/>])", re.IGNORECASE)
OPENING_BLOCK_TAG = re.compile(rf"<({_CUTTING})(?=[\s/>])[^<>]{{0,4000}}>", re.IGNORECASE)
STYLE_OF_TAG: dict[str, Style] = {
    "b": "strong",
    "strong": "strong",
    "i": "emphasis",
    "em": "emphasis",
    "cite": "emphasis",
    "code": "code",
    "kbd": "code",
    "samp": "code",
    "s": "strike",
    "del": "strike",
    "strike": "strike",
    "a": "link",
}


def is_html(name: str) -> bool:
    return name.lower() in INLINE_TAGS or name.lower() in BLOCK_TAGS


def parts_words(name: str) -> bool:
    """Whether a reader sees a gap where the tag stands: after a cell or a line, not around a bold syllable."""
    return name.lower() in BLOCK_TAGS
