"""What is held against a claim: insights by their words where search is away, and the tags of their quotes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from insights.coding.models import Tag, highlight_tags
from insights.people.models import Member
from insights.synthesis.access import visible_insights
from insights.synthesis.models import EvidenceLink, Insight
from insights.synthesis.similar import telling_words


def insights_with_words(session: Session, member: Member, claim: str, *, limit: int = 60) -> list[int]:
    """The ids of visible insights whose claim holds any telling word of this one, newest first."""
    words = [word for word in telling_words(claim) if word.isalpha()]
    if not words:
        return []
    fits = or_(*(Insight.claim.icontains(word, autoescape=True) for word in words[:12]))
    query = select(Insight.id).where(fits, visible_insights(member)).order_by(Insight.id.desc()).limit(limit)
    return list(session.scalars(query))


def tags_under(session: Session, insight_ids: Collection[int]) -> Mapping[int, frozenset[str]]:
    """The tags of the quotes that each insight rests on; scope was checked when the insights were read."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = session.execute(
        select(EvidenceLink.insight_id, Tag.path)
        .join(highlight_tags, highlight_tags.c.highlight_id == EvidenceLink.highlight_id)
        .join(Tag, Tag.id == highlight_tags.c.tag_id)
        .where(EvidenceLink.insight_id.in_(insight_ids))
    )
    for insight_id, path in rows:
        found[insight_id].add(path)
    return {number: frozenset(paths) for number, paths in found.items()}
