"""Items about what may not fit together: insights heard in opposite ways, and decisions somebody asks to review."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import true
from sqlalchemy.orm import Session

from insights.core.clock import local_day
from insights.decisions.queries import open_reviews
from insights.people.models import Member
from insights.stewardship.curation.items import QueueItem
from insights.synthesis.models import Insight
from insights.synthesis.opposites import Leaning, opposite_insights

_MOST_REVIEWS = 80


def contradiction_candidates(session: Session, member: Member, team_ids: frozenset[int] | None) -> Iterable[QueueItem]:
    """Pairs of published insights with opposite quotes under the same tags; a suggestion, nothing is opened by it.

    The key holds both fingerprints: set aside, a pair stays so until one of the two says something else.
    """
    within = true() if team_ids is None else Insight.team_id.in_(team_ids)
    return [
        QueueItem(
            key=f"{_pinned(pair.positive)} {_pinned(pair.negative)}",
            ref=pair.positive.ref,
            text=pair.positive.claim,
            detail=f"Both are about {_listed(pair.tags)}: the quotes of the first are positive, of the second negative",
            since=local_day(max(pair.positive.published_at, pair.negative.published_at)),
            other_ref=pair.negative.ref,
            other=pair.negative.claim,
        )
        for pair in opposite_insights(session, member, within)
    ]


def proposed_reviews(session: Session, member: Member, team_ids: frozenset[int] | None) -> Iterable[QueueItem]:
    """The oldest question first, with what raised it."""
    return [
        QueueItem(
            key=f"REVIEW-{review.id}",
            ref=review.decision_ref,
            text=review.decision,
            detail=review.cause,
            since=local_day(review.opened_at),
            other_ref=review.origin_ref if review.origin_ref.startswith("INS-") else "",
        )
        for review in open_reviews(session, member, team_ids=team_ids, limit=_MOST_REVIEWS)
    ]


def _pinned(insight: Leaning) -> str:
    return f"{insight.ref}@{insight.fingerprint[:16]}"


def _listed(tags: tuple[str, ...]) -> str:
    return f"{', '.join(tags[:-1])} and {tags[-1]}"
