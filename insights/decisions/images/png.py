"""PNG (ISO/IEC 15948): chunks with checksums, from IHDR to IEND."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from insights.decisions.images.reading import BrokenImageError, Drawn, piece

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# What draws the picture; texts, the time and what cameras write (tEXt, zTXt, iTXt, tIME, eXIf) stay behind.
_DRAWING = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"bKGD", b"pHYs"}
)
_HEADER = 13


def rewrite_png(content: bytes) -> Drawn:
    kept, size = [_SIGNATURE], (0, 0)
    has_data = False
    for place, (kind, data, whole) in enumerate(_chunks(content)):
        if (place == 0) != (kind == b"IHDR"):
            raise BrokenImageError("its header is not where it belongs")
        if kind == b"IHDR":
            if len(data) != _HEADER:
                raise BrokenImageError("its header has the wrong length")
            size = int.from_bytes(data[:4]), int.from_bytes(data[4:8])
        has_data = has_data or kind == b"IDAT"
        if kind in _DRAWING:
            kept.append(whole)
    if not has_data:
        raise BrokenImageError("it holds no picture")
    return Drawn(b"".join(kept), *size)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Kind, data and the whole chunk of each up to IEND, with which the picture ends."""
    start = len(_SIGNATURE)
    while True:
        length = int.from_bytes(piece(content, start, 4))
        kind, data = piece(content, start + 4, 4), piece(content, start + 8, length)
        checksum = int.from_bytes(piece(content, start + 8 + length, 4))
        if zlib.crc32(kind + data) != checksum:
            raise BrokenImageError("a checksum is wrong")
        start += 12 + length
        yield kind, data, content[start - 12 - length : start]
        if kind == b"IEND":
            return
