"""GIF: blocks up to the trailer. Comments and what programs wrote beside the pictures stay behind."""

from __future__ import annotations

from insights.decisions.images.reading import BrokenImageError, Drawn, piece

_HEADER = 13
_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_CONTROL, _APPLICATION = 0xF9, 0xFF
_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def rewrite_gif(content: bytes) -> Drawn:
    head = piece(content, 0, _HEADER)
    size = int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little")
    start = _HEADER + _table(head[10])
    kept, pictures = [piece(content, 0, start)], 0
    while (kind := piece(content, start, 1)[0]) != _TRAILER:
        if kind == _IMAGE:
            data = start + 10 + _table(piece(content, start, 10)[9]) + 1
            end, pictures = _end_of_blocks(content, data), pictures + 1
            kept.append(content[start:end])
        elif kind == _EXTENSION:
            end = _end_of_blocks(content, start + 2)
            if _draws(content[start:end]):
                kept.append(content[start:end])
        else:
            raise BrokenImageError("a part of it is not where it belongs")
        start = end
    if not pictures:
        raise BrokenImageError("it holds no picture")
    return Drawn(b"".join([*kept, bytes([_TRAILER])]), *size)


def _table(packed: int) -> int:
    """Bytes of the colour table that follows."""
    return 3 * 2 ** ((packed & 7) + 1) if packed & 0x80 else 0


def _end_of_blocks(content: bytes, start: int) -> int:
    while length := piece(content, start, 1)[0]:
        piece(content, start + 1, length)
        start += 1 + length
    return start + 1


def _draws(extension: bytes) -> bool:
    """How long a picture is shown, and how often all of them are."""
    return extension[1] == _CONTROL or (extension[1] == _APPLICATION and extension[3:14] in _LOOPS)
