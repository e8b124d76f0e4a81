"""Which insights a member may see, and which recommendations that rest on them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_, select

from insights.capture.access import visible_studies
from insights.capture.models import Study
from insights.coding.models import Highlight
from insights.core.access import Permission, may
from insights.people.models import Member
from insights.synthesis.models import (
    EvidenceLink,
    Insight,
    InsightStatus,
    Recommendation,
    recommendation_insights,
)

UNPUBLISHED = (InsightStatus.DRAFT, InsightStatus.IN_REVIEW)


def visible_insights(member: Member | None) -> ColumnElement[bool]:
    """An insight is seen by those who may see every study that its evidence comes from; drafts by those who write.

    A claim can give away what a restricted study heard, so evidence from it hides the whole insight.
    """
    if member is None:
        return false()
    from_hidden_study = (
        select(EvidenceLink.id)
        .join(Highlight, Highlight.id == EvidenceLink.highlight_id)
        .join(Study, Study.id == Highlight.study_id)
        .where(EvidenceLink.insight_id == Insight.id, ~visible_studies(member))
        .correlate(Insight)
        .exists()
    )
    if may(member, Permission.EDIT_INSIGHTS):
        return ~from_hidden_study
    # A draft that was merged into another insight is superseded, and was never meant for readers either.
    was_published = and_(
        Insight.status.not_in(UNPUBLISHED), or_(Insight.merged_into_id.is_(None), Insight.published_at.is_not(None))
    )
    return and_(~from_hidden_study, or_(was_published, Insight.author_id == member.id))


def visible_recommendations(member: Member | None) -> ColumnElement[bool]:
    """A recommendation is seen by those who may see every insight that it rests on: its text can tell of each.

    The rule of every list, page, report, feed and search; docs/adr/0014 says why.
    """
    return false() if member is None else rests_only_on(visible_insights(member))


def rests_only_on(allowed: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether all insights under the recommendation of the select around it meet a clause about `Insight`."""
    pairs = recommendation_insights.c
    beyond = (
        select(pairs.insight_id)
        .join(Insight, Insight.id == pairs.insight_id)
        .where(pairs.recommendation_id == Recommendation.id, ~allowed)
        .correlate(Recommendation)
        .exists()
    )
    return ~beyond
