"""Reads about decisions, scoped to the member, as frozen rows."""

from insights.decisions.queries.beside import Beside, ChainStep, beside
from insights.decisions.queries.checks import CheckRow, checks_of, due_checks
from insights.decisions.queries.choosing import insights_to_cite
from insights.decisions.queries.corrections import CorrectionRow, corrections_of
from insights.decisions.queries.evidence import LinkedInsight, LinkedQuote, linked_insights
from insights.decisions.queries.ledger import LedgerFilter, LedgerRow, ledger
from insights.decisions.queries.lists import (
    LINKS_A_PAGE,
    DecisionFilter,
    DecisionHead,
    DecisionRow,
    decision_head,
    decisions_to_choose,
    get_decision,
    list_decisions,
)
from insights.decisions.queries.matching import EvidenceMatch, evidence_matches
from insights.decisions.queries.needs import NeedsFilter, UnmetNeed, UnmetWay, needs_not_met
from insights.decisions.queries.outcomes import (
    MeasureRow,
    ReadingRow,
    get_check,
    get_impact_entry,
    get_measure,
    measures_of,
)
from insights.decisions.queries.record import (
    ChangeRow,
    ImageRow,
    changes_of,
    get_change,
    get_image,
    get_link,
    images_of,
)
from insights.decisions.queries.reviewing import (
    DeliveryLinkRow,
    OutdatedLink,
    ReviewRow,
    get_delivery_link,
    open_reviews,
    outdated_links,
)

__all__ = [
    "LINKS_A_PAGE",
    "Beside",
    "ChainStep",
    "ChangeRow",
    "CheckRow",
    "CorrectionRow",
    "DecisionFilter",
    "DecisionHead",
    "DecisionRow",
    "DeliveryLinkRow",
    "EvidenceMatch",
    "ImageRow",
    "LedgerFilter",
    "LedgerRow",
    "LinkedInsight",
    "LinkedQuote",
    "MeasureRow",
    "NeedsFilter",
    "OutdatedLink",
    "ReadingRow",
    "ReviewRow",
    "UnmetNeed",
    "UnmetWay",
    "beside",
    "changes_of",
    "checks_of",
    "corrections_of",
    "decision_head",
    "decisions_to_choose",
    "due_checks",
    "evidence_matches",
    "get_change",
    "get_check",
    "get_decision",
    "get_delivery_link",
    "get_image",
    "get_impact_entry",
    "get_link",
    "get_measure",
    "images_of",
    "insights_to_cite",
    "ledger",
    "linked_insights",
    "list_decisions",
    "measures_of",
    "needs_not_met",
    "open_reviews",
    "outdated_links",
]
