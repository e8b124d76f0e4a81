"""Reads about decisions, scoped to the member, as frozen rows."""

from insights.decisions.queries.checks import CheckRow, checks_of, due_checks
from insights.decisions.queries.choosing import insights_to_cite
from insights.decisions.queries.evidence import LinkedInsight, LinkedQuote, linked_insights
from insights.decisions.queries.lists import (
    DecisionFilter,
    DecisionHead,
    DecisionRow,
    decision_head,
    decisions_to_choose,
    get_decision,
    list_decisions,
)
from insights.decisions.queries.matching import EvidenceMatch, evidence_matches
from insights.decisions.queries.outcomes import (
    ImpactRow,
    MeasureRow,
    ReadingRow,
    get_check,
    get_impact_entry,
    get_measure,
    impact_of,
    measures_of,
)
from insights.decisions.queries.record import ChainStep, ChangeRow, chain_of, changes_of, get_change, get_link

__all__ = [
    "ChainStep",
    "ChangeRow",
    "CheckRow",
    "DecisionFilter",
    "DecisionHead",
    "DecisionRow",
    "EvidenceMatch",
    "ImpactRow",
    "LinkedInsight",
    "LinkedQuote",
    "MeasureRow",
    "ReadingRow",
    "chain_of",
    "changes_of",
    "checks_of",
    "decision_head",
    "decisions_to_choose",
    "due_checks",
    "evidence_matches",
    "get_change",
    "get_check",
    "get_decision",
    "get_impact_entry",
    "get_link",
    "get_measure",
    "impact_of",
    "insights_to_cite",
    "linked_insights",
    "list_decisions",
    "measures_of",
]
