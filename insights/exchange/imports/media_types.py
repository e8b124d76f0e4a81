"""The media type of each format that is read, for the file as it came."""

from __future__ import annotations

from collections.abc import Mapping

_OFFICE = "application/vnd.openxmlformats-officedocument"
_MEDIA_TYPES: Mapping[str, str] = {
    "txt": "text/plain",
    "md": "text/markdown",
    "html": "text/html",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "rtf": "application/rtf",
    "pdf": "application/pdf",
    "vtt": "text/vtt",
    "srt": "application/x-subrip",
    "sbv": "text/plain",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "xls": "application/vnd.ms-excel",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}


def media_type_of(format_: str) -> str:
    return _MEDIA_TYPES.get(format_, "application/octet-stream")
