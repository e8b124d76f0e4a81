"""XML from strangers: no document type, so no entities of its own, and nothing fetched from anywhere.

root = parse_xml(content, name="project.qde")
refuse_document_types(content, name="word/document.xml")
"""

from __future__ import annotations

from xml.etree.ElementTree import Element, ParseError
from xml.parsers.expat import ExpatError, ParserCreate

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
        raise _document_type(name) from None
    except ParseError as error:
        raise _damaged(name, *error.position) from None
    except (ValueError, LookupError) as error:
        raise _encoding(name, error) from None
    return root


def refuse_document_types(content: bytes, *, name: str) -> None:
    """Looks through the XML without building anything of it, for libraries that parse it themselves.

    Raises:
        UnsafeXmlError: as `parse_xml` does.
    """
    parser = ParserCreate()
    parser.StartDoctypeDeclHandler = _stop
    try:
        parser.Parse(content, True)
    except _DocumentTypeFound:
        raise _document_type(name) from None
    except ExpatError as error:
        raise _damaged(name, error.lineno, error.offset) from None
    except (ValueError, LookupError) as error:
        raise _encoding(name, error) from None


class _DocumentTypeFound(Exception):
    pass


def _stop(*_declared: object) -> None:
    raise _DocumentTypeFound


def _document_type(name: str) -> UnsafeXmlError:
    return UnsafeXmlError(
        f"“{name}” declares a document type (<!DOCTYPE), which can make a small file endless. Nothing of it was "
        "read. Save it anew with the program it comes from."
    )


def _damaged(name: str, line: int, column: int) -> UnsafeXmlError:
    return UnsafeXmlError(
        f"“{name}” is no well-formed XML: line {line:,}, character {column + 1:,}. It is damaged or cut off; bring "
        "it again from where it was made."
    )


def _encoding(name: str, error: Exception) -> UnsafeXmlError:
    return UnsafeXmlError(f"“{name}” is in an encoding that cannot be read ({error}). Save it as UTF-8.")
