"""From bytes to text: what is binary, what is too large, what is in another encoding."""

import codecs
from dataclasses import dataclass

import charset_normalizer

from insights.exchange.decision_files.documents import UnreadableFile

LARGEST_FILE = 2 * 1024 * 1024  # bytes; the longest real decision we know has 31,188
_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)


@dataclass(frozen=True, slots=True)
class DecodedText:
    """Text with every line end as a line feed; `encoding` is named only where it is not UTF-8."""

    text: str
    encoding: str = ""


def decode(name: str, data: bytes) -> DecodedText | UnreadableFile:
    if len(data) > LARGEST_FILE:
        why = f"{len(data):,} bytes: a decision may have at most {LARGEST_FILE:,}. Split it or leave it out."
        return UnreadableFile(name, "too large", why)
    if b"\x00" in data and not data.startswith(_WIDE_MARKS):
        return UnreadableFile(name, "binary", "It holds NUL bytes, so it is not text. Save it as Markdown first.")
    try:
        return DecodedText(_plain_lines(data.decode("utf-8-sig")))
    except UnicodeDecodeError:
        return _decode_by_guess(name, data)


def _decode_by_guess(name: str, data: bytes) -> DecodedText | UnreadableFile:
    match = charset_normalizer.from_bytes(data).best()
    if match is None:
        return UnreadableFile(name, "encoding", "Its encoding is not known. Save it as UTF-8 and import it again.")
    return DecodedText(_plain_lines(str(match)), match.encoding)


def _plain_lines(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
