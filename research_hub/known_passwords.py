"""The installation's list of passwords that others know: RESEARCH_HUB_KNOWN_PASSWORDS, one password a line."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from insights.core.errors import DomainError
from insights.people.passwords import LONGEST, SHORTEST, folded

_LARGEST: Final = 64 * 1024 * 1024


class CannotReadList(DomainError):
    """The list is not there, or is none; the message says what to do."""


def read_known_passwords(path: Path | None) -> frozenset[str]:
    """Those that could be chosen at all, folded; none where no list is named. Raises CannotReadList."""
    if path is None:
        return frozenset()
    try:
        if path.stat().st_size > _LARGEST:
            raise CannotReadList(f"{path} is larger than 64 MB: name a list of the most used passwords, not of all.")
        lines = path.read_text("utf-8", errors="replace").splitlines()
    except OSError as error:
        raise CannotReadList(
            f"The list of known passwords cannot be read ({error.strerror}): {path}. "
            "Put RESEARCH_HUB_KNOWN_PASSWORDS right, or leave it out."
        ) from error
    return frozenset(folded(line) for line in lines if SHORTEST <= len(line) <= LONGEST)
