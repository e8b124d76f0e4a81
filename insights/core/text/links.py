"""Where links lead, and which of them may be followed."""

import html
import re
from urllib.parse import urlsplit

# An address, an optional title in quotes or brackets; CommonMark's inline link without its rarest forms.
TARGET = re.compile(
    r"\([ \t\n]*(?:<(?P<pointed>[^<>\n]*)>|(?P<plain>[^\s()<>]*(?:\([^\s()]*\)[^\s()]*)*))"
    r"(?:[ \t\n]+(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|\((?P<round>[^()]*)\)))?[ \t\n]*\)"
)
LABEL = re.compile(r"\[([^\[\]\n]{0,200})\]")
AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^\s<>]{1,2000})>")
_DEFINITION = re.compile(
    r"^[ \t]{0,3}\[([^\[\]\n]{1,200})\]:[ \t]*<?((?:[A-Za-z][\w+.-]*://|mailto:|\.{0,2}/|#)[^\s>]*)", re.MULTILINE
)
# With the semicolon only: ?a=1&copy=2 holds no sign of copyright.
_ENTITY = re.compile(r"&#?\w{1,32};")
_UNSAFE = re.compile(r"[\s\x00-\x20\x7f-\x9f\\<>\"`]")


def link_definitions(text: str) -> dict[str, str]:
    """Reference links' targets by label, case folded; the first definition counts, as in CommonMark."""
    definitions: dict[str, str] = {}
    for found in _DEFINITION.finditer(text):
        definitions.setdefault(found[1].casefold(), found[2])
    return definitions


def safe_href(address: str) -> str | None:
    """The address if it is http(s), mailto or relative to this site; None for anything else, however it is spelt."""
    unescaped = _ENTITY.sub(lambda entity: html.unescape(entity[0]), address).strip()
    if not unescaped or _UNSAFE.search(unescaped) or unescaped.startswith("//") or "&#" in unescaped:
        return None
    try:
        parts = urlsplit(unescaped)
    except ValueError:
        return None
    if parts.scheme in {"http", "https"}:
        return unescaped if parts.netloc else None
    if parts.scheme == "mailto":
        return unescaped
    first = re.split(r"[/?#]", unescaped, maxsplit=1)[0]
    return None if ":" in first or "%3a" in first.lower() else unescaped
