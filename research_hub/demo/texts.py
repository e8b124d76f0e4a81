"""The canonical form of a source text."""

import unicodedata


def canonical_text(content: bytes) -> str:
    r"""The text that highlights point into: UTF-8, Unicode NFC, every line end \n. Nothing else is changed.

    Raises:
        UnicodeDecodeError: the content is not UTF-8.
    """
    text = content.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", text)
