"""What the readers of the four formats share."""

from __future__ import annotations

from dataclasses import dataclass


class BrokenImageError(Exception):
    """The file does not hold what its format says; the message says what."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture rewritten with the parts that draw it alone."""

    content: bytes
    width: int
    height: int


def piece(content: bytes, start: int, length: int) -> bytes:
    """So many bytes from there. Raises BrokenImageError where the file ends before."""
    found = content[start : start + length]
    if len(found) != length:
        raise BrokenImageError("it ends too early")
    return found
