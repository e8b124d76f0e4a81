"""Research that teams keep as Markdown and text files: each file read as a citable source, with nothing lost."""

from insights.exchange.research_files.dates import read_date
from insights.exchange.research_files.documents import (
    DatePrecision,
    DateSource,
    NotResearch,
    ReadingNote,
    ReadResult,
    ResearchDocument,
    SkippedFile,
    TreeEntry,
    UnreadableFile,
)
from insights.exchange.research_files.names import suggested_study
from insights.exchange.research_files.reader import read_research_file
from insights.exchange.research_files.summary import ResearchSummary, summarise, summary_lines
from insights.exchange.research_files.trees import read_research_tree

__all__ = [
    "DatePrecision",
    "DateSource",
    "NotResearch",
    "ReadResult",
    "ReadingNote",
    "ResearchDocument",
    "ResearchSummary",
    "SkippedFile",
    "TreeEntry",
    "UnreadableFile",
    "read_date",
    "read_research_file",
    "read_research_tree",
    "suggested_study",
    "summarise",
    "summary_lines",
]
