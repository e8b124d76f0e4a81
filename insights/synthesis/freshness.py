"""How old the newest evidence is, measured against how fast claims of that kind age (features.md F4, beyond.md 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from insights.synthesis.models import InsightKind

# Months after which a claim of that kind is worth half. Vendors' opinion, not science, so a team may set its own.
HALF_LIFE_MONTHS: dict[InsightKind, int] = {
    InsightKind.USABILITY: 6,
    InsightKind.BEHAVIOUR: 12,
    InsightKind.ATTITUDE_NEED: 24,
    InsightKind.LEGAL_DEMOGRAPHIC: 36,
}
DAYS_A_MONTH = 365.25 / 12


class FreshnessState(StrEnum):
    FRESH = "fresh"
    AGEING = "ageing"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Freshness:
    """`value` runs from 1 (today) towards 0; `half_life_months` is the setting it was computed with."""

    state: FreshnessState
    value: float
    half_life_months: float
    newest_on: date | None


def assess_freshness(
    kind: InsightKind,
    newest_on: date | None,
    on: date,
    *,
    component_changed_on: date | None = None,
    half_lives: Mapping[str, float] | None = None,
) -> Freshness:
    """`0.5 ** (age in days / half-life in days)`: fresh from 0.5, ageing from 0.25, stale below.

    Evidence without a date is stale. Where a component that the claim is about changed after the newest evidence, a
    usability finding is stale at once, and any other claim has aged by one half-life more: it is no longer fresh.
    """
    months = float((half_lives or {}).get(kind.value, HALF_LIFE_MONTHS[kind]))
    if newest_on is None:
        return Freshness(FreshnessState.STALE, 0.0, months, None)
    outrun = component_changed_on is not None and component_changed_on > newest_on
    if kind is InsightKind.USABILITY and outrun:
        return Freshness(FreshnessState.STALE, 0.0, months, newest_on)
    age = max(0, (on - newest_on).days)
    value = 0.5 ** (age / (months * DAYS_A_MONTH)) * (0.5 if outrun else 1.0)
    return Freshness(_state(value), value, months, newest_on)


def _state(value: float) -> FreshnessState:
    if value >= 0.5:  # noqa: PLR2004 - one half-life
        return FreshnessState.FRESH
    return FreshnessState.AGEING if value >= 0.25 else FreshnessState.STALE  # noqa: PLR2004 - two half-lives
