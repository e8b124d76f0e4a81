"""The ZIP around a project: which entry is the project, and which one a path in it means."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from insights.core.errors import InvalidInput
from insights.exchange.archives import Archive, ArchiveError, ArchiveLimits, open_archive

# A package may hold recordings, which hardly pack at all; texts and XML pack well.
PACKAGE_LIMITS = ArchiveLimits(entries=20_000, unpacked_bytes=2_000_000_000, ratio=300)
SIDE_FILE = "research-hub/objects.jsonl"
# The most that is read into memory at once: the project itself, a text, a document.
_LARGEST_READ = 120_000_000


class Package:
    """Names are compared without case, for programs write sources/ and Sources/, project.qde and Project.qde."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._names = {entry.name.casefold(): entry for entry in archive.entries}
        self._by_last = {PurePosixPath(name).name: entry for name, entry in self._names.items()}

    def find(self, path: str) -> str | None:
        """The entry that a path in the project means, or None: in the folder of sources, else wherever it lies."""
        wanted = path.replace("\\", "/").casefold().lstrip("/")
        if not wanted or ".." in wanted.split("/"):
            return None
        found = (
            self._names.get(f"sources/{wanted}")
            or self._names.get(wanted)
            or self._by_last.get(PurePosixPath(wanted).name)
        )
        return found.name if found else None

    def is_there(self, path: str) -> bool:
        return self.find(path) is not None

    def read(self, path: str) -> bytes:
        """Raises InvalidInput where the entry is missing, damaged or too large to be read at once."""
        name = self.find(path)
        if name is None:
            raise InvalidInput.of("file", f"“{path[:120]}” is not in the package.")
        if self._names[name.casefold()].size > _LARGEST_READ:
            raise InvalidInput.of("file", f"“{name[:120]}” is larger than {_LARGEST_READ // 1_000_000} MB.")
        return b"".join(self.chunks(name))

    def chunks(self, name: str) -> Iterator[bytes]:
        """An entry in pieces, for recordings."""
        try:
            yield from self._archive.chunks(name)
        except ArchiveError as error:
            raise InvalidInput.of("file", error.message) from None

    def project(self) -> bytes:
        """Raises InvalidInput where the package holds no project."""
        found = self._names.get("project.qde") or next(
            (entry for name, entry in sorted(self._names.items()) if name.endswith(".qde")), None
        )
        if found is None:
            raise InvalidInput.of("file", "The package holds no project.qde, so it is no REFI-QDA project.")
        return self.read(found.name)

    def side_file(self) -> bytes | None:
        """What our own exports hold beside the project."""
        return self.read(SIDE_FILE) if SIDE_FILE in self._names else None


def open_package(content: bytes) -> Package:
    """Raises InvalidInput for what is no ZIP, is cut off, or may not be unpacked."""
    try:
        return Package(open_archive(content, PACKAGE_LIMITS))
    except ArchiveError as error:
        raise InvalidInput.of("file", error.message) from None
