"""What each insight rests on, with the state of the quote, in one statement."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Integer, cast, null, or_, select, union_all
from sqlalchemy.orm import Session

from insights.coding.models import Highlight, HighlightStatus
from insights.reports.graph.issues import EvidenceFact
from insights.synthesis.models import EvidenceLink


def read_evidence_facts(session: Session) -> list[EvidenceFact]:
    """Of all insights; what belongs to one out of sight is left out by whoever reads the base beside it.

    Sound quotes and sources outside come as one fact for each insight and relation, without a ref: a large organisation
    has a hundred thousand of them, and nothing is said about any one.
    """
    link, quote = EvidenceLink, Highlight
    is_sound = or_(quote.id.is_(None), quote.status == HighlightStatus.ACTIVE)
    told_of = or_(link.other_insight_id.is_not(None), quote.status != HighlightStatus.ACTIVE)
    columns = (link.insight_id, link.highlight_id, link.other_insight_id, link.relation, quote.status)
    each = select(*columns).outerjoin(quote, quote.id == link.highlight_id).where(told_of)
    # PostgreSQL takes a null without a type for a text, and no union of texts and numbers.
    no_number = cast(null(), Integer)
    gathered = (
        select(link.insight_id, no_number, no_number, link.relation, cast(null(), quote.status.type))
        .outerjoin(quote, quote.id == link.highlight_id)
        .where(link.other_insight_id.is_(None), is_sound)
        .distinct()
    )
    rows: Iterable[Any] = session.execute(union_all(each, gathered))
    return [EvidenceFact(*row) for row in rows]
