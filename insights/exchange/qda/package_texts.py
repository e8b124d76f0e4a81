"""Texts, documents and recordings of a package, as the project names them."""

from __future__ import annotations

import mimetypes
from contextlib import suppress
from pathlib import PurePosixPath

from insights.core.errors import InvalidInput
from insights.core.text import NotTextError, decode_text
from insights.exchange.documents import read_document
from insights.exchange.qda.model import Note, Source, TextPart
from insights.exchange.qda.packages import Package
from insights.exchange.qda.understood import Original, Problem


class PackageTexts:
    """`package` is None for a project that came without one. `problems` grows with what cannot be read."""

    def __init__(self, package: Package | None, problems: list[Problem]) -> None:
        self.package, self.problems = package, problems

    def raw_text(self, source: Source, part: TextPart) -> tuple[str, str, bool] | None:
        """The text, its encoding, and whether places count in it; else it is the document beside it that tells it."""
        if part.content is not None:
            return part.content, "utf-8", True
        plain = self._plain(part.plain_path)
        if plain is not None and (plain[0].strip() or not self.is_there(part.rich_path)):
            return *plain, True
        rich = self._document(part.rich_path)
        if rich is not None and (rich.strip() or plain is None):
            if part.selections:
                why = "its plain text is not in the file; places were sought by their words in the document beside it."
                self.problems.append(Problem("text", source.name or part.name, why, is_lost=False))
            return rich, "utf-8", False
        return None if plain is None else (*plain, True)

    def _plain(self, path: str) -> tuple[str, str] | None:
        if not self.is_there(path) or self.package is None:
            return None
        try:
            return _decoded(self.package.read(path))
        except (NotTextError, InvalidInput) as error:
            self.problems.append(Problem("text", path, str(error)))
            return None

    def _document(self, path: str) -> str | None:
        if not self.is_there(path) or self.package is None:
            return None
        try:
            return read_document(PurePosixPath(path).name, self.package.read(path)).text
        except InvalidInput as error:
            self.problems.append(Problem("text", path, error.message))
            return None

    def is_there(self, path: str) -> bool:
        return self.package is not None and self.package.is_there(path)

    def original(self, path: str, title: str) -> Original | None:
        entry = self.package.find(path) if self.package is not None else None
        if entry is None:
            return None
        suffix = PurePosixPath(entry).suffix
        name = title if PurePosixPath(title).suffix.casefold() == suffix.casefold() else f"{title}{suffix}"
        media_type = mimetypes.guess_type(f"x{suffix}")[0] or "application/octet-stream"
        return Original(entry, name[:1000], media_type)

    def has(self, part: TextPart) -> bool:
        return part.content is not None or self.is_there(part.plain_path) or self.is_there(part.rich_path)

    def note_text(self, note: Note) -> str | None:
        if note.content is not None:
            return note.content
        plain = self._plain(note.plain_path)
        if plain is not None and plain[0].strip():
            return plain[0]
        document = self._document(note.rich_path or note.plain_path) if plain is None or note.rich_path else None
        return document if document is not None else None if plain is None else plain[0]


def _decoded(content: bytes) -> tuple[str, str]:
    """What is valid UTF-8 is text here, whatever it begins with; the rest is told by its marks."""
    if b"\0" not in content:
        with suppress(UnicodeDecodeError):
            return content.decode("utf-8-sig"), "utf-8"
    decoded = decode_text(content)
    return decoded.text, decoded.encoding
