"""The fingerprint that decision links pin (beyond.md 4): it changes with the meaning, not the wording around it."""

from __future__ import annotations

from collections.abc import Iterable

from insights.core.text import fingerprint
from insights.synthesis.models import ConfidenceLevel, InsightType


def insight_fingerprint(
    *, claim: str, type_: InsightType, confidence: ConfidenceLevel | None, evidence: Iterable[tuple[str, str]]
) -> str:
    """`evidence` are pairs of evidence ref and relation, in any order."""
    return fingerprint(
        {
            "claim": claim,
            "type": type_.value,
            "confidence": None if confidence is None else confidence.value,
            "evidence": sorted([ref, relation] for ref, relation in evidence),
        }
    )
