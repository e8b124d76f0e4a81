"""Rich text (RTF): its words in paragraphs and table rows; footnotes and comments stay where they were called."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from striprtf.striprtf import rtf_to_text

from insights.core.text import canonical_text
from insights.exchange.documents.contents import Content, UnreadableError
from insights.exchange.documents.markup import counted
from insights.exchange.documents.oddities import lines_named


def read_rich_text(content: bytes) -> Content:
    """Raises UnreadableError where its encoding is unknown. One that is cut off is read as far as it goes."""
    page = _CODE_PAGE.search(content)
    encoding = f"cp{page[1].decode()}" if page else "cp1252"
    source = _notes_in_place(content.decode("latin-1"))
    try:
        text = _converted(source, encoding)
    except (LookupError, ValueError, IndexError, OverflowError) as error:
        raise UnreadableError(f"It cannot be read ({error}). Save it as .docx and bring that.") from error
    paragraphs = [line.strip() for line in canonical_text(text).split("\n")]
    return Content(
        text="\n\n".join(line for line in paragraphs if line),
        encoding=encoding,
        notes=tuple(_notes(content)),
        lost=tuple(_lost(content)),
    )


_CODE_PAGE = re.compile(rb"\\ansicpg(\d{3,5})")
_NOTE = re.compile(r"\{\s*(?:\\\*\s*)?\\(footnote|annotation)\b ?")
_BRACE = re.compile(r"(?<!\\)((?:\\\\)*)([{}])")
_LOST = (
    (rb"\\pict\b", "picture"),
    (rb"\\object\b", "embedded object"),
    (rb"\{\s*\\header[lrf]?\b", "header"),
    (rb"\{\s*\\footer[lrf]?\b", "footer"),
)


def _converted(source: str, encoding: str) -> str:
    convert: Callable[..., str] = rtf_to_text
    return convert(source, encoding=encoding, errors="replace")


def _notes_in_place(source: str) -> str:
    """Footnotes and comments as words in square brackets, for the converter leaves out what is in such groups."""
    pieces: list[str] = []
    place = 0
    for found in _NOTE.finditer(source):
        if found.start() < place:
            continue
        end = _end_of_group(source, found.start())
        pieces += (source[place : found.start()], "{ [", source[found.end() : end], "]}")
        place = end + 1
    return "".join([*pieces, source[place:]])


def _end_of_group(source: str, start: int) -> int:
    depth = 0
    for brace in _BRACE.finditer(source, start):
        depth += 1 if brace[2] == "{" else -1
        if depth == 0:
            return brace.start(2)
    return len(source)


def _notes(content: bytes) -> Iterator[str]:
    opened, closed = content.count(b"{"), content.count(b"}")
    if opened > closed:
        line = content.count(b"\n") + 1
        yield f"{lines_named([line])}: it ends before its last bracket, so it may be cut off; what is there was read."


def _lost(content: bytes) -> Iterator[str]:
    for pattern, what in _LOST:
        if count := len(re.findall(pattern, content)):
            yield f"{counted(count, what)} left out."
    if re.search(rb"\\deleted\b", content):
        yield "Tracked changes: deleted passages cannot be told from the others and are still in the text."
