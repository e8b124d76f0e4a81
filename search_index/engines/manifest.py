"""What a commit vouches for: how far it came, and a fingerprint of every file it is made of.

An index directory holds pickles, and loading a pickle runs it. So each file's fingerprint is compared before
the file is first read; a changed byte makes the index damaged instead of wrong.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Final

from search_index.engine import IndexDamaged, Watermark

_CHUNK: Final = 1 << 20
_KEPT: Final = 3


@dataclass(frozen=True, slots=True)
class Manifest:
    """The files of one commit by name, each with its fingerprint, and the commit's watermark.

    `erasing` says that removed documents still have to be written out of some files.
    """

    watermark: Watermark
    files: Mapping[str, str]
    erasing: bool = False


def write_manifest(folder: Path, generation: int, manifest: Manifest) -> None:
    """Put a manifest on disk, durably, and drop those that no reader can still want."""
    body = json.dumps(
        {
            "watermark": asdict(manifest.watermark),
            "files": dict(manifest.files),
            "erasing": manifest.erasing,
        }
    )
    replace_durably(_path(folder, generation), f"{_text_fingerprint(body)}\n{body}\n")
    for old in range(generation - _KEPT - 1, max(generation - _KEPT - 5, -1), -1):
        _path(folder, old).unlink(missing_ok=True)


def read_manifest(folder: Path, generation: int) -> Manifest:
    """Read the manifest of one commit.

    Raises:
        FileNotFoundError: there is none.
        IndexDamaged: it is not what was written.
    """
    path = _path(folder, generation)
    try:
        seal, _, body = path.read_text("utf-8").rstrip("\n").partition("\n")
        if seal != _text_fingerprint(body):
            raise IndexDamaged(f"{path.name} was changed or cut off. Rebuild the index.")
        content = json.loads(body)
        return Manifest(Watermark(**content["watermark"]), content["files"], content["erasing"])
    except (ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(f"{path.name} cannot be read. Rebuild the index.") from error


def fingerprint(path: Path) -> str:
    """A file's BLAKE2b fingerprint, 128 bits, in hexadecimal."""
    digest = blake2b(digest_size=16)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def replace_durably(path: Path, text: str) -> None:
    """Write a small file so that after a power cut it is either the old one or the new one, whole."""
    draft = path.with_name(f"{path.name}.draft")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Have the operating system put a file, or a folder's list of names, on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _path(folder: Path, generation: int) -> Path:
    return folder / f"manifest-{generation}.json"


def _text_fingerprint(text: str) -> str:
    return blake2b(text.encode(), digest_size=16).hexdigest()
