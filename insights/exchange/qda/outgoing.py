"""A study on its way out, and the package that it becomes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import IO, Any, Protocol
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from insights.core.errors import InvalidInput
from insights.exchange.qda.incoming import KeepsFiles
from insights.exchange.qda.model import Project
from insights.exchange.qda.packages import SIDE_FILE, Package, open_package
from insights.exchange.qda.side_file import write_lines
from insights.exchange.qda.xml_writing import write_project_xml

# The same content is the same bytes, so no entry tells when it was written.
_MOMENT = (1980, 1, 1, 0, 0, 0)
_PACKED_ALREADY = (".mp3", ".m4a", ".mp4", ".ogg", ".webm", ".mov", ".jpg", ".png", ".pdf", ".docx", ".zip", ".odt")
_INTERNAL = re.compile(r'internal://([^"<>]+)"')


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file of the store, by its SHA-256, and the entry that it becomes."""

    entry: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """`texts` are pairs of an entry and its text. `packages` are the SHA-256 of packages that came in, from which what
    was kept takes its files. `remarks` say what does not go out, and why.
    """

    project: Project
    texts: Sequence[tuple[str, str]]
    files: Sequence[HeldFile]
    packages: Sequence[str]
    side: Sequence[Mapping[str, Any]]
    counts: Mapping[str, int]
    remarks: Sequence[str] = ()


class OpensFiles(Protocol):
    """Gives the content of files that lie in the store, also of those that lie there closed."""

    def open(self, sha256: str) -> IO[bytes] | None:
        """None for a file that is not there any more."""
        ...


def write_package(outgoing: Outgoing, files: KeepsFiles, stream: IO[bytes], recordings: OpensFiles) -> None:
    """Writes the ZIP, recordings piece by piece. A file that is not in the store any more is left out."""
    with ZipFile(stream, "w", ZIP_DEFLATED) as packed:
        packed.writestr(_entry("project.qde"), write_project_xml(outgoing.project))
        for name, text in outgoing.texts:
            packed.writestr(_entry(f"sources/{name}"), text.encode("utf-8"))
        for held in outgoing.files:
            opened = recordings.open(held.sha256)
            if opened is not None:
                with opened:
                    _copy(packed, held.entry, iter(partial(opened.read, 1 << 20), b""))
        _carry_over(packed, outgoing, files)
        packed.writestr(_entry(SIDE_FILE), b"".join(write_lines(outgoing.side)))


def _carry_over(packed: ZipFile, outgoing: Outgoing, files: KeepsFiles) -> None:
    """What was kept as XML names files of the package it came in; they go with it."""
    wanted = {
        path
        for xml in (*(source.xml for source in outgoing.project.sources), *(n.xml for n in outgoing.project.all_notes))
        for path in _INTERNAL.findall(xml)
    }
    written = set(packed.namelist())
    for sha256 in outgoing.packages if wanted else ():
        package = _package(files, sha256)
        for path in sorted(wanted) if package is not None else ():
            entry = f"sources/{path.lstrip('/')}"
            if entry not in written and package is not None and (name := package.find(path)):
                _copy(packed, entry, package.chunks(name))
                written.add(entry)


def _package(files: KeepsFiles, sha256: str) -> Package | None:
    try:
        return open_package(files.path_of(sha256).read_bytes())
    except (InvalidInput, OSError):
        return None


def _copy(packed: ZipFile, name: str, pieces: Iterable[bytes]) -> None:
    with packed.open(_entry(name), "w", force_zip64=True) as entry:
        for piece in pieces:
            entry.write(piece)


def _entry(name: str) -> ZipInfo:
    info = ZipInfo(name, _MOMENT)
    info.compress_type = ZIP_STORED if name.casefold().endswith(_PACKED_ALREADY) else ZIP_DEFLATED
    return info
