"""Finds what is wrong with the chain, one thing after the other, in time proportional to records and connections."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date

from insights.coding.models import HighlightStatus
from insights.decisions.link_status import LINK_STATUS_WORDS
from insights.decisions.models import DecisionStatus, LinkStatus
from insights.reports.facts import DecisionFact, EvidenceBase, InsightFact, LinkFact
from insights.reports.graph.issues.dates import issues_of_dates
from insights.reports.graph.issues.issue import EvidenceFact, Issue, issue_with
from insights.reports.graph.issues.kinds import IssueKind
from insights.reports.graph.issues.outcomes import issues_of_outcomes
from insights.reports.graph.rings import rings
from insights.reports.standing import (
    evidence_links,
    has_ended,
    is_in_force,
    is_published,
    is_retrospective,
    status_of_link,
)
from insights.reports.strength import freshness_state
from insights.synthesis.freshness import FreshnessState
from insights.synthesis.models import InsightStatus, Relation

_RING_NAMED = 5
_GONE = {HighlightStatus.DROPPED: "dropped", HighlightStatus.WITHDRAWN: "withdrawn"}
_LINK_KINDS = {
    LinkStatus.UNSUPPORTED: IssueKind.LINK_UNSUPPORTED,
    LinkStatus.ORPHANED: IssueKind.LINK_ORPHANED,
    LinkStatus.CHALLENGED: IssueKind.LINK_CHALLENGED,
    LinkStatus.OUTDATED: IssueKind.LINK_OUTDATED,
    LinkStatus.UNWANTED: IssueKind.LINK_UNWANTED,
}


def issues(
    base: EvidenceBase, evidence: Collection[EvidenceFact] | None = None, on: date | None = None
) -> Iterator[Issue]:
    """What is wrong on a day, today by default, with the records in the base's scope; in no promised order.

    `evidence` is that of all insights of the base; without it (None) nothing is said about what insights rest on.
    """
    day = base.today if on is None else on
    if evidence is not None:
        yield from _of_evidence(base, evidence, day)
    yield from _of_supersession(base)
    yield from _of_decisions(base, day)
    yield from issues_of_outcomes(base, day)
    yield from issues_of_dates(base, day)


def _of_evidence(base: EvidenceBase, evidence: Collection[EvidenceFact], on: date) -> Iterator[Issue]:
    seen = [piece for piece in evidence if piece.insight_id in base.insights]
    for piece in seen:
        insight = base.insights[piece.insight_id]
        if insight.in_scope and not has_ended(insight, on):
            yield from _of_quote(insight, piece)
    supports = [piece for piece in seen if piece.relation is Relation.SUPPORTS]
    supported = {piece.insight_id for piece in supports if piece.highlight_status not in _GONE}
    for insight in base.insights_in_scope:
        if is_published(insight, on) and insight.id not in supported:
            yield issue_with(IssueKind.INSIGHT_ON_NOTHING, insight, "Nothing that is attached supports it any more.")
    rests_on: defaultdict[int, list[int]] = defaultdict(list)
    for piece in supports:
        if piece.other_insight_id is not None and piece.other_insight_id in base.insights:
            rests_on[piece.insight_id].append(piece.other_insight_id)
    for ring in rings(rests_on):
        yield from _of_ring(base.insights[ring[0]], ring, IssueKind.EVIDENCE_RING, "rests on")


def _of_quote(insight: InsightFact, piece: EvidenceFact) -> Iterator[Issue]:
    status = piece.highlight_status
    if status in _GONE:
        words = f"{piece.ref} was {_GONE[status]}, and the insight still leads to it."
        yield issue_with(IssueKind.EVIDENCE_GONE, insight, words, piece.ref)
    elif status is HighlightStatus.ORPHANED:
        words = f"{piece.ref} is no longer found in the text it was said in."
        yield issue_with(IssueKind.QUOTE_LOST_ITS_PLACE, insight, words, piece.ref)


def _of_supersession(base: EvidenceBase) -> Iterator[Issue]:
    yield from _of_successors(
        base.insights.values(), base.insights, lambda each: each.status is InsightStatus.SUPERSEDED
    )
    yield from _of_successors(
        base.decisions.values(), base.decisions, lambda each: each.status is DecisionStatus.SUPERSEDED
    )


def _of_successors(
    facts: Iterable[InsightFact] | Iterable[DecisionFact],
    known: Collection[int],
    is_superseded: Callable[[InsightFact | DecisionFact], bool],
) -> Iterator[Issue]:
    after: dict[int, tuple[int, ...]] = {}
    by_id: dict[int, InsightFact | DecisionFact] = {}
    for fact in facts:
        by_id[fact.id] = fact
        if fact.superseded_by_id in known and fact.superseded_by_id is not None:
            after[fact.id] = (fact.superseded_by_id,)
        if fact.in_scope and fact.superseded_by_id is None and is_superseded(fact):
            yield issue_with(
                IssueKind.SUPERSEDED_BY_NOTHING, fact, "It is marked as superseded, but nothing follows it."
            )
    for ring in rings(after):
        yield from _of_ring(by_id[ring[0]], ring, IssueKind.SUPERSESSION_RING, "is superseded by")


def _of_ring(first: InsightFact | DecisionFact, ring: tuple[int, ...], kind: IssueKind, how: str) -> Iterator[Issue]:
    """Said once, of the first of them; only the beginning of a long ring is spelt out."""
    prefix = first.ref.partition("-")[0]
    others = tuple(f"{prefix}-{number}" for number in ring if number != first.id)
    named = ", ".join(others[:_RING_NAMED]) + (" and more" if len(others) > _RING_NAMED else "")
    words = f"It {how} itself, by way of {named}." if others else f"It {how} itself."
    if first.in_scope:
        yield issue_with(kind, first, words, *others)


def _of_decisions(base: EvidenceBase, on: date) -> Iterator[Issue]:
    for decision in base.decisions_in_scope:
        if not is_in_force(decision, on):
            continue
        links = evidence_links(base, decision, on)
        if links:
            yield from _of_links(base, decision, links, on)
        elif decision.basis is None:
            kind = IssueKind.IMPORTED_WITHOUT_EVIDENCE if decision.legacy else IssueKind.DECISION_ON_NOTHING
            yield issue_with(kind, decision, "No insight is linked as evidence, and no basis is declared.")


def _of_links(base: EvidenceBase, decision: DecisionFact, links: Iterable[LinkFact], on: date) -> Iterator[Issue]:
    fresh = False
    for link in links:
        insight = base.insights[link.insight_id]
        status = status_of_link(base, link, on)
        if status in _LINK_KINDS:
            words = f"Its link to {insight.ref}: {LINK_STATUS_WORDS[status]}."
            yield issue_with(_LINK_KINDS[status], decision, words, insight.ref)
        if is_retrospective(link, insight, decision):
            words = f"{insight.ref} was published or linked too late to have been known when it was decided."
            yield issue_with(IssueKind.LINK_RETROSPECTIVE, decision, words, insight.ref, on=link.linked_on)
        fresh = fresh or not (has_ended(insight, on) or freshness_state(insight, on) is FreshnessState.STALE)
    if not fresh:
        words = "Every insight it rests on is stale, retired or superseded."
        yield issue_with(IssueKind.STALE_EVIDENCE_ONLY, decision, words)
