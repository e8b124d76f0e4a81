"""Small real pictures, made byte by byte, and the same with what does not belong in them."""

from __future__ import annotations

import struct
import zlib

SCRIPT = b"<script>alert(1)</script>"


def png(width: int = 3, height: int = 2, *extra: tuple[bytes, bytes]) -> bytes:
    """A grey picture; `extra` are chunks of kind and data that stand before the pixels."""
    rows = (b"\x00" + b"\x80" * width) * height if width * height < 1_000_000 else b""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), *extra, (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def jpeg(width: int = 3, height: int = 2, *, orientation: int = 0, comment: bytes = b"") -> bytes:
    """The parts of a JPEG in their order; its pixels are made up."""
    exif = struct.pack("<2sHIHHHIHHI", b"II", 42, 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    segments = [
        (0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"),
        *([(0xE1, b"Exif\x00\x00" + exif)] if orientation else []),
        *([(0xFE, comment)] if comment else []),
        (0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00"),
        (0xDA, b"\x01\x01\x00\x00\x3f\x00"),
    ]
    parts = [bytes([0xFF, marker]) + (len(data) + 2).to_bytes(2) + data for marker, data in segments]
    return b"\xff\xd8" + b"".join(parts) + b"\x12\xff\x00\x34\xff\xd0\x56" + b"\xff\xd9"


def gif(width: int = 3, height: int = 2, comment: bytes = b"") -> bytes:
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\x00\x00\x00\xff\xff\xff"
    told = b"\x21\xfe" + bytes([len(comment)]) + comment + b"\x00" if comment else b""
    image = b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x4c\x01\x00"
    return head + told + image + b"\x3b"


def webp(width: int = 3, height: int = 2, exif: bytes = b"") -> bytes:
    bits = (width - 1) | (height - 1) << 14
    chunks = [(b"VP8L", b"\x2f" + bits.to_bytes(4, "little") + b"\x00" * 5), *([(b"EXIF", exif)] if exif else [])]
    body = b"WEBP" + b"".join(
        kind + len(data).to_bytes(4, "little") + data + b"\x00" * (len(data) % 2) for kind, data in chunks
    )
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)
