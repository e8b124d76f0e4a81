"""Files that hold secrets: written once, readable by their owner alone."""

from __future__ import annotations

import os
from pathlib import Path


def write_once_privately(path: Path, content: str) -> None:
    """Writes beside and links into place, so that two processes at first start end with one secret."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    _write(beside, content)
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        beside.unlink()


def replace_privately(path: Path, content: str) -> None:
    """Puts the new content in the place of the old at once; a power cut leaves the one or the other."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    _write(beside, content)
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _write(path: Path, content: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
