"""Plain text and Markdown: kept word for word, only line ends, form of letters and control characters made one."""

from __future__ import annotations

import re

from insights.core.text import DecodedText, canonical_text, split_front_matter
from insights.exchange.documents.contents import Content
from insights.exchange.research_files.front_matter import FrontMatter, read_front_matter

_UNSTORABLE = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\ud800-\udfff]")


def read_plain_text(decoded: DecodedText) -> Content:
    """The whole text below the front matter; front matter that cannot be understood stays in the text.

    Form feeds, which end a page in text made from a PDF, become line feeds between pages.
    """
    whole = canonical_text(decoded.text.replace("\f", "\n"))
    split = split_front_matter(whole)
    front = FrontMatter({}) if split.front_matter is None else read_front_matter(split.front_matter)
    problem = [f"The front matter stays in the text: {front.problem}."] if front.problem else []
    body = whole if front.problem else split.body
    return Content(
        text=body,
        encoding=decoded.encoding,
        encoding_guessed=decoded.guessed,
        front_matter=front.values,
        notes=(*problem, *notes_on_characters(decoded.text.replace("\f", "\n"))),
    )


def notes_on_characters(raw: str) -> tuple[str, ...]:
    """What becomes U+FFFD, with the first line that holds one."""
    found = _UNSTORABLE.search(raw)
    if not found:
        return ()
    line = raw.count("\n", 0, found.start()) + 1
    count = len(_UNSTORABLE.findall(raw))
    return (f"{count:,} control characters are shown as \ufffd; the first is in line {line:,}.",)
