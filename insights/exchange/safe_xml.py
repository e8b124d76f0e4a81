"""XML from strangers: no document type, so no entities of its own, and nothing fetched from anywhere."""

from __future__ import annotations

from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring


class UnsafeXmlError(Exception):
    """The XML is refused; the message says what was found, where, and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def parse_xml(content: bytes, *, name: str = "the file") -> Element:
    """The root element. `name` is the part of the archive, or the file, for the message.

    Raises:
        UnsafeXmlError: for anything that is not well-formed, and for every `<!DOCTYPE`.
    """
    try:
        root: Element = fromstring(content, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except DefusedXmlException:
        raise UnsafeXmlError(
            f"“{name}” declares a document type (<!DOCTYPE), which can make a small file endless. Nothing of it was "
            "read. Save it anew with the program it comes from."
        ) from None
    except ParseError as error:
        line, column = error.position
        raise UnsafeXmlError(
            f"“{name}” is no well-formed XML: line {line:,}, character {column + 1:,}. It is damaged or cut off; bring "
            "it again from where it was made."
        ) from None
    except (ValueError, LookupError) as error:
        raise UnsafeXmlError(f"“{name}” is in an encoding that cannot be read ({error}). Save it as UTF-8.") from None
    return root
