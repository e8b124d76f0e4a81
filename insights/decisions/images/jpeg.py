"""JPEG (ITU-T T.81): segments from SOI to EOI. How it is turned is kept; where and with what it was taken is not."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from insights.decisions.images.reading import BrokenImageError, Drawn, piece

_START, _END = b"\xff\xd8", b"\xff\xd9"
_SCAN = 0xDA
_FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
# JFIF, colour profiles and Adobe's colour transform draw; Exif, XMP, Photoshop's and comments tell.
_DRAWING_APPS = frozenset({0xE0, 0xE2, 0xEE})
_EXIF = b"Exif\x00\x00"
_ORIENTATION, _TURNED = 0x0112, range(2, 9)


def rewrite_jpeg(content: bytes) -> Drawn:
    kept, size, turned = [_START], (0, 0), 0
    for marker, segment, scan in _segments(content):
        if marker in _FRAMES:
            size = int.from_bytes(piece(segment, 7, 2)), int.from_bytes(piece(segment, 5, 2))
        if marker == 0xE1 and segment[4:10] == _EXIF:  # noqa: PLR2004 - APP1
            turned = turned or _orientation(segment[10:])
        if _draws(marker):
            kept += [segment, scan]
    if size == (0, 0):
        raise BrokenImageError("it does not say how large it is")
    if turned in _TURNED:
        kept.insert(1, _exif_with(turned))
        # A viewer turns it on its side: width and height are those of what is seen.
        size = (size[1], size[0]) if turned >= 5 else size  # noqa: PLR2004 - 5 to 8 lie on their side
    return Drawn(b"".join([*kept, _END]), *size)


def _segments(content: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Marker, segment and the compressed data after it of each, up to the end of the picture."""
    start = len(_START)
    while content[start : start + 2] != _END:
        marker = _marker(content, start)
        segment = piece(content, start, 2 + int.from_bytes(piece(content, start + 2, 2)))
        start += len(segment)
        end = _end_of_scan(content, start) if marker == _SCAN else start
        yield marker, segment, content[start:end]
        start = end


def _marker(content: bytes, start: int) -> int:
    first, marker = piece(content, start, 2)
    if first != 0xFF or marker in {0x00, 0xFF, 0xD8, 0xD9}:  # noqa: PLR2004 - T.81, B.1.1.2
        raise BrokenImageError("a part of it is not where it belongs")
    return marker


def _draws(marker: int) -> bool:
    is_application = 0xE0 <= marker <= 0xEF  # noqa: PLR2004 - APP0 to APP15
    return marker in _DRAWING_APPS if is_application else marker != 0xFE  # noqa: PLR2004 - COM


def _end_of_scan(content: bytes, start: int) -> int:
    """The place of the marker after the compressed data: FF 00 and restart markers belong to the data."""
    place = start
    while True:
        place = content.find(b"\xff", place)
        if place < 0 or place + 1 >= len(content):
            raise BrokenImageError("it ends too early")
        following = content[place + 1]
        if following == 0x00 or 0xD0 <= following <= 0xD7:  # noqa: PLR2004 - RST0 to RST7
            place += 2
        elif following == 0xFF:  # noqa: PLR2004 - a fill byte
            place += 1
        else:
            return place


def _orientation(exif: bytes) -> int:
    """The tag of the first directory, 0 where there is none or it cannot be read."""
    order = {b"II": "<", b"MM": ">"}.get(exif[:2], "")
    try:
        (first,) = struct.unpack_from(f"{order}I", exif, 4) if order else (0,)
        (entries,) = struct.unpack_from(f"{order}H", exif, first) if first else (0,)
        for number in range(min(entries, 200)):
            tag, _kind, _count, value = struct.unpack_from(f"{order}HHIH", exif, first + 2 + 12 * number)
            if tag == _ORIENTATION:
                return int(value)
    except struct.error:
        return 0
    return 0


def _exif_with(orientation: int) -> bytes:
    body = _EXIF + struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, _ORIENTATION, 3, 1, orientation, 0, 0)
    return b"\xff\xe1" + (len(body) + 2).to_bytes(2) + body
