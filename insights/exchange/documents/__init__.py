"""Documents, transcripts, captions and tables as people bring them, read into one canonical text."""

from insights.exchange.documents.json_form import document_from_json, document_to_json
from insights.exchange.documents.reader import FORMATS, read_document
from insights.exchange.documents.reading import ReadDocument, ReadPage, ReadTable, ReadUtterance, SpeakerSeen
from insights.exchange.documents.relabelling import relabelled

__all__ = [
    "FORMATS",
    "ReadDocument",
    "ReadPage",
    "ReadTable",
    "ReadUtterance",
    "SpeakerSeen",
    "document_from_json",
    "document_to_json",
    "read_document",
    "relabelled",
]
