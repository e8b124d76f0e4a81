"""Reads about insights, scoped to the member, as frozen rows."""

from insights.synthesis.queries.contradictions import ContradictionRow, contradictions_of, get_contradiction
from insights.synthesis.queries.evidence import (
    Citing,
    EvidenceRow,
    KeptBack,
    evidence_of,
    insights_citing,
    kept_back_of,
)
from insights.synthesis.queries.history import (
    LookAgainTask,
    components_of,
    latest_confidence,
    open_task_of,
    versions_of,
)
from insights.synthesis.queries.lists import (
    InsightFilter,
    InsightRow,
    citable_insights,
    get_insight,
    get_insight_with_merged,
    insight_row,
    list_insights,
)
from insights.synthesis.queries.recommendations import (
    RecommendationFilter,
    RecommendationRow,
    get_recommendation,
    list_recommendations,
)

__all__ = [
    "Citing",
    "ContradictionRow",
    "EvidenceRow",
    "InsightFilter",
    "InsightRow",
    "KeptBack",
    "LookAgainTask",
    "RecommendationFilter",
    "RecommendationRow",
    "citable_insights",
    "components_of",
    "contradictions_of",
    "evidence_of",
    "get_contradiction",
    "get_insight",
    "get_insight_with_merged",
    "get_recommendation",
    "insight_row",
    "insights_citing",
    "kept_back_of",
    "latest_confidence",
    "list_insights",
    "list_recommendations",
    "open_task_of",
    "versions_of",
]
