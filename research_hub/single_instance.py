"""A lock that the operating system lets go of when its holder dies, however it dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyRunning(Exception):
    """Another process holds the lock; `holder` is its number, 0 where it is not known."""

    def __init__(self, holder: int) -> None:
        super().__init__(f"process {holder}" if holder else "another process")
        self.holder = holder


@contextmanager
def hold(path: Path) -> Iterator[None]:
    """Raises AlreadyRunning at once where somebody else holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            written = file.read().strip()
            raise AlreadyRunning(int(written) if written.isdigit() else 0) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def is_held(path: Path) -> bool:
    """Whether somebody holds it just now."""
    try:
        with hold(path):
            return False
    except AlreadyRunning:
        return True
