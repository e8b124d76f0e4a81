"""What a page of HTML says about its encoding, taken only where its bytes do not say otherwise."""

from __future__ import annotations

import codecs
import re

from insights.core.text import DecodedText

_HEAD_BYTES = 4_096
_DECLARED = re.compile(rb"(?:charset|encoding)[ \t]*=[ \t]*[\"']?[ \t]*([A-Za-z][\w.:-]{1,40})", re.IGNORECASE)
# Names that web pages use for what is in truth a wider encoding (WHATWG Encoding Standard, names and labels).
_WIDER = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "iso8859-9": "cp1254"}


def with_declared_encoding(content: bytes, decoded: DecodedText) -> tuple[DecodedText, tuple[str, ...]]:
    """The text in the declared encoding where the bytes left a guess; with a note where the page is wrong about it."""
    found = _DECLARED.search(content[:_HEAD_BYTES])
    if not found:
        return decoded, ()
    written = found[1].decode("ascii")
    try:
        name = codecs.lookup(written).name
    except LookupError:
        return decoded, (f"It says that it is in “{written}”, an encoding that nobody knows.",)
    encoding = _WIDER.get(name, name)
    if not decoded.guessed:
        wrong = f"It says that it is in {written}, but it is in {decoded.encoding} and was read as that."
        return decoded, () if _same(encoding, decoded.encoding, decoded.text) else (wrong,)
    try:
        return DecodedText(content.decode(encoding), encoding, guessed=False), ()
    except (UnicodeDecodeError, LookupError):
        return decoded, (f"It says that it is in {written}, which its bytes are not.",)


def _same(declared: str, found: str, text: str) -> bool:
    return text.isascii() or codecs.lookup(found).name == declared
