"""Decision files in and out: Nygard, MADR 2 to 4, RFC tables, Y-statements and reStructuredText in; MADR 4 out."""

from insights.exchange.decision_files.documents import (
    DecisionDocument,
    DecisionFormat,
    DecisionStatus,
    EvidenceReference,
    FrontMatterValue,
    NotADecision,
    OptionText,
    Reading,
    ReadingNote,
    TextSection,
    UnreadableFile,
)
from insights.exchange.decision_files.madr import write_madr
from insights.exchange.decision_files.reading import read_decision_file
from insights.exchange.decision_files.summary import ReadingSummary
from insights.exchange.decision_files.supersession import (
    Supersession,
    SupersessionProblem,
    SupersessionReading,
    resolve_supersession,
)
from insights.exchange.decision_files.tree import read_decision_tree

__all__ = [
    "DecisionDocument",
    "DecisionFormat",
    "DecisionStatus",
    "EvidenceReference",
    "FrontMatterValue",
    "NotADecision",
    "OptionText",
    "Reading",
    "ReadingNote",
    "ReadingSummary",
    "Supersession",
    "SupersessionProblem",
    "SupersessionReading",
    "TextSection",
    "UnreadableFile",
    "read_decision_file",
    "read_decision_tree",
    "resolve_supersession",
    "write_madr",
]
