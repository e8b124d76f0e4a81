"""ZIP archives from strangers: looked at before anything is unpacked, and never unpacked further than the limits.

    archive = open_archive(content, ArchiveLimits())
    for entry in archive.entries: archive.read(entry)

Names never become paths. Sizes are counted twice: as the archive declares them, and as the bytes really come out.
"""

from __future__ import annotations

import io
import stat
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

_MEGABYTE = 1_000_000


class ArchiveError(Exception):
    """The archive is refused; the message names the entry, says why, and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """`unpacked_bytes` is of the whole archive; `ratio` is unpacked to packed, of entries above `ratio_from_bytes`."""

    entries: int = 5_000
    unpacked_bytes: int = 200 * _MEGABYTE
    ratio: int = 100
    ratio_from_bytes: int = _MEGABYTE


@dataclass(frozen=True, slots=True)
class ArchiveEntry:
    """A file of the archive. `name` is as written there: for people and for looking up, never for opening a path."""

    name: str
    size: int


class Archive:
    """An archive that was looked through; what it hands out is counted over its whole life."""

    def __init__(self, packed: ZipFile, limits: ArchiveLimits) -> None:
        self._packed = packed
        self._limits = limits
        self._infos = {info.filename: info for info in packed.infolist() if not info.is_dir()}
        self._left = limits.unpacked_bytes
        self.entries = tuple(ArchiveEntry(info.filename, info.file_size) for info in self._infos.values())

    def __contains__(self, name: str) -> bool:
        return name in self._infos

    def read(self, entry: ArchiveEntry | str) -> bytes:
        """All bytes of an entry. Raises ArchiveError where it is missing, damaged or over the limits."""
        return b"".join(self.chunks(entry))

    def chunks(self, entry: ArchiveEntry | str) -> Iterator[bytes]:
        """The bytes in pieces of at most 64 kB, for media that need not stand in memory at once."""
        name = entry if isinstance(entry, str) else entry.name
        info = self._infos.get(name)
        if info is None:
            raise ArchiveError(f"“{_shown(name)}” is not in the archive.")
        try:
            with self._packed.open(info) as opened:
                while piece := opened.read(_PIECE):
                    self._left -= len(piece)
                    if self._left < 0:
                        raise ArchiveError(_too_large(name, self._limits))
                    yield piece
        except _DAMAGES as error:
            raise ArchiveError(
                f"“{_shown(name)}” in the archive is damaged ({_reason(error)}). Make the file anew and bring that."
            ) from None


def open_archive(content: bytes, limits: ArchiveLimits | None = None) -> Archive:
    """Look through all entries without unpacking any. Raises ArchiveError for what may not be in an archive."""
    allowed = limits or ArchiveLimits()
    try:
        packed = ZipFile(io.BytesIO(content))
    except (*_DAMAGES, LargeZipFile) as error:
        raise ArchiveError(
            f"It is damaged or cut off: its list of contents cannot be read ({_reason(error)}). Bring it again."
        ) from None
    infos = packed.infolist()
    if len(infos) > allowed.entries:
        raise ArchiveError(f"It holds {len(infos):,} files, and at most {allowed.entries:,} are read. Split it.")
    _refuse_twice(infos)
    for info in infos:
        _refuse_entry(info, allowed)
    if sum(info.file_size for info in infos) > allowed.unpacked_bytes:
        largest = max(infos, key=lambda info: info.file_size)
        raise ArchiveError(_too_large(largest.filename, allowed))
    return Archive(packed, allowed)


_PIECE = 65_536
_ENCRYPTED = 0x1
_LONGEST_SHOWN = 120
# What zipfile raises for archives that are not what they say; OverflowError and ValueError come from its offsets.
_DAMAGES = (BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, OverflowError)


def _refuse_twice(infos: list[ZipInfo]) -> None:
    """One name for two contents lets a checker see another file than the reader."""
    seen: set[str] = set()
    for info in infos:
        if info.filename in seen:
            raise ArchiveError(f"“{_shown(info.filename)}” is in the archive twice. Make the archive again.")
        seen.add(info.filename)


def _refuse_entry(info: ZipInfo, limits: ArchiveLimits) -> None:
    name = _shown(info.filename)
    if _leads_out(info):
        raise ArchiveError(f"“{name}” leads out of the archive. Nothing of it was read; make the archive again.")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise ArchiveError(f"“{name}” is a link, not a file. Nothing was read; make the archive without links.")
    if info.flag_bits & _ENCRYPTED:
        raise ArchiveError(f"“{name}” is protected with a password. Remove the password and bring it again.")
    over = info.file_size > limits.ratio * max(info.compress_size, 1)
    if over and info.file_size > limits.ratio_from_bytes:
        raise ArchiveError(
            f"“{name}” would unpack to {_megabytes(info.file_size)} from {_megabytes(info.compress_size)}, which no "
            "document of this kind does. Nothing was read. Save the document anew and bring that."
        )


def _leads_out(info: ZipInfo) -> bool:
    written = info.orig_filename.replace("\\", "/")
    path = PurePosixPath(written)
    drive = len(written) > 1 and written[1] == ":" and written[0].isalpha()
    return ".." in path.parts or path.is_absolute() or drive or "\x00" in written


def _too_large(name: str, limits: ArchiveLimits) -> str:
    return (
        f"It would unpack to more than {_megabytes(limits.unpacked_bytes)}; the largest part is “{_shown(name)}”. "
        "Nothing of it was kept. Split it and bring the parts."
    )


def _megabytes(size: int) -> str:
    return f"{size / _MEGABYTE:,.1f} MB"


def _shown(name: str) -> str:
    printable = "".join(char if char.isprintable() else "\ufffd" for char in name)
    return printable if len(printable) <= _LONGEST_SHOWN else f"{printable[:_LONGEST_SHOWN]}…"


def _reason(error: Exception) -> str:
    return str(error).splitlines()[0].strip(" .") if str(error) else type(error).__name__
