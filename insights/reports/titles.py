"""The rows behind a figure, in words.

titled(base, metric.rows) -> [("DEC-17", "Shorten the form"), ...]
"""

from __future__ import annotations

from collections.abc import Iterable

from insights.reports.facts import EvidenceBase


def titled(base: EvidenceBase, refs: Iterable[str]) -> list[tuple[str, str]]:
    """Each ref with its claim, title or sentence, in the given order; '' for what the base does not hold.

    A link reads 'INS-4 in DEC-17: why', a check as its decision. Time grows with the refs, not with refs times records.
    """
    wanted = list(refs)
    kinds = {ref.partition("-")[0] for ref in wanted}
    titles: dict[str, str] = {}
    for kind, found in _TITLES.items():
        if kind in kinds:
            titles |= found(base)
    return [(ref, titles.get(ref, "")) for ref in wanted]


def _of_insights(base: EvidenceBase) -> dict[str, str]:
    return {insight.ref: insight.claim for insight in base.insights.values()}


def _of_decisions(base: EvidenceBase) -> dict[str, str]:
    return {decision.ref: decision.title for decision in base.decisions.values()}


def _of_links(base: EvidenceBase) -> dict[str, str]:
    return {link.ref: f"INS-{link.insight_id} in DEC-{link.decision_id}: {link.rationale}" for link in base.links}


def _of_checks(base: EvidenceBase) -> dict[str, str]:
    decisions = base.decisions
    return {
        check.ref: f"{decisions[check.decision_id].ref} {decisions[check.decision_id].title}" for check in base.checks
    }


def _of_recommendations(base: EvidenceBase) -> dict[str, str]:
    return {item.ref: item.text for item in base.recommendations}


_TITLES = {"INS": _of_insights, "DEC": _of_decisions, "LNK": _of_links, "CHK": _of_checks, "REC": _of_recommendations}
