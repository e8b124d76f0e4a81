"""One file into one canonical text with its speakers, times, pages and tables. Nothing is stored, no path is opened."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from insights.core.errors import InvalidInput
from insights.core.text import DecodedText
from insights.exchange.documents.captions import read_captions
from insights.exchange.documents.contents import MOST_BYTES, MOST_CHARACTERS, Content, UnreadableError
from insights.exchange.documents.delimited import read_delimited
from insights.exchange.documents.describing import described
from insights.exchange.documents.kinds import TEXT_FORMATS, Recognised, recognise
from insights.exchange.documents.open_document import read_open_document
from insights.exchange.documents.plain_text import read_plain_text
from insights.exchange.documents.portable_document import read_portable_document
from insights.exchange.documents.reading import ReadDocument
from insights.exchange.documents.rich_text import read_rich_text
from insights.exchange.documents.web_page import read_web_page
from insights.exchange.documents.word import read_word
from insights.exchange.documents.workbooks import read_workbook

_TEXT_READERS: dict[str, Callable[[DecodedText], Content]] = {
    "txt": read_plain_text,
    "md": read_plain_text,
    "vtt": partial(read_captions, format_="vtt"),
    "srt": partial(read_captions, format_="srt"),
    "sbv": partial(read_captions, format_="sbv"),
    "html": read_web_page,
    "csv": partial(read_delimited, format_="csv"),
    "tsv": partial(read_delimited, format_="tsv"),
}
_READERS: dict[str, Callable[[bytes], Content]] = {
    "docx": read_word,
    "odt": read_open_document,
    "rtf": read_rich_text,
    "pdf": read_portable_document,
    "xlsx": partial(read_workbook, is_package=True),
    "ods": partial(read_workbook, is_package=True),
    "xls": partial(read_workbook, is_package=False),
}
_TOO_DEEP = "Its parts lie too deeply within one another to be read. Save its text as .txt and bring that."
FORMATS = frozenset((*_TEXT_READERS, *_READERS))


def read_document(name: str, content: bytes) -> ReadDocument:
    """Reads a file of any format of ours; `name` may be a path, of which only the end is kept.

    Hostile files can take much memory and time here: the application reads through `research_hub.sandbox.read_apart`.

    Raises:
        InvalidInput: on the field "file"; the message names the file, says what is wrong, where, and what to do.
    """
    base = name.replace("\\", "/").rpartition("/")[2] or "file"
    try:
        return _read(name, base, content)
    except UnreadableError as error:
        raise InvalidInput.of("file", f"“{base}”: {error.message}") from error
    except RecursionError as error:
        raise InvalidInput.of("file", f"“{base}”: {_TOO_DEEP}") from error


def _read(path: str, base: str, content: bytes) -> ReadDocument:
    if not content.strip(b"\x00 \t\r\n"):
        raise UnreadableError("There is nothing in it. Choose another file.")
    if len(content) > MOST_BYTES:
        raise UnreadableError(
            f"It is larger than {MOST_BYTES // 1_000_000} MB ({len(content) / 1_000_000:,.1f} MB). "
            "Split it and bring the parts."
        )
    recognised = recognise(base, content)
    found = _content_of(recognised, content)
    if len(found.text) > MOST_CHARACTERS:
        raise UnreadableError(
            f"It holds {len(found.text):,} characters of text, and at most {MOST_CHARACTERS:,} are read. "
            "Split it and bring the parts."
        )
    return described(path, base, recognised, found)


def _content_of(recognised: Recognised, content: bytes) -> Content:
    if recognised.format in TEXT_FORMATS and recognised.decoded is not None:
        return _TEXT_READERS[recognised.format](recognised.decoded)
    return _READERS[recognised.format](content)
