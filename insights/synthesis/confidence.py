"""Confidence by the four GRADE-CERQual components (Lewin et al. 2018), suggested from the concerns and then judged.

CERQual was made for findings of reviews across studies; for one team's insight it is an adaptation. The help says so.
"""

from __future__ import annotations

from collections.abc import Sequence

from insights.synthesis.models import Concern, ConfidenceLevel

_LEVELS = (ConfidenceLevel.HIGH, ConfidenceLevel.MODERATE, ConfidenceLevel.LOW, ConfidenceLevel.VERY_LOW)
_STEPS_DOWN = {Concern.NO_OR_VERY_MINOR: 0.0, Concern.MINOR: 0.0, Concern.MODERATE: 1.0, Concern.SERIOUS: 2.0}
_MINOR_CONCERNS_THAT_WEIGH = 3


def suggested_level(concerns: Sequence[Concern]) -> ConfidenceLevel:
    """Starts high and goes down one level for each moderate, two for each serious concern, one for three minor ones."""
    down = sum(_STEPS_DOWN[concern] for concern in concerns)
    if sum(concern is Concern.MINOR for concern in concerns) >= _MINOR_CONCERNS_THAT_WEIGH:
        down += 1
    return _LEVELS[min(int(down), len(_LEVELS) - 1)]
