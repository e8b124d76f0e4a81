"""What a public entry may be drafted from: insights that hold, and rest on nothing restricted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from insights.capture.models import SourceText, Study
from insights.coding.models import Highlight, HighlightStatus
from insights.coding.quote_consent import QuoteConsent, quote_consents
from insights.decisions.models import EVIDENCE_TYPES, Decision, DecisionLink, LinkType
from insights.people.models import Member
from insights.people.participants.gate import Use
from insights.synthesis.access import visible_insights
from insights.synthesis.models import CITABLE, EvidenceLink, Insight, Relation

MOST_QUOTES = 60
"""Offered at once: who chooses among more has a quote to look for by its words."""


@dataclass(frozen=True, slots=True)
class OpenInsight:
    id: int
    ref: str
    claim: str
    type: LinkType
    rationale: str


@dataclass(frozen=True, slots=True)
class QuoteOffer:
    """A quote that could be shown, and what stands in the way of publishing it."""

    highlight_id: int
    ref: str
    words: str
    insight_id: int
    consent: QuoteConsent


def rests_on_restricted() -> ColumnElement[bool]:
    """Whether evidence of the insight of the select around it comes from a restricted study."""
    return (
        select(EvidenceLink.id)
        .join(Highlight, Highlight.id == EvidenceLink.highlight_id)
        .join(Study, Study.id == Highlight.study_id)
        .where(EvidenceLink.insight_id == Insight.id, Study.restricted)
        .correlate(Insight)
        .exists()
    )


def may_be_told(member: Member) -> ColumnElement[bool]:
    """An insight that holds, that the one who drafts may see, and that rests on nothing restricted."""
    return and_(Insight.status.in_(CITABLE), visible_insights(member), ~rests_on_restricted())


def open_insights(session: Session, member: Member, decision: Decision) -> list[OpenInsight]:
    """The insights of a decision that may be told to everybody, what changed it first; one statement."""
    rows = session.execute(
        select(Insight, DecisionLink)
        .join(DecisionLink, DecisionLink.insight_id == Insight.id)
        .where(
            DecisionLink.decision_id == decision.id,
            DecisionLink.type.in_((*EVIDENCE_TYPES, LinkType.CONSIDERED_NOT_FOLLOWED)),
            may_be_told(member),
        )
        .order_by(DecisionLink.id)
    ).all()
    order = {each: place for place, each in enumerate((*EVIDENCE_TYPES, LinkType.CONSIDERED_NOT_FOLLOWED))}
    rows = sorted(rows, key=lambda row: order[row.DecisionLink.type])
    return [OpenInsight(each.id, each.ref, each.claim, link.type, link.rationale) for each, link in rows]


def studies_under(session: Session, insight_ids: Sequence[int]) -> list[Study]:
    """The open studies that the insights rest on, the oldest first; one statement."""
    if not insight_ids:
        return []
    heard_in = (
        select(Highlight.study_id)
        .join(EvidenceLink, EvidenceLink.highlight_id == Highlight.id)
        .where(EvidenceLink.insight_id.in_(insight_ids))
    )
    return list(session.scalars(select(Study).where(Study.id.in_(heard_in), ~Study.restricted).order_by(Study.id)))


def quotes_to_show(session: Session, insight_ids: Sequence[int]) -> list[QuoteOffer]:
    """Quotes that support the insights, each once, those that may be published first; three statements.

    Of restricted studies none is offered, nor told of.
    """
    if not insight_ids:
        return []
    rows = session.execute(
        select(Highlight.id, Highlight.exact, func.min(EvidenceLink.insight_id).label("insight_id"))
        .join(EvidenceLink, EvidenceLink.highlight_id == Highlight.id)
        .join(Study, Study.id == Highlight.study_id)
        .join(SourceText, SourceText.id == Highlight.source_text_id)
        .where(
            EvidenceLink.insight_id.in_(insight_ids),
            EvidenceLink.relation == Relation.SUPPORTS,
            Highlight.status.in_((HighlightStatus.ACTIVE, HighlightStatus.ORPHANED)),
            SourceText.deleted_at.is_(None),
            ~Study.restricted,
        )
        .group_by(Highlight.id, Highlight.exact)
        .order_by(Highlight.id)
        .limit(MOST_QUOTES)
    ).all()
    consents: Mapping[int, QuoteConsent] = quote_consents(session, [row.id for row in rows], Use.PUBLISH)
    offers = [QuoteOffer(row.id, f"HL-{row.id}", row.exact, row.insight_id, consents[row.id]) for row in rows]
    return sorted(offers, key=lambda each: (not each.consent.allowed, each.highlight_id))
