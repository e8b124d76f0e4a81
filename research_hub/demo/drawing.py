"""Small drawings of ours: filled rectangles, one over another, as a PNG (W3C PNG, third edition)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable

from research_hub.demo.records import Block

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_BITS, _TRUECOLOUR = 8, 2


def draw(width: int, height: int, blocks: Iterable[Block]) -> bytes:
    """White where no block lies; what reaches beyond the edge is cut off there."""
    rows = [bytearray(b"\xff" * 3 * width) for _ in range(height)]
    for block in blocks:
        _fill(rows, block, width)
    header = struct.pack(">IIBBBBB", width, height, _BITS, _TRUECOLOUR, 0, 0, 0)
    # Each row begins with its filter: none.
    pixels = zlib.compress(b"".join(b"\x00" + bytes(row) for row in rows), 9)
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _fill(rows: list[bytearray], block: Block, width: int) -> None:
    right = min(block.x + block.width, width)
    line = bytes.fromhex(block.colour) * (right - block.x)
    for row in rows[block.y : block.y + block.height]:
        row[3 * block.x : 3 * right] = line


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
