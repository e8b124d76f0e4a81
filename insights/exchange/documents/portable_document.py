"""PDF: its text by pages, with the lines that the page wrapped joined into paragraphs again."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pypdf
import pypdfium2
from pypdf.errors import PyPdfError

from insights.core.text import canonical_text
from insights.exchange.documents.contents import Content, UnreadableError
from insights.exchange.documents.markup import counted
from insights.exchange.documents.page_lines import PageText, lines_by_length, lines_with_places
from insights.exchange.documents.paragraphs import joined_pages

MOST_PAGES = 3_000


def read_portable_document(content: bytes) -> Content:
    """Raises UnreadableError for what is damaged, protected, too long, or has no text layer."""
    printed = _by_pdfium(content) or _by_pypdf(content)
    if not any(char.isalnum() for page in printed.pages for line in page.lines for char in line.text):
        raise UnreadableError(
            f"This PDF has no text layer: {counted(len(printed.pages), 'page')} of pictures only, as a scanner makes "
            "them. Run text recognition (OCR) on it, or bring the document that it was made from."
        )
    joined = joined_pages(printed.pages)
    return Content(
        text=joined.text,
        pages=joined.pages,
        title=_title(printed.title),
        notes=(*_note_on_end(content), *printed.notes, *joined.notes),
        lost=(*joined.lost, *_lost(printed)),
    )


@dataclass(frozen=True, slots=True)
class _Printed:
    pages: tuple[PageText, ...]
    title: str = ""
    pictures: int = 0
    notes: tuple[str, ...] = ()


_TAIL_BYTES = 2_048
_MADE_BY_A_PROGRAM = re.compile(
    r"untitled|microsoft (?:word|powerpoint) - .*|document\d*|.*\.(?:docx?|pdf|odt)", re.IGNORECASE
)
_PICTURE = 3
_PROTECTED = "It is protected with a password. Remove the password and bring it again."


def _by_pdfium(content: bytes) -> _Printed | None:
    """None where this reader cannot open it; the other one is more lenient."""
    try:
        document: Any = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error):
            raise UnreadableError(_PROTECTED) from error
        return None
    try:
        count = _counted(len(document))
        pages, notes, pictures = [], [], 0
        for index in range(count):
            try:
                page = document[index]
                pages.append(lines_with_places(_label(document, index), page))
                pictures += sum(1 for found in page.get_objects(max_depth=2) if found.type == _PICTURE)
                page.close()
            except pypdfium2.PdfiumError:
                pages.append(PageText(str(index + 1), ()))
                notes.append(f"Page {index + 1:,} is damaged and could not be read.")
        return _Printed(tuple(pages), document.get_metadata_value("Title") or "", pictures, tuple(notes))
    finally:
        document.close()


def _by_pypdf(content: bytes) -> _Printed:
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        _refuse_protected(reader)
        texts = [reader.pages[index].extract_text() for index in range(_counted(len(reader.pages)))]
        title = str(reader.metadata.title or "") if reader.metadata else ""
    except UnreadableError:
        raise
    except Exception as error:
        kind = type(error).__name__ if not isinstance(error, PyPdfError) else str(error)
        raise UnreadableError(
            f"It is damaged or cut off: its pages cannot be found ({kind}). Bring it again from where it was made."
        ) from error
    pages = (lines_by_length(str(number), canonical_text(text)) for number, text in enumerate(texts, 1))
    return _Printed(tuple(pages), title)


def _refuse_protected(reader: pypdf.PdfReader) -> None:
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableError(_PROTECTED)


def _counted(pages: int) -> int:
    if pages > MOST_PAGES:
        raise UnreadableError(f"It has {pages:,} pages, and at most {MOST_PAGES:,} are read. Split it.")
    return pages


def _label(document: Any, index: int) -> str:  # noqa: ANN401 - pypdfium2 has no types
    return canonical_text(str(document.get_page_label(index) or index + 1)).strip()[:40] or str(index + 1)


def _title(written: str) -> str:
    title = " ".join(canonical_text(written).split())
    return "" if _MADE_BY_A_PROGRAM.fullmatch(title) else title


def _note_on_end(content: bytes) -> Sequence[str]:
    if b"%%EOF" in content[-_TAIL_BYTES:]:
        return ()
    return ("It ends before its end mark, so it may be cut off; the pages that are there were read.",)


def _lost(printed: _Printed) -> Sequence[str]:
    without = [page.label for page in printed.pages if not page.lines]
    pictures = [f"{counted(printed.pictures, 'picture')} left out."] if printed.pictures else []
    if not without:
        return pictures
    shown = ", ".join(without[:10]) + (f" and {len(without) - 10:,} more" if len(without) > 10 else "")  # noqa: PLR2004
    return [*pictures, f"Pages without text: {shown}. What they show as a picture is not in the text."]
