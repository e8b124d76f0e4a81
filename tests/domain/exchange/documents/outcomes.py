"""What becomes of a file: read, or refused with a message; anything else fails the test that asked."""

from __future__ import annotations

from collections.abc import Callable

from insights.core.errors import InvalidInput
from insights.exchange.documents import ReadDocument, read_document


def read_or_refused(
    name: str, content: bytes, read: Callable[[str, bytes], ReadDocument] = read_document
) -> tuple[ReadDocument | None, str]:
    """The document and an empty text, or None and the message of the refusal."""
    try:
        return read(name, content), ""
    except InvalidInput as error:
        return None, error.message
