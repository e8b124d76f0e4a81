"""What waits for somebody to look at a decision again: links whose evidence moved on, and proposed reviews."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, String, cast, literal, select
from sqlalchemy.orm import Session

from insights.core.errors import NotFound
from insights.decisions.access import visible_decisions
from insights.decisions.models import (
    Decision,
    DecisionLink,
    DecisionReview,
    DecisionStatus,
    DeliveryLink,
)
from insights.people.models import Member, Service
from insights.synthesis.access import visible_insights
from insights.synthesis.models import CITABLE, Insight


@dataclass(frozen=True, slots=True)
class OutdatedLink:
    """A link of a decision in force whose insight says something else than when it was linked."""

    link_id: int
    decision_ref: str
    decision: str
    service: str
    owner: str
    insight_ref: str
    claim: str
    type: str
    rationale: str
    pinned_version: int
    version: int
    changed_at: datetime
    has_open_review: bool


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """`result` is '' while it is open; `origin_ref` the record that proposed it."""

    id: int
    decision_ref: str
    decision: str
    owner: str
    cause: str
    origin_ref: str
    opened_at: datetime
    opened_by: str
    result: str
    note: str
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeliveryLinkRow:
    id: int
    url: str
    title: str
    tracker: str
    state: str
    state_on: date | None


def outdated_links(
    session: Session, member: Member, *, mine: bool = False, limit: int | None = None
) -> list[OutdatedLink]:
    """The longest waiting first, of insights that can still be cited. One statement."""
    asked = (
        select(DecisionReview.id)
        .where(DecisionReview.decision_id == Decision.id, DecisionReview.result.is_(None))
        .correlate(Decision)
        .exists()
    )
    query = (
        select(DecisionLink, Decision, Insight, Service.name.label("service"), Member.name.label("owner"), asked)
        .join(Decision, Decision.id == DecisionLink.decision_id)
        .join(Insight, Insight.id == DecisionLink.insight_id)
        .outerjoin(Service, Service.id == Decision.service_id)
        .outerjoin(Member, Member.id == Decision.owner_id)
        .where(
            Decision.status == DecisionStatus.ACCEPTED,
            DecisionLink.fingerprint != Insight.fingerprint,
            Insight.status.in_(CITABLE),
            visible_decisions(member),
            visible_insights(member),
        )
        .order_by(Insight.updated_at, DecisionLink.id)
    )
    if mine:
        query = query.where(Decision.owner_id == member.id)
    rows = session.execute(query if limit is None else query.limit(limit))
    return [
        OutdatedLink(
            link_id=link.id,
            decision_ref=decision.ref,
            decision=decision.title,
            service=service or "",
            owner=owner or "",
            insight_ref=insight.ref,
            claim=insight.claim,
            type=link.type.value,
            rationale=link.rationale,
            pinned_version=link.insight_version,
            version=insight.version,
            changed_at=insight.updated_at,
            has_open_review=has_open_review,
        )
        for link, decision, insight, service, owner, has_open_review in rows
    ]


def open_reviews(
    session: Session, member: Member, *, team_ids: Collection[int] | None = None, limit: int | None = None
) -> list[ReviewRow]:
    """Of all areas or of some, the oldest question first. One whose cause the member may not see is not told."""
    proposer = select(Member.name).where(Member.id == DecisionReview.created_by_id).scalar_subquery()
    owner = select(Member.name).where(Member.id == Decision.owner_id).scalar_subquery()
    query = (
        select(DecisionReview, Decision.title, owner.label("owner"), proposer.label("proposer"))
        .join(Decision, Decision.id == DecisionReview.decision_id)
        .where(DecisionReview.result.is_(None), visible_decisions(member), is_told(member))
        .order_by(DecisionReview.id)
    )
    if team_ids is not None:
        query = query.where(Decision.team_id.in_(team_ids))
    rows = session.execute(query if limit is None else query.limit(limit))
    return [
        ReviewRow(
            id=review.id,
            decision_ref=f"DEC-{review.decision_id}",
            decision=title,
            owner=owner_name or "",
            cause=review.cause,
            origin_ref=review.origin_ref,
            opened_at=review.created_at,
            opened_by=proposed_by or "",
            result="",
            note=review.note,
            closed_at=review.closed_at,
        )
        for review, title, owner_name, proposed_by in rows
    ]


def is_told(member: Member) -> ColumnElement[bool]:
    """Whether the member may see the insight that proposed a review; what a check or a person proposed, all may."""
    origin = literal("INS-").concat(cast(Insight.id, String))
    hidden = select(Insight.id).where(origin == DecisionReview.origin_ref, ~visible_insights(member))
    return ~hidden.correlate(DecisionReview).exists()


def get_delivery_link(session: Session, decision: Decision, link_id: int) -> DeliveryLink:
    link = session.get(DeliveryLink, link_id)
    if link is None or link.decision_id != decision.id:
        raise NotFound(f"delivery link {link_id} of {decision.ref}")
    return link
