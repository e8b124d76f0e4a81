"""Documents, transcripts, captions and tables as people bring them, read into one canonical text."""

from insights.exchange.documents.reading import ReadDocument, ReadPage, ReadTable, ReadUtterance, SpeakerSeen

__all__ = ["ReadDocument", "ReadPage", "ReadTable", "ReadUtterance", "SpeakerSeen"]
