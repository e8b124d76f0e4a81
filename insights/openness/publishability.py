"""Whether the words under a decision may be public: what beyond.md 14 asks of a decision's own page.

Computed from the consents of every quote under its evidence, as they stand at the moment; nothing of it is stored.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.coding.quote_consent import Hindrance, quote_consents
from insights.decisions.models import EVIDENCE_TYPES, Decision, DecisionLink
from insights.people.models import Member
from insights.people.participants.gate import Use
from insights.synthesis.access import visible_insights
from insights.synthesis.models import EvidenceLink, Insight


@dataclass(frozen=True, slots=True)
class InTheWay:
    """One reason, how many quotes it holds back, and whom to ask by code; `participant_ref` is '' for nobody."""

    why: str
    quotes: int
    code: str
    participant_ref: str
    by_consent: bool


@dataclass(frozen=True, slots=True)
class Publishability:
    """`quotes` counts those the member may see; `in_the_way` has what holds back most of them first."""

    quotes: int
    free: int
    in_the_way: tuple[InTheWay, ...]

    @property
    def held_back(self) -> int:
        return self.quotes - self.free


def publishability(session: Session, member: Member, decision: Decision) -> Publishability:
    """Two statements, however many quotes there are."""
    under = (
        select(EvidenceLink.highlight_id)
        .join(Insight, Insight.id == EvidenceLink.insight_id)
        .join(DecisionLink, DecisionLink.insight_id == Insight.id)
        .where(
            DecisionLink.decision_id == decision.id,
            DecisionLink.type.in_(EVIDENCE_TYPES),
            EvidenceLink.highlight_id.is_not(None),
            visible_insights(member),
        )
    )
    found = quote_consents(session, under, Use.PUBLISH)
    counts: dict[Hindrance, int] = {}
    for consent in found.values():
        for each in consent.hindrances:
            counts[each] = counts.get(each, 0) + 1
    reasons = sorted(counts.items(), key=lambda item: (-item[1], item[0].code, item[0].why))
    free = sum(consent.allowed for consent in found.values())
    return Publishability(
        len(found),
        free,
        tuple(InTheWay(each.why, number, each.code, each.participant_ref, each.by_consent) for each, number in reasons),
    )
