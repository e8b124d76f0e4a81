"""Which format a file has: by what it holds first, by its name second. A name that says otherwise is worth a note."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from insights.core.text import DecodedText, NotTextError, decode_text
from insights.exchange.archives import ArchiveError, open_archive
from insights.exchange.documents.contents import UnreadableError
from insights.exchange.documents.declared_encoding import with_declared_encoding

TEXT_FORMATS = frozenset(("txt", "md", "html", "vtt", "srt", "sbv", "csv", "tsv"))
_FORMAT_OF_SUFFIX = {
    ".txt": "txt",
    ".text": "txt",
    ".log": "txt",
    ".md": "md",
    ".markdown": "md",
    ".mdown": "md",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".vtt": "vtt",
    ".srt": "srt",
    ".sbv": "sbv",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".docx": "docx",
    ".docm": "docx",
    ".odt": "odt",
    ".rtf": "rtf",
    ".pdf": "pdf",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xls": "xls",
    ".ods": "ods",
}
NAMES = {
    "txt": "plain text",
    "md": "Markdown",
    "html": "a web page (HTML)",
    "vtt": "WebVTT captions",
    "srt": "SRT captions",
    "sbv": "SBV captions",
    "csv": "a CSV table",
    "tsv": "a table parted by tabs",
    "docx": "a Word document",
    "odt": "an OpenDocument text",
    "rtf": "a rich text (RTF) document",
    "pdf": "a PDF",
    "xlsx": "an Excel workbook",
    "xls": "an old Excel workbook",
    "ods": "an OpenDocument spreadsheet",
}


@dataclass(frozen=True, slots=True)
class Recognised:
    """`decoded` is there for text formats only; `notes` tell of a name that promises another format."""

    format: str
    decoded: DecodedText | None = None
    notes: tuple[str, ...] = ()


def recognise(name: str, content: bytes) -> Recognised:
    """Raises UnreadableError for what is no format of ours, with what to do about it."""
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    promised = _FORMAT_OF_SUFFIX.get(suffix, "")
    held = _binary_format(content)
    decoded = None
    if not held:
        decoded = _decoded(content, promised)
        held = _text_format(decoded.text, promised)
    notes = _notes(suffix, promised, held)
    if decoded and held == "html":
        decoded, said = with_declared_encoding(content, decoded)
        notes = (*notes, *said)
    return Recognised(held, decoded, notes)


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PDF_HEAD_BYTES = 1_024
_ENOUGH_OF_A_HEAD = 4_000
_TIME = r"\d{1,3}:\d{1,2}(?::\d{1,2})?[.,]\d{1,3}"
_VTT = re.compile(r"\ufeff?WEBVTT(?:[ \t\n]|\Z)")
_SRT = re.compile(rf"\s*\d+[ \t]*\n{_TIME}[ \t]*-->[ \t]*{_TIME}")
_SBV = re.compile(rf"\s*{_TIME},{_TIME}[ \t]*(?:\n|\Z)")
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)


def _binary_format(content: bytes) -> str:
    if b"%PDF-" in content[:_PDF_HEAD_BYTES]:
        return "pdf"
    if content.startswith(b"{\\rtf"):
        return "rtf"
    if content.startswith(_OLE):
        return _old_office_format(content)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _package_format(content)
    return ""


def _old_office_format(content: bytes) -> str:
    """The streams of an OLE file are named in UTF-16 in its directory."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise UnreadableError("It is protected with a password. Remove the password and bring it again.")
    if "Workbook".encode("utf-16-le") in content or "Book\x00".encode("utf-16-le") in content:
        return "xls"
    if "WordDocument".encode("utf-16-le") in content:
        raise UnreadableError("This is a Word document of before 2007 (.doc). Save it as .docx and bring it again.")
    raise UnreadableError("This is an old Office document that is not read. Save it in a newer format.")


_PACKAGES = (
    ("word/document.xml", "docx"),
    ("word/document2.xml", "docx"),
    ("xl/workbook.xml", "xlsx"),
    ("xl/workbook.bin", "xlsx"),
)
_OPEN_DOCUMENTS = {
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.text-template": "odt",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.spreadsheet-template": "ods",
}


def _package_format(content: bytes) -> str:
    try:
        archive = open_archive(content)
        names = {entry.name.lower().replace("\\", "/"): entry for entry in archive.entries}
        kind = archive.read(names["mimetype"]).decode("ascii", "replace").strip() if "mimetype" in names else ""
    except ArchiveError as error:
        raise UnreadableError(error.message) from None
    if kind in _OPEN_DOCUMENTS:
        return _OPEN_DOCUMENTS[kind]
    found = next((format_ for part, format_ in _PACKAGES if part in names), "")
    return found or _refused_package(set(names))


def _refused_package(names: set[str]) -> str:
    if "project.qde" in names:
        raise UnreadableError("This is a REFI-QDA project. Bring it with “Import a project” instead.")
    if any(name.startswith("ppt/") for name in names):
        raise UnreadableError("This is a presentation. Save it as PDF and bring that.")
    if "mimetype" in names or "[content_types].xml" in names:
        raise UnreadableError(
            "This Office document holds no text and no sheet that can be read. Save it as .docx or PDF."
        )
    raise UnreadableError(f"This is a ZIP archive of {len(names):,} files. Unpack it and bring the files themselves.")


def _decoded(content: bytes, promised: str) -> DecodedText:
    try:
        decoded = decode_text(content)
    except NotTextError as error:
        if promised and promised not in TEXT_FORMATS:
            raise _not_what_it_says(promised) from None
        raise UnreadableError(str(error)) from None
    if decoded.guessed and promised and promised not in TEXT_FORMATS:
        # Any bytes can be guessed to be some encoding; only text beyond doubt is read against its name.
        raise _not_what_it_says(promised)
    return decoded


def _not_what_it_says(promised: str) -> UnreadableError:
    return UnreadableError(
        f"The name says it is {NAMES[promised]}, but it does not begin like one: it is damaged or cut off. "
        "Bring it again from where it was made."
    )


def _text_format(text: str, promised: str) -> str:
    head = text[:_ENOUGH_OF_A_HEAD].replace("\r\n", "\n").replace("\r", "\n")
    if _VTT.match(head):
        return "vtt"
    if promised not in {"md", "html"} and (found := _captions_format(head)):
        return "vtt" if promised == "vtt" else found
    if promised in {"", "txt"} and _HTML.match(head):
        return "html"
    if promised and promised not in TEXT_FORMATS:
        return "html" if _HTML.match(head) else "txt"
    return promised or "txt"


def _captions_format(head: str) -> str:
    if _SRT.match(head):
        return "srt"
    return "sbv" if _SBV.match(head) else ""


def _notes(suffix: str, promised: str, held: str) -> tuple[str, ...]:
    if not promised and suffix and held == "txt":
        return (f"The ending {suffix} says nothing to us; it was read as plain text.",)
    if not promised or promised == held:
        return ()
    return (f"The name ends in {suffix}, but this is {NAMES[held]}; it was read as that.",)
