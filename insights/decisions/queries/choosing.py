from __future__ import annotations

from sqlalchemy import ColumnElement, case, or_, select
from sqlalchemy.orm import Session

from insights.people.models import Member
from insights.synthesis.access import visible_insights
from insights.synthesis.models import CITABLE, Insight
from insights.synthesis.queries import InsightFilter, InsightRow, citable_insights, list_insights

SHOWN = 12
SHORTEST_WORD = 4
MOST_WORDS = 16


def insights_to_cite(session: Session, member: Member, words: str, *, about: str) -> list[InsightRow]:
    """Published insights for a decision: those with all the words, or else those nearest to what it is about.

    The plain way where the search index is not at hand: the more words of the claim are shared, the nearer.
    """
    if words.strip():
        return citable_insights(session, member, words, limit=SHOWN)
    shared = _shared_words(about)
    if not shared:
        return citable_insights(session, member, "", limit=SHOWN)
    nearness = sum((case((each, 1), else_=0) for each in shared[1:]), case((shared[0], 1), else_=0))
    query = select(Insight.id).where(Insight.status.in_(CITABLE), visible_insights(member), or_(*shared))
    ids = list(session.scalars(query.order_by(nearness.desc(), Insight.id.desc()).limit(SHOWN)))
    if not ids:
        return citable_insights(session, member, "", limit=SHOWN)
    rows = list_insights(session, member, InsightFilter(ids=ids))
    return sorted(rows, key=lambda row: ids.index(row.id))


def _shared_words(about: str) -> list[ColumnElement[bool]]:
    """Words long enough to mean something, each without its ending, so that ‘message’ finds ‘messages’."""
    words = {word.strip(".,;:!?()“”‘’").casefold() for word in about.split()}
    stems = sorted((word.removesuffix("s") for word in words if len(word) >= SHORTEST_WORD), key=len, reverse=True)
    return [Insight.claim.icontains(stem, autoescape=True) for stem in stems[:MOST_WORDS]]
