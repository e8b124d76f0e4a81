"""Office files are ZIP packages of XML: every part is unpacked, counted and looked at before a library reads it."""

from __future__ import annotations

from insights.exchange.archives import Archive, ArchiveError, open_archive
from insights.exchange.documents.contents import UnreadableError
from insights.exchange.safe_xml import UnsafeXmlError, refuse_document_types


def checked_package(content: bytes) -> Archive:
    """The package, of which no part is damaged, over the limits or declares a document type; else UnreadableError."""
    try:
        archive = open_archive(content)
        for entry in archive.entries:
            whole = archive.read(entry)
            if entry.name.lower().endswith(_XML) and whole.strip():
                refuse_document_types(whole, name=entry.name)
        # What was counted once is not counted again when the parts are read.
        return open_archive(content)
    except (ArchiveError, UnsafeXmlError) as error:
        raise UnreadableError(error.message) from error


_XML = (".xml", ".rels", ".vml", ".rdf")
