"""Which published insights may contradict each other (beyond.md 6b).

They are of the same service, have at least two tags in common, and their quotes lean opposite ways. No language is
understood here: what is found is a suggestion to somebody who reads both.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.expression import ColumnElement

from insights.coding.models import Highlight, HighlightStatus, Tag, highlight_tags
from insights.people.models import Member
from insights.synthesis.access import visible_insights
from insights.synthesis.models import CITABLE, Contradiction, EvidenceLink, Insight, Relation

MOST_COMPARED = 300
"""The newest published; older ones were compared when they were new."""

LEAST_SHARED = 2
"""Tags in common, at the least: one alone is only a topic."""

_IN_USE = (HighlightStatus.ACTIVE, HighlightStatus.ORPHANED)


@dataclass(frozen=True, slots=True)
class Leaning:
    ref: str
    claim: str
    fingerprint: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Opposites:
    """`tags` are the paths that quotes of both carry, in order of the alphabet."""

    positive: Leaning
    negative: Leaning
    tags: tuple[str, ...]


def opposite_insights(session: Session, member: Member, within: ColumnElement[bool]) -> list[Opposites]:
    """Most tags in common first, then the newest. Pairs that were ever told to contradict are left out.

    An insight leans as the polarities of its supporting quotes add up; where they cancel out it leans no way.
    `within` is a clause about `Insight`. One statement.
    """
    leaning: dict[int, Leaning] = {}
    known: set[frozenset[int | None]] = set()
    sides: dict[tuple[int, str], tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
    for row in session.execute(_shared_tags(member, within)):
        leaning[row.id] = _leaning(row)
        known.add(frozenset((row.id, row.other_insight_id)))
        sides[row.service_id, row.path][row.sum < 0].add(row.id)
    shared: dict[tuple[int, int], set[str]] = defaultdict(set)
    for (_service, path), (positive, negative) in sides.items():
        for pair in product(positive, negative):
            shared[pair].add(path)
    pairs = {pair: tags for pair, tags in shared.items() if len(tags) >= LEAST_SHARED}
    ordered = sorted(pairs, key=lambda pair: (-len(pairs[pair]), -max(pair), -min(pair)))
    return [
        Opposites(leaning[one], leaning[other], tuple(sorted(pairs[one, other])))
        for one, other in ordered
        if frozenset((one, other)) not in known
    ]


def _shared_tags(member: Member, within: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Of the tags that quotes of both leanings carry in the service, one row for each with each of its insights.

    An insight with contradictions has one row for each of them, so that pairs that were told are known.
    """
    newest = (
        select(Insight.id, Insight.service_id)
        .where(Insight.status.in_(CITABLE), Insight.service_id.is_not(None), visible_insights(member), within)
        .order_by(Insight.published_at.desc(), Insight.id.desc())
        .limit(MOST_COMPARED)
        .cte("newest")
    )
    supports = and_(EvidenceLink.insight_id == newest.c.id, EvidenceLink.relation == Relation.SUPPORTS)
    leaning = (
        select(newest.c.id, newest.c.service_id, func.sum(Highlight.polarity).label("sum"))
        .join(EvidenceLink, supports)
        .join(Highlight, and_(Highlight.id == EvidenceLink.highlight_id, Highlight.status.in_(_IN_USE)))
        .group_by(newest.c.id, newest.c.service_id)
        .having(func.sum(Highlight.polarity) != 0)
        .cte("leaning")
    )
    tagged = (
        select(leaning.c.id, leaning.c.service_id, leaning.c.sum, highlight_tags.c.tag_id)
        .join(
            EvidenceLink,
            and_(EvidenceLink.insight_id == leaning.c.id, EvidenceLink.relation == Relation.SUPPORTS),
        )
        .join(Highlight, and_(Highlight.id == EvidenceLink.highlight_id, Highlight.status.in_(_IN_USE)))
        .join(highlight_tags, highlight_tags.c.highlight_id == Highlight.id)
        .distinct()
        .cte("tagged")
    )
    both = (
        select(tagged.c.service_id, tagged.c.tag_id)
        .group_by(tagged.c.service_id, tagged.c.tag_id)
        .having(func.min(tagged.c.sum) < 0, func.max(tagged.c.sum) > 0)
        .subquery("both_ways")
    )
    return (
        select(
            *(Insight.id, Insight.claim, Insight.fingerprint, Insight.published_at),
            *(tagged.c.service_id, tagged.c.sum, Tag.path, Contradiction.other_insight_id),
        )
        .select_from(tagged)
        .join(both, and_(both.c.service_id == tagged.c.service_id, both.c.tag_id == tagged.c.tag_id))
        .join(Tag, Tag.id == tagged.c.tag_id)
        .join(Insight, Insight.id == tagged.c.id)
        .outerjoin(Contradiction, Contradiction.insight_id == tagged.c.id)
    )


def _leaning(row: Row[*tuple[Any, ...]]) -> Leaning:
    return Leaning(f"INS-{row.id}", row.claim, row.fingerprint, row.published_at)
