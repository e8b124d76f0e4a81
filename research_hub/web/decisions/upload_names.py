"""The names of uploaded files, made safe to write and still those that people know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

# What file systems take is counted in bytes; 255 of them nearly everywhere.
_LONGEST_STEM = 150
_LONGEST_SUFFIX = 20
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f-\x9f\ud800-\udfff<>:"|?*\u202a-\u202e\u2066-\u2069]')


def safe_names(given: Iterable[str]) -> Iterator[str]:
    """A name for each, none of them twice: no folders, no controls, not hidden, not too long.

    Whatever a browser or somebody else sends as a name, it leads nowhere but into the folder it is written to.
    """
    taken: set[str] = set()
    for number, name in enumerate(given, start=1):
        stem, suffix = _parts(name)
        stem = stem or f"file {number}"
        candidate, again = f"{stem}{suffix}", 1
        while candidate.casefold() in taken:
            again += 1
            candidate = f"{stem} ({again}){suffix}"
        taken.add(candidate.casefold())
        yield candidate


def _parts(name: str) -> tuple[str, str]:
    """Stem and suffix of the last part of the path, with either kind of slash."""
    last = _NOT_IN_NAMES.sub("", name.replace("\\", "/").rstrip("/").rpartition("/")[2]).strip(" .")
    path = PurePosixPath(last)
    suffix = path.suffix if len(path.suffix.encode()) <= _LONGEST_SUFFIX else ""
    stem = last.removesuffix(suffix) if suffix else last
    return stem.encode()[:_LONGEST_STEM].decode(errors="ignore").strip(" ."), suffix
