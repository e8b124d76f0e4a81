"""From an upload to a file that waits: its bytes are read in a child process, kept, and shown."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace

from flask import current_app, request
from werkzeug.datastructures import FileStorage

from insights.core.errors import InvalidInput
from insights.exchange.documents import ReadDocument
from insights.exchange.imports import StagedContent, get_batch, stage_document, stage_refusal
from insights.exchange.models import ImportFile
from research_hub.config import Settings
from research_hub.db import transaction
from research_hub.sandbox import read_apart
from research_hub.security import current_member
from research_hub.staged_files import StagedFiles
from research_hub.web.uploads import read_patiently, safe_name

_MEGABYTE = 1024 * 1024

TEXT_FORMATS = frozenset({"txt", "md", "html", "vtt", "srt", "sbv", "csv", "tsv"})
ENCODINGS = {
    "utf-8": "Unicode (UTF-8)",
    "utf-16-le": "Unicode (UTF-16, little end first)",
    "utf-16-be": "Unicode (UTF-16, big end first)",
    "cp1252": "Western European (Windows-1252)",
    "iso8859-15": "Western European (ISO 8859-15)",
    "mac-roman": "Western European (old Mac)",
    "cp850": "Western European (DOS)",
    "cp1250": "Central European (Windows-1250)",
    "cp1251": "Cyrillic (Windows-1251)",
    "koi8-r": "Cyrillic (KOI8-R)",
    "cp1253": "Greek (Windows-1253)",
    "cp1254": "Turkish (Windows-1254)",
    "cp1256": "Arabic (Windows-1256)",
    "shift-jis": "Japanese (Shift JIS)",
    "gb18030": "Chinese (GB 18030)",
    "big5": "Chinese (Big5)",
    "euc-kr": "Korean (EUC-KR)",
}


def staged_files() -> StagedFiles:
    settings: Settings = current_app.extensions["settings"]
    return StagedFiles(settings.staged_path)


def largest_file() -> int:
    """In bytes."""
    settings: Settings = current_app.extensions["settings"]
    return settings.max_upload


def take_in_one(batch_ref: str, upload: FileStorage) -> ImportFile:
    """Reads a file and lets it wait. Raises TooManyReadings when others are being read."""
    return _staged(batch_ref, upload, read_apart)


def take_in_patiently(batch_ref: str, uploads: Sequence[FileStorage]) -> list[ImportFile]:
    """Each file by itself: one that is refused stops no other. Waits for its turn, as a plain form cannot ask again."""
    return [_staged(batch_ref, upload, read_patiently) for upload in uploads]


def read_again(file: ImportFile, encoding: str) -> ReadDocument:
    """The file read in another encoding. Raises InvalidInput where it cannot be, with the byte that does not fit."""
    if encoding not in ENCODINGS:
        raise InvalidInput.of("encoding", "Choose an encoding from the list.")
    content = content_of(file)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise InvalidInput.of(
            "encoding", f"The file is not in {ENCODINGS[encoding]}: byte {error.start + 1:,} does not fit."
        ) from error
    # What the readers are given says what it is, so that none of them guesses again.
    document = read_apart(file.name, text.lstrip("\ufeff").encode("utf-8-sig"))
    return replace(document, encoding=encoding, encoding_guessed=False)


def content_of(file: ImportFile) -> bytes:
    """The bytes that wait. Raises InvalidInput when they are gone, as after a restored backup."""
    try:
        return staged_files().read(file.sha256)
    except FileNotFoundError as error:
        raise InvalidInput.of(
            "file", f"“{file.name}” is not kept here any more. Leave it out, and bring the file again."
        ) from error


def chosen_files(field: str = "files") -> list[FileStorage]:
    chosen = [upload for upload in request.files.getlist(field) if upload.filename]
    if not chosen:
        raise InvalidInput.of(field, "Choose at least one file.")
    return chosen


def _staged(batch_ref: str, upload: FileStorage, read: Callable[[str, bytes], ReadDocument]) -> ImportFile:
    name, largest = safe_name(upload.filename or ""), largest_file()
    content = upload.stream.read(largest + 1)
    upload.close()
    found = _too_large(name, largest) if len(content) > largest else _read(name, content, read)
    staged = StagedContent(name, hashlib.sha256(content).hexdigest(), len(content))
    if isinstance(found, ReadDocument):
        staged_files().keep(content)
    with transaction() as session:
        batch, _study = get_batch(session, current_member(), batch_ref)
        if isinstance(found, ReadDocument):
            return stage_document(session, batch=batch, content=staged, document=found)
        return stage_refusal(session, batch=batch, content=staged, problem=found)


def _read(name: str, content: bytes, read: Callable[[str, bytes], ReadDocument]) -> ReadDocument | str:
    """What was understood, or why nothing was."""
    try:
        return read(name, content)
    except InvalidInput as error:
        return error.message


def _too_large(name: str, largest: int) -> str:
    size = f"{largest // _MEGABYTE:,} MB" if largest >= _MEGABYTE else f"{largest // 1024:,} kB"
    return f"“{name}” is larger than {size}. Split it, or bring its text alone."
