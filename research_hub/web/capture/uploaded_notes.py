"""A file that is uploaded as the notes of a session, or beside them."""

from __future__ import annotations

from flask import request

from insights.capture.models import SourceKind
from insights.capture.operations import NewPage, NewUtterance, OriginalFile
from insights.core.errors import InvalidInput
from insights.exchange.documents import ReadDocument
from insights.exchange.imports.media_types import media_type_of
from research_hub.web.uploads import read_patiently, safe_name


def notes_and_file(typed: str) -> tuple[str, OriginalFile | None]:
    """The notes as typed, or else what the uploaded file says; and the file, where there is one.

    Raises InvalidInput for a file that cannot be read, or is a table. Beside typed notes any file is kept as it is.
    """
    upload = request.files.get("original")
    if upload is None or not upload.filename:
        return typed, None
    name, content = safe_name(upload.filename), upload.read()
    if not content:
        raise InvalidInput.of("original", "The file is empty. Choose another, or paste the notes.")
    if typed.strip():
        return typed, OriginalFile(name, content, media_type="application/octet-stream")
    document = read_patiently(name, content)
    if document.tables:
        raise InvalidInput.of(
            "original", "This is a table. Bring it in on the page of the study, which asks what its columns are."
        )
    return document.text, _as_original(name, content, document)


def _as_original(name: str, content: bytes, document: ReadDocument) -> OriginalFile:
    """With who spoke when and on which page, as the file tells it."""
    return OriginalFile(
        name,
        content,
        encoding=document.encoding,
        media_type=media_type_of(document.format),
        kind=SourceKind(document.kind),
        utterances=[
            NewUtterance(each.start, each.end, each.start_ms, each.end_ms, each.speaker[:200])
            for each in document.utterances
        ],
        pages=[NewPage(each.label, each.start, each.end) for each in document.pages],
    )
