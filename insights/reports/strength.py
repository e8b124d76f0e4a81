"""How strong an insight is, in the words that stand beside it everywhere."""

from __future__ import annotations

from datetime import date

from insights.reports.facts import InsightFact
from insights.synthesis.freshness import FreshnessState, assess_freshness
from insights.synthesis.models import ConfidenceLevel
from insights.synthesis.strength import Strength

_CONFIDENCE_WORDS: dict[ConfidenceLevel, str] = {
    ConfidenceLevel.HIGH: "high confidence",
    ConfidenceLevel.MODERATE: "moderate confidence",
    ConfidenceLevel.LOW: "low confidence",
    ConfidenceLevel.VERY_LOW: "very low confidence",
}


def strength_in_words(insight: InsightFact, on: date) -> str:
    """'rests on 5 people in 2 studies, moderate confidence, ageing'."""
    confidence = "confidence not assessed" if insight.confidence is None else _CONFIDENCE_WORDS[insight.confidence]
    footing = Strength(people=insight.people, studies=insight.studies, quotes=insight.quotes).in_words
    return f"{footing}, {confidence}, {freshness_state(insight, on).value}"


def freshness_state(insight: InsightFact, on: date) -> FreshnessState:
    return assess_freshness(
        insight.kind,
        insight.newest_evidence_on,
        on,
        component_changed_on=insight.component_changed_on,
        half_lives=insight.half_lives,
    ).state
