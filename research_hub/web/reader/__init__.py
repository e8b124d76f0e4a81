"""A text as the reader shows it; the pages of capture and of coding both answer with its lines."""

from research_hub.web.reader.answers import changed, said_in_place
from research_hub.web.reader.lines import Line, Note, Piece, lines_of
from research_hub.web.reader.opening import Opened, lines_between, opened
from research_hub.web.reader.shown import Offer

__all__ = [
    "Line",
    "Note",
    "Offer",
    "Opened",
    "Piece",
    "changed",
    "lines_between",
    "lines_of",
    "opened",
    "said_in_place",
]
