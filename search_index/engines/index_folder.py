"""Where indexes lie on disk: numbered folders, and a pointer file that says which one is live.

A rebuild fills a new folder beside the live one and then replaces the pointer, which is one step for every reader.
"""

from __future__ import annotations

import fcntl
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from search_index.engine import IndexDamaged, SearchUnavailable
from search_index.engines.manifest import replace_durably

_POINTER: Final = "current"
_FOLDER: Final = re.compile(r"^index-(\d{6})$")
_PATIENCE: Final = 10.0


class IndexFolder:
    """The folder that holds the live index, its pointer and its locks."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def exists(self) -> bool:
        return (self.root / _POINTER).exists()

    def current(self) -> Path:
        """The live index.

        Raises:
            IndexDamaged: there is none, or the pointer names none.
        """
        try:
            name = (self.root / _POINTER).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise IndexDamaged("There is no search index yet. Rebuild the index.") from error
        if not _FOLDER.match(name):
            raise IndexDamaged("The file that names the search index was changed. Rebuild the index.")
        return self.root / name

    def new(self) -> Path:
        """A name for the next index; the folder is still to be made."""
        numbers = [int(match.group(1)) for path in self._folders() if (match := _FOLDER.match(path.name))]
        return self.root / f"index-{max(numbers, default=0) + 1:06d}"

    def switch_to(self, folder: Path) -> None:
        """Make a finished index the live one, durably.

        Raises:
            SearchUnavailable: the disk does not take it.
        """
        try:
            replace_durably(self.root / _POINTER, f"{folder.name}\n")
        except OSError as error:
            raise SearchUnavailable(f"The search index cannot be put in place: {error}. Try again.") from error

    def discard(self, folder: Path) -> None:
        """Remove an index that could not be finished, unless it has become the live one all the same."""
        if self.exists() and self.current() == folder:
            return
        shutil.rmtree(folder, ignore_errors=True)

    def remove_superseded(self) -> None:
        """Remove folders that are not live. Readers that still hold their files open read on undisturbed.

        A folder that another process is building right now is left alone.
        """
        live = self.current()
        others = [folder for folder in self._folders() if folder != live]
        if not others:
            return
        try:
            with self.locked("rebuild.lock", patience=0.0):
                for folder in others:
                    shutil.rmtree(folder, ignore_errors=True)
        except SearchUnavailable:
            return

    @contextmanager
    def locked(self, name: str, *, patience: float = _PATIENCE) -> Iterator[None]:
        """Hold a lock among processes and threads; the operating system lets go of it when a process dies.

        Raises:
            SearchUnavailable: another one held it for longer than `patience` seconds.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / name).open("w") as file:
            _acquire(file.fileno(), time.monotonic() + patience)
            yield

    def _folders(self) -> list[Path]:
        if not self.root.is_dir():
            return []
        return sorted(path for path in self.root.iterdir() if _FOLDER.match(path.name))


def _acquire(handle: int, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise SearchUnavailable("Another process is writing the search index. Try again.") from None
            time.sleep(0.01)
        else:
            return
