"""From the bytes people bring to the one text that every offset counts in.

The canonical text of a source is its own plain or Markdown writing, never a rendering of it: NFC, line feeds only,
without a byte order mark, without control characters. Offsets into it are Unicode code points.
"""

import codecs
import re
import unicodedata
from dataclasses import dataclass

from charset_normalizer import from_bytes


class NotTextError(ValueError):
    """The bytes are not a text that can be read; the message tells a person what they are and what to do."""


@dataclass(frozen=True, slots=True)
class DecodedText:
    """What the bytes say. `guessed` is true where neither a mark nor valid UTF-8 settled the encoding."""

    text: str
    encoding: str
    guessed: bool


def canonical_text(raw: str) -> str:
    """The text that is stored and pointed into; applying it twice changes nothing.

    Control characters (tab and line feed apart) and lone surrogates, which no database stores, become U+FFFD.
    """
    lines_joined = raw.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return _normalised(_UNSTORABLE.sub("\ufffd", lines_joined))


def decode_text(data: bytes) -> DecodedText:
    """Bytes as text: by byte order mark, else UTF-8, else UTF-16 by its pattern, else a guess.

    Raises:
        NotTextError: for documents of known kinds (PDF, Word, pictures) and other bytes that are no text.
    """
    _refuse_known_formats(data)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return DecodedText(_decoded(data[len(mark) :], encoding), encoding, guessed=False)
    if _looks_like_utf_16(data):
        return _utf_16_without_mark(data)
    if data.count(0) * 100 > len(data):
        raise NotTextError(f"This is not text: it holds {data.count(0)} NUL bytes. Save it as plain text in UTF-8.")
    try:
        return DecodedText(data.decode("utf-8"), "utf-8", guessed=False)
    except UnicodeDecodeError:
        return _guessed(data)


_UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff]")
_MARK_RUN = re.compile(r"[^\x00-\u02ff]{64,}")
# The longer marks first: that of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FORMATS = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (b"{\\rtf", "a rich text (RTF) document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a sound, film or picture file"),
    (b"ID3", "a sound file"),
    (b"OggS", "a sound or film file"),
    (b"\x1aE\xdf\xa3", "a film file"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"SQLite format 3\x00", "a database"),
    (b"\x7fELF", "a program"),
)


def _refuse_known_formats(data: bytes) -> None:
    for magic, kind in _FORMATS:
        if data.startswith(magic):
            raise NotTextError(f"This is {kind}, not text. Save it as plain text or Markdown and try again.")
    if data[4:8] == b"ftyp":
        raise NotTextError("This is a film or sound file, not text. Bring its transcript instead.")


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise NotTextError(
            f"The file says it is {encoding.upper()} but is damaged at byte {error.start}. Save it again as UTF-8."
        ) from None


def _looks_like_utf_16(data: bytes) -> bool:
    """Whether nearly all NULs stand on one side of the byte pairs, as in Western text without a mark."""
    even, odd = data[0::2].count(0), data[1::2].count(0)
    rare, common = sorted((even, odd))
    return common * 10 > len(data) * 2 and rare * 50 <= common and len(data) % 2 == 0


def _utf_16_without_mark(data: bytes) -> DecodedText:
    encoding = "utf-16-le" if data[1::2].count(0) > data[0::2].count(0) else "utf-16-be"
    return DecodedText(_decoded(data, encoding), encoding, guessed=True)


def _guessed(data: bytes) -> DecodedText:
    """A guess, Western European first: the guesser takes a short English note for a Polish one."""
    if sum(data.count(byte) for byte in _CONTROL_BYTES) * 20 > len(data):
        raise NotTextError("This is not text: it is full of control characters. Save it as plain text in UTF-8.")
    western = data.decode("cp1252", errors="replace")
    if all(character in _WESTERN or character.isascii() for character in set(western)):
        return DecodedText(western, "cp1252", guessed=True)
    best = from_bytes(data).best()
    if best is None:
        raise NotTextError("The encoding of this file cannot be told. Save it as plain text in UTF-8.")
    return DecodedText(str(best), best.encoding, guessed=True)


_CONTROL_BYTES = (*range(9), 11, *range(14, 27), *range(28, 32))
_WESTERN = frozenset("‘’“”‚„–—…•€£§©®™°±²³½¼¾«»¿¡ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüŒœŸÿ\u00a0·×´")


def _normalised(text: str) -> str:
    """NFC in linear time.

    The library orders a run of combining marks by insertion, which takes hours for a megabyte of them.
    Long runs are put into canonical order first; that changes nothing in the result.
    """
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _MARK_RUN.sub(_in_canonical_order, text))


def _in_canonical_order(match: re.Match[str]) -> str:
    ordered: list[str] = []
    marks: list[str] = []
    for character in match.group():
        if unicodedata.combining(character):
            marks.append(character)
            continue
        ordered += sorted(marks, key=unicodedata.combining)
        ordered.append(character)
        marks.clear()
    return "".join(ordered + sorted(marks, key=unicodedata.combining))
