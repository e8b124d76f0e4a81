"""What insights rest on, and which insights cite a highlight."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from insights.coding.queries import HighlightRow, highlights_by_ids
from insights.people.models import Member
from insights.synthesis.access import visible_insights
from insights.synthesis.models import (
    EvidenceLink,
    Insight,
    Relation,
)
from insights.synthesis.strength import Strength


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One piece of evidence; exactly one of `highlight`, `other_ref` and `external_title` says something."""

    id: int
    relation: str
    note: str
    highlight: HighlightRow | None
    other_ref: str
    other_claim: str
    external_title: str
    external_url: str
    dated_on: date


@dataclass(frozen=True, slots=True)
class KeptBack:
    """`quotes` of the `of` quotes in support that this reader is not shown, and pieces against and in between."""

    quotes: int
    of: int
    against: int
    qualifying: int


@dataclass(frozen=True, slots=True)
class Citing:
    """An insight that cites a highlight."""

    ref: str
    claim: str
    relation: str


def evidence_of(session: Session, member: Member, insight: Insight) -> list[EvidenceRow]:
    """In the order in which it was attached; evidence that the member may not see is left out."""
    other = aliased(Insight)
    rows = session.execute(
        select(EvidenceLink, other.claim)
        .select_from(EvidenceLink)
        .outerjoin(
            other,
            (other.id == EvidenceLink.other_insight_id)
            & other.id.in_(select(Insight.id).where(visible_insights(member))),
        )
        .where(EvidenceLink.insight_id == insight.id)
        .order_by(EvidenceLink.id)
    ).all()
    ids = [link.highlight_id for link, _ in rows if link.highlight_id is not None]
    quotes = {row.id: row for row in highlights_by_ids(session, member, ids)}
    return [
        _evidence(link, claim, quotes.get(link.highlight_id or 0))
        for link, claim in rows
        if _is_shown(link, claim, quotes)
    ]


def kept_back_of(strength: Strength, shown: Collection[EvidenceRow]) -> KeptBack:
    """What counts and is not shown to this reader. The one place that says so: counts and strength include it.

    Who said how much is a fact that does not tell their words, and a figure that changed with its reader could be cited
    by nobody. So what is kept back goes on counting until it is withdrawn for good, and every page says how much it is.
    """
    seen = {row.highlight.id for row in shown if row.relation == Relation.SUPPORTS and row.highlight is not None}
    against = sum(row.relation == Relation.CONTRADICTS for row in shown)
    qualifying = sum(row.relation == Relation.QUALIFIES for row in shown)
    return KeptBack(
        quotes=max(0, strength.quotes - len(seen)),
        of=strength.quotes,
        against=max(0, strength.against - against),
        qualifying=max(0, strength.qualifying - qualifying),
    )


def insights_citing(session: Session, member: Member, highlight_ids: Collection[int]) -> Mapping[int, list[Citing]]:
    """For each highlight the insights that cite it and that the member may see."""
    citing: dict[int, list[Citing]] = defaultdict(list)
    if highlight_ids:
        rows = session.execute(
            select(EvidenceLink.highlight_id, EvidenceLink.relation, Insight.id, Insight.claim)
            .join(Insight, Insight.id == EvidenceLink.insight_id)
            # What was merged into another insight speaks through that one.
            .where(
                EvidenceLink.highlight_id.in_(highlight_ids), Insight.merged_into_id.is_(None), visible_insights(member)
            )
            .order_by(Insight.id)
        )
        for highlight_id, relation, number, claim in rows:
            citing[highlight_id or 0].append(Citing(f"INS-{number}", claim, relation.value))
    return citing


def _is_shown(link: EvidenceLink, claim: str | None, quotes: Mapping[int, HighlightRow]) -> bool:
    if link.highlight_id is not None:
        return link.highlight_id in quotes
    return link.other_insight_id is None or claim is not None


def _evidence(link: EvidenceLink, claim: str | None, quote: HighlightRow | None) -> EvidenceRow:
    return EvidenceRow(
        id=link.id,
        relation=link.relation.value,
        note=link.note,
        highlight=quote,
        other_ref="" if link.other_insight_id is None else f"INS-{link.other_insight_id}",
        other_claim=claim or "",
        external_title=link.external_title,
        external_url=link.external_url,
        dated_on=link.evidence_date,
    )
