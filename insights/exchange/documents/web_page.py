"""A web page (HTML): its words as Markdown."""

from __future__ import annotations

from insights.core.text import DecodedText
from insights.exchange.documents.contents import Content
from insights.exchange.documents.markup import markdown_of
from insights.exchange.documents.plain_text import notes_on_characters


def read_web_page(decoded: DecodedText) -> Content:
    markdown = markdown_of(decoded.text)
    return Content(
        text=markdown.text,
        encoding=decoded.encoding,
        encoding_guessed=decoded.guessed,
        title=markdown.title,
        notes=notes_on_characters(decoded.text),
        lost=markdown.lost,
    )
