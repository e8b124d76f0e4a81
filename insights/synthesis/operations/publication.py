"""From draft to publication, and what comes after: retired, superseded, looked at again, challenged."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.core.activity import record, touch
from insights.core.checks import required_line, text_of
from insights.core.clock import now
from insights.core.errors import InvalidInput, NotAllowed, RuleBroken
from insights.people.models import Member, Team
from insights.people.operations import require_same_area
from insights.synthesis.models import (
    CITABLE,
    Insight,
    InsightStatus,
)
from insights.synthesis.operations.versions import evidence_count
from insights.synthesis.personal_data import look_through_insight


def submit_for_review(session: Session, *, actor: Member, insight: Insight) -> None:
    require_same_area(session, actor, insight.team_id)
    require_status(insight, InsightStatus.DRAFT)
    _require_publishable(session, insight)
    insight.status = InsightStatus.IN_REVIEW
    touch(session, actor, insight)
    record(session, actor, "submitted", insight)


def return_to_draft(session: Session, *, actor: Member, insight: Insight, note: str = "") -> None:
    require_same_area(session, actor, insight.team_id)
    require_status(insight, InsightStatus.IN_REVIEW)
    insight.status = InsightStatus.DRAFT
    insight.status_note = text_of("note", note, label="the note", longest=2_000)
    touch(session, actor, insight)
    record(session, actor, "returned", insight)


def publish_insight(session: Session, *, actor: Member, insight: Insight, may_stand: str = "") -> None:
    """Publishes with evidence and confidence; where the team wants review, by a second person (D5).

    Raises InvalidInput where its words may give somebody away, until `may_stand` says why they may.
    """
    require_same_area(session, actor, insight.team_id)
    require_status(insight, InsightStatus.DRAFT, InsightStatus.IN_REVIEW)
    _require_publishable(session, insight)
    if session.scalar(select(Team.review_required).where(Team.id == insight.team_id)):
        if insight.status is not InsightStatus.IN_REVIEW:
            raise RuleBroken("Your team reviews insights before they are published. Submit it for review first.")
        if actor.id == insight.author_id:
            raise NotAllowed("Someone other than the author has to review an insight before it is published.")
        insight.reviewer_id = actor.id
    look_through_insight(session, actor=actor, insight=insight, may_stand=may_stand)
    insight.status = InsightStatus.PUBLISHED
    insight.published_at = insight.published_at or now(session)
    touch(session, actor, insight)
    record(session, actor, "published", insight)


def retire_insight(session: Session, *, actor: Member, insight: Insight, note: str) -> None:
    require_same_area(session, actor, insight.team_id)
    require_status(insight, *CITABLE)
    insight.status = InsightStatus.RETIRED
    insight.status_note = required_line("note", note, label="why it is retired")
    insight.ended_at = now(session)
    touch(session, actor, insight)
    record(session, actor, "retired", insight)


def unretire_insight(session: Session, *, actor: Member, insight: Insight) -> None:
    """Undoes a retirement; the first publication date stands."""
    require_same_area(session, actor, insight.team_id)
    require_status(insight, InsightStatus.RETIRED)
    insight.status, insight.ended_at, insight.status_note = InsightStatus.PUBLISHED, None, ""
    touch(session, actor, insight)
    record(session, actor, "brought back", insight)


def supersede_insight(session: Session, *, actor: Member, insight: Insight, by: Insight) -> None:
    require_same_area(session, actor, insight.team_id)
    require_status(insight, *CITABLE)
    if by.id == insight.id or by.status not in CITABLE:
        raise InvalidInput.of("by", "Choose another, published insight.")
    insight.status = InsightStatus.SUPERSEDED
    insight.superseded_by_id = by.id
    insight.ended_at = now(session)
    touch(session, actor, insight)
    record(session, actor, "superseded", insight, touches=[by.ref])


def challenge_insight(session: Session, *, actor: Member, insight: Insight, reason: str) -> None:
    """Marks a published insight as doubted; it stays citable, and says so wherever it is cited."""
    if insight.status is not InsightStatus.PUBLISHED:
        return
    insight.status = InsightStatus.CHALLENGED
    insight.status_note = reason
    touch(session, actor, insight)
    record(session, actor, "challenged", insight)


def _require_publishable(session: Session, insight: Insight) -> None:
    missing = []
    if evidence_count(session, insight) == 0:
        missing.append("evidence")
    if insight.confidence is None:
        missing.append("confidence")
    if missing:
        raise RuleBroken(f"An insight needs {' and '.join(missing)} before it can be published.")


def require_status(insight: Insight, *allowed: InsightStatus) -> None:
    if insight.status not in allowed:
        words = " or ".join(status.value.replace("_", " ") for status in allowed)
        raise RuleBroken(f"{insight.ref} is {insight.status.value.replace('_', ' ')}; it would have to be {words}.")
