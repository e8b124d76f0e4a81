"""Uploaded originals, byte for byte, named by their SHA-256 and by nothing a user typed."""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

# Bytes read at a time.
_PIECE = 1024 * 1024


class FileStore:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.lock_path = root.with_name(f"{root.name}.lock")

    def keep(self, content: bytes) -> str:
        """Stores the content, on disk before it returns, and answers its SHA-256. The same content is kept once.

        What lies there already counts as new: somebody is about to name it, and `remove_if_older` leaves it alone.
        """
        digest = hashlib.sha256(content).hexdigest()
        target = self.path_of(digest)
        target.parent.mkdir(parents=True, exist_ok=True)
        with self._held(fcntl.LOCK_SH):
            if target.exists():
                os.utime(target)
                return digest
        with _half_written(target.parent) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(target)
        return digest

    def keep_stream(self, stream: IO[bytes]) -> tuple[str, int]:
        """Stores what the stream holds, a piece at a time, and answers its SHA-256 and its size in bytes."""
        self.root.mkdir(parents=True, exist_ok=True)
        hashed, size = hashlib.sha256(), 0
        with _half_written(self.root) as file:
            while piece := stream.read(_PIECE):
                hashed.update(piece)
                size += len(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
            target = self.path_of(hashed.hexdigest())
            target.parent.mkdir(parents=True, exist_ok=True)
            with self._held(fcntl.LOCK_SH):
                Path(file.name).replace(target)
        return hashed.hexdigest(), size

    def read(self, digest: str) -> bytes:
        """Raises FileNotFoundError for content that was never kept."""
        return self.path_of(digest).read_bytes()

    def remove_if_older(self, path: Path, moment: float) -> bool:
        """Removes a file of the store that was kept before the moment, in seconds since 1970, and not again since."""
        with self._held(fcntl.LOCK_EX):
            try:
                if path.stat().st_mtime >= moment:
                    return False
                path.unlink()
            except FileNotFoundError:
                return False
        return True

    @contextmanager
    def _held(self, how: int) -> Iterator[None]:
        """Keeps whoever finds a file there apart from whoever removes it, in whichever process they are."""
        self.root.mkdir(parents=True, exist_ok=True)
        with self.lock_path.open("a") as lock:
            fcntl.flock(lock, how)
            yield

    def path_of(self, digest: str) -> Path:
        if len(digest) != 64 or not digest.isalnum():  # noqa: PLR2004 - hex digits of SHA-256
            raise FileNotFoundError(digest)
        return self.root / digest[:2] / digest


@contextmanager
def _half_written(folder: Path) -> Iterator[IO[bytes]]:
    """A file of no name yet, which a full disk or a torn connection leaves nothing of."""
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        try:
            yield file
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
