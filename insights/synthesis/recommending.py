"""What becomes of a recommendation once issued: edited, resting on more, on its way, withdrawn (features.md D4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from insights.core.activity import ActivityEntry, record, touch
from insights.core.checks import required_line, required_text, term_of, text_of
from insights.core.concurrency import refuse_stale
from insights.core.errors import InvalidInput, RuleBroken
from insights.people.models import Member
from insights.people.operations import require_same_area
from insights.synthesis.models import (
    Insight,
    Recommendation,
    RecommendationPriority,
    RecommendationStatus,
    recommendation_insights,
)

WITHDREW = "withdrew"
ON_ITS_WAY = (RecommendationStatus.IN_PROGRESS, RecommendationStatus.DONE, RecommendationStatus.ABANDONED)
_AGREED = (RecommendationStatus.ACCEPTED, *ON_ITS_WAY)


def edit_recommendation(
    session: Session,
    *,
    actor: Member,
    recommendation: Recommendation,
    text: str,
    addressee: Member | None,
    due_on: date | None,
    priority: str | RecommendationPriority = "",
    row_version: int | None = None,
) -> None:
    """Raises StaleRecord with both texts where somebody saved in between."""
    require_same_area(session, actor, recommendation.team_id)
    _require_standing(recommendation)
    new_text = required_text("text", text, label="the recommendation", longest=5_000)
    refuse_stale(recommendation, row_version, {"text": new_text})
    recommendation.text = new_text
    recommendation.addressee_id = None if addressee is None else addressee.id
    recommendation.due_on = due_on
    recommendation.priority = priority_of(priority)
    touch(session, actor, recommendation)
    record(session, actor, "edited", recommendation)


def rest_on(session: Session, *, actor: Member, recommendation: Recommendation, insight: Insight) -> None:
    """One more insight that it rests on."""
    require_same_area(session, actor, recommendation.team_id)
    _require_standing(recommendation)
    if insight.merged_into_id is not None:
        raise RuleBroken(f"{insight.ref} was merged into INS-{insight.merged_into_id}; name that one.")
    if insight.id in _insight_ids(session, recommendation):
        raise InvalidInput.of("insight", f"It rests on {insight.ref} already.")
    pair = {"recommendation_id": recommendation.id, "insight_id": insight.id}
    session.execute(insert(recommendation_insights), [pair])
    touch(session, actor, recommendation)
    record(session, actor, "edited", recommendation, touches=[insight.ref], detail={"insight": insight.ref})


def rest_no_longer_on(session: Session, *, actor: Member, recommendation: Recommendation, insight: Insight) -> None:
    """A recommendation keeps at least one insight."""
    require_same_area(session, actor, recommendation.team_id)
    _require_standing(recommendation)
    held = _insight_ids(session, recommendation)
    if insight.id not in held:
        raise InvalidInput.of("insight", f"It does not rest on {insight.ref}.")
    if len(held) == 1:
        raise RuleBroken("A recommendation rests on at least one insight. Add another first, or withdraw it.")
    pairs = recommendation_insights.c
    session.execute(
        delete(recommendation_insights).where(
            pairs.recommendation_id == recommendation.id, pairs.insight_id == insight.id
        )
    )
    touch(session, actor, recommendation)
    record(session, actor, "edited", recommendation, touches=[insight.ref], detail={"insight": insight.ref})


def report_progress(
    session: Session,
    *,
    actor: Member,
    recommendation: Recommendation,
    status: str | RecommendationStatus,
    reason: str = "",
    insights: Sequence[str] = (),
) -> None:
    """In progress, done, or abandoned with a reason; only what was accepted gets on its way (model.md)."""
    chosen = term_of("status", RecommendationStatus, status, label="how far it is")
    if chosen not in ON_ITS_WAY:
        raise InvalidInput.of("status", "Choose in progress, done or abandoned.")
    if recommendation.status not in _AGREED:
        said = recommendation.status.value.replace("_", " ")
        raise RuleBroken(f"{recommendation.ref} is {said}; accept it first, then it can get on its way.")
    if chosen is RecommendationStatus.ABANDONED:
        required_line("reason", reason, label="why it is abandoned", longest=2_000)
    recommendation.status = chosen
    if reason.strip():
        recommendation.response_reason = text_of("reason", reason, label="the reason", longest=2_000)
    touch(session, actor, recommendation)
    record(session, actor, chosen.value, recommendation, touches=insights)


def withdraw_recommendation(
    session: Session, *, actor: Member, recommendation: Recommendation, insights: Sequence[str] = ()
) -> None:
    """It no longer asks for an answer; what was answered stays on record."""
    require_same_area(session, actor, recommendation.team_id)
    _require_standing(recommendation)
    was, recommendation.status = recommendation.status, RecommendationStatus.WITHDRAWN
    touch(session, actor, recommendation)
    record(session, actor, WITHDREW, recommendation, touches=insights, detail={"was": was.value})


def reissue_recommendation(
    session: Session, *, actor: Member, recommendation: Recommendation, insights: Sequence[str] = ()
) -> None:
    """Undoes a withdrawal: it stands where it stood."""
    require_same_area(session, actor, recommendation.team_id)
    if recommendation.status is not RecommendationStatus.WITHDRAWN:
        raise RuleBroken(f"{recommendation.ref} is not withdrawn.")
    entry = session.scalar(
        select(ActivityEntry)
        .where(ActivityEntry.subject_ref == recommendation.ref, ActivityEntry.verb == WITHDREW)
        .order_by(ActivityEntry.id.desc())
        .limit(1)
    )
    was = RecommendationStatus.ISSUED.value if entry is None else entry.detail["was"]
    recommendation.status = RecommendationStatus(was)
    touch(session, actor, recommendation)
    record(session, actor, "brought back", recommendation, touches=insights)


def priority_of(priority: str | RecommendationPriority) -> RecommendationPriority | None:
    """None where nobody said."""
    return term_of("priority", RecommendationPriority, priority, label="a priority") if priority else None


def _require_standing(recommendation: Recommendation) -> None:
    if recommendation.status is RecommendationStatus.WITHDRAWN:
        raise RuleBroken(f"{recommendation.ref} is withdrawn. Bring it back first.")


def _insight_ids(session: Session, recommendation: Recommendation) -> set[int]:
    pairs = recommendation_insights.c
    return set(session.scalars(select(pairs.insight_id).where(pairs.recommendation_id == recommendation.id)))
