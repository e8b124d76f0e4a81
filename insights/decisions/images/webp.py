"""WebP (RFC 9649): chunks in a RIFF container. Exif and XMP stay behind."""

from __future__ import annotations

from insights.decisions.images.reading import BrokenImageError, Drawn, piece

_DRAWING = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_TELLING = 0x08 | 0x04  # the flags of Exif and XMP in VP8X


def rewrite_webp(content: bytes) -> Drawn:
    end = 8 + int.from_bytes(piece(content, 4, 4), "little")
    piece(content, 0, end)
    kept, size, start = [], (0, 0), 12
    while start < end:
        kind, length = piece(content, start, 4), int.from_bytes(piece(content, start + 4, 4), "little")
        data = piece(content, start + 8, length)
        start += 8 + length + length % 2
        size = size if size != (0, 0) else _size(kind, data)
        if kind == b"VP8X":
            data = bytes([data[0] & ~_TELLING]) + data[1:]
        if kind in _DRAWING:
            kept.append(kind + length.to_bytes(4, "little") + data + b"\x00" * (length % 2))
    if size == (0, 0):
        raise BrokenImageError("it does not say how large it is")
    body = b"WEBP" + b"".join(kept)
    return Drawn(b"RIFF" + len(body).to_bytes(4, "little") + body, *size)


def _size(kind: bytes, data: bytes) -> tuple[int, int]:
    if kind == b"VP8X":
        return _little(data, 4, 3) + 1, _little(data, 7, 3) + 1
    if kind == b"VP8L":
        bits = _little(data, 1, 4)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        if piece(data, 3, 3) != b"\x9d\x01\x2a":
            raise BrokenImageError("its picture does not begin as it should")
        return _little(data, 6, 2) & 0x3FFF, _little(data, 8, 2) & 0x3FFF
    return 0, 0


def _little(data: bytes, start: int, length: int) -> int:
    return int.from_bytes(piece(data, start, length), "little")
