"""What kind of picture a file is, whether it is whole, and how large."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from insights.core.errors import InvalidInput
from insights.decisions.images.gif import rewrite_gif
from insights.decisions.images.jpeg import rewrite_jpeg
from insights.decisions.images.png import rewrite_png
from insights.decisions.images.reading import BrokenImageError, Drawn
from insights.decisions.images.webp import rewrite_webp

LARGEST_IMAGE = 5 * 1024 * 1024
"""Bytes; a screenshot of a whole page has a fifth of that."""

MOST_PIXELS = 40_000_000
"""A file of a few kilobytes can ask a browser for gigabytes of memory."""

_LONGEST_SIDE = 20_000
_KINDS: tuple[tuple[Callable[[bytes], bool], str, str, Callable[[bytes], Drawn]], ...] = (
    (lambda head: head.startswith(b"\x89PNG\r\n\x1a\n"), "PNG", "image/png", rewrite_png),
    (lambda head: head.startswith(b"\xff\xd8\xff"), "JPEG", "image/jpeg", rewrite_jpeg),
    (lambda head: head.startswith((b"GIF87a", b"GIF89a")), "GIF", "image/gif", rewrite_gif),
    (lambda head: head.startswith(b"RIFF") and head[8:12] == b"WEBP", "WebP", "image/webp", rewrite_webp),
)


@dataclass(frozen=True, slots=True)
class CheckedImage:
    """`content` is what is kept, named by `sha256`; width and height in pixels."""

    content: bytes
    media_type: str
    width: int
    height: int
    sha256: str

    @property
    def size(self) -> int:
        return len(self.content)


def check_image(content: bytes, *, field: str) -> CheckedImage:
    """The picture as it is kept. What the file begins with tells its kind, never its name or what a browser says."""
    if not content:
        raise InvalidInput.of(field, "The file is empty. Choose another.")
    if len(content) > LARGEST_IMAGE:
        megabytes = len(content) / 1024 / 1024
        raise InvalidInput.of(
            field, f"The picture has {megabytes:.1f} MB; 5 MB is the most. Save it smaller, or give an address instead."
        )
    kind = next((each for each in _KINDS if each[0](content[:16])), None)
    if kind is None:
        raise InvalidInput.of(field, _what_it_is(content))
    _, name, media_type, rewrite = kind
    try:
        drawn = rewrite(content)
    except BrokenImageError as error:
        raise InvalidInput.of(field, f"This {name} file is damaged: {error}. Save the picture again.") from error
    _require_size(field, drawn)
    digest = hashlib.sha256(drawn.content).hexdigest()
    return CheckedImage(drawn.content, media_type, drawn.width, drawn.height, digest)


def _require_size(field: str, drawn: Drawn) -> None:
    if drawn.width < 1 or drawn.height < 1:
        raise InvalidInput.of(field, "The picture is empty: it has no width or no height.")
    if drawn.width * drawn.height > MOST_PIXELS or max(drawn.width, drawn.height) > _LONGEST_SIDE:
        raise InvalidInput.of(
            field,
            f"The picture is {drawn.width:,} by {drawn.height:,} pixels; "
            f"{MOST_PIXELS // 1_000_000} million pixels and {_LONGEST_SIDE:,} on a side are the most.",
        )


def _what_it_is(content: bytes) -> str:
    head = content[:4_096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in head:
        return "SVG pictures can carry scripts and are not taken. Export it as PNG."
    if content.startswith(b"%PDF"):
        return "This is a PDF. Take a picture of the page and choose that, or give an address."
    if content[4:8] == b"ftyp":
        return "This kind of picture or film is not shown by every browser. Save it as PNG or JPEG."
    return "This file is no picture that can be shown here. Choose PNG, JPEG, GIF or WebP."
