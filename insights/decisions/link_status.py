"""What a decision link is worth now; computed one way everywhere, from the same facts (model.md, Link status)."""

from __future__ import annotations

from insights.decisions.models import LinkStatus
from insights.synthesis.models import InsightStatus

_NO_LONGER_HELD = {InsightStatus.RETIRED, InsightStatus.SUPERSEDED}

LINK_STATUS_WORDS: dict[LinkStatus, str] = {
    LinkStatus.CURRENT: "current",
    LinkStatus.OUTDATED: "evidence changed since",
    LinkStatus.UNSUPPORTED: "evidence withdrawn",
    LinkStatus.CHALLENGED: "contradicted",
    LinkStatus.ORPHANED: "evidence gone",
    LinkStatus.UNWANTED: "beside a declared basis",
}


def link_status(
    *,
    insight_status: InsightStatus | None,
    insight_fingerprint: str,
    pinned_fingerprint: str,
    contradicted: bool,
    declared_basis: bool,
) -> LinkStatus:
    """The most serious state that applies. `insight_status` is None when the insight is gone."""
    if insight_status is None:
        return LinkStatus.ORPHANED
    if insight_status in _NO_LONGER_HELD:
        return LinkStatus.UNSUPPORTED
    if insight_fingerprint != pinned_fingerprint:
        return LinkStatus.OUTDATED
    if contradicted or insight_status is InsightStatus.CHALLENGED:
        return LinkStatus.CHALLENGED
    return LinkStatus.UNWANTED if declared_basis else LinkStatus.CURRENT
