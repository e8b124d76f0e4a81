"""Files that are compared with their manifest before they are read, and commits that survive a power cut."""

# Whoosh's own annotations are partial: what crosses this door is Any on its side and typed on ours.
# mypy: disallow-untyped-calls=False
# ruff: noqa: ANN401

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from whoosh.filedb.filestore import FileStorage

from search_index.engine import IndexDamaged, SearchUnavailable, Watermark
from search_index.engines.manifest import Manifest, fingerprint, sync, write_manifest

TOC: Final = re.compile(r"^_MAIN_(\d+)\.toc$")

FileState = tuple[int, int, int]
"""Inode, size in bytes, time of the last change in nanoseconds."""


class Superseded(Exception):
    """The commit being opened has just been replaced by another process: open again."""


class VouchedStorage(FileStorage):
    """Files that are compared with their manifest before they are read, and commits that survive a power cut."""

    def __init__(self, folder: Path, manifest: Manifest | None) -> None:
        # Without mmap: Whoosh copies every posting file into memory otherwise.
        super().__init__(str(folder), supports_mmap=False)
        self.watermark = manifest.watermark if manifest else Watermark()
        self.erasing = False
        self._vouched = dict(manifest.files) if manifest else {}
        self._own: set[str] = set()
        self._opened: list[Any] = []

    def create_file(self, name: str, excl: bool = False, mode: str = "wb", **options: Any) -> Any:  # noqa: FBT001, FBT002 - Whoosh's
        self._own.add(name)
        return super().create_file(name, excl=excl, mode=mode, **options)

    def open_file(self, name: str, **options: Any) -> Any:
        if name not in self._own:
            self._check(name)
        try:
            file = super().open_file(name, **options)
        except FileNotFoundError as error:
            raise Superseded(name) from error
        self._opened.append(file)
        return file

    def close_opened(self) -> None:
        """Closes what was opened for a reader that came to nothing; Whoosh leaves the first of its files open then."""
        for file in self._opened:
            if not file.is_closed:
                file.close()
        self._opened.clear()

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:  # noqa: FBT001, FBT002 - Whoosh's
        """Renaming the table of contents is the commit: all it speaks of is on disk before, itself right after."""
        committed = TOC.match(newname)
        folder = Path(self.folder)
        if committed:
            write_manifest(folder, int(committed.group(1)), self._manifest(folder, oldname, newname))
        super().rename_file(oldname, newname, safe=safe)
        self._own.add(newname)
        if committed:
            sync(folder)

    def _manifest(self, folder: Path, draft: str, toc: str) -> Manifest:
        vouched = {}
        for path in sorted(folder.glob("MAIN_*.*")):
            vouched[path.name] = self._vouched.get(path.name) or _synced_fingerprint(path)
        sync(folder / draft)
        vouched[toc] = fingerprint(folder / draft)
        return Manifest(self.watermark, vouched, self.erasing)

    def _check(self, name: str) -> None:
        if name not in self._vouched:
            raise Superseded(name)
        try:
            found = _fingerprint_once(Path(self.folder) / name)
        except FileNotFoundError as error:
            raise Superseded(name) from error
        if found != self._vouched[name]:
            raise IndexDamaged(f"{name} is not what was written. Rebuild the index.")


def _synced_fingerprint(path: Path) -> str:
    sync(path)
    return fingerprint(path)


_known_fingerprints: dict[Path, tuple[FileState, str]] = {}


def _fingerprint_once(path: Path) -> str:
    """The fingerprint of a file, worked out again only if the file has changed since."""
    state = file_state(path)
    if state is None:
        raise FileNotFoundError(path)
    known = _known_fingerprints.get(path)
    if known is None or known[0] != state:
        known = _known_fingerprints[path] = (state, fingerprint(path))
    return known[1]


def file_state(path: Path) -> FileState | None:
    try:
        state = path.stat()
    except FileNotFoundError:
        return None
    return state.st_ino, state.st_size, state.st_mtime_ns


@contextmanager
def damage_named() -> Iterator[None]:
    """Whatever goes wrong while reading files that were vouched for means they cannot be trusted."""
    try:
        yield
    except (SearchUnavailable, Superseded, MemoryError):
        raise
    except Exception as error:
        raise IndexDamaged(f"The index cannot be read ({error!r}). Rebuild the index.") from error


@contextmanager
def damage_or_unavailable() -> Iterator[None]:
    """While writing, an operating system error is the disk's fault, any other the index's."""
    try:
        yield
    except Superseded as error:
        raise IndexDamaged(f"The index lacks {error}. Rebuild the index.") from error
    except (SearchUnavailable, OSError, MemoryError) as error:
        if isinstance(error, SearchUnavailable):
            raise
        raise SearchUnavailable(f"The index cannot be written: {error}. Nothing was changed.") from error
    except Exception as error:
        raise IndexDamaged(f"The index cannot be written ({error!r}). Rebuild the index.") from error
