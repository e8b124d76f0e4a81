"""What is searched while the index cannot answer: titles, claims and quotes, straight from the database."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from insights.capture.access import visible_studies
from insights.capture.models import SourceText, Study
from insights.coding.models import Highlight, HighlightStatus
from insights.decisions.access import visible_decisions
from insights.decisions.models import Decision
from insights.people.models import Member
from insights.synthesis.access import visible_insights
from insights.synthesis.models import Insight
from search_index.query import FieldValue, From, Query, Until

_WORDS = 8
_EACH = 10


def plain_search(session: Session, member: Member, query: Query) -> list[str]:
    """Refs of records that hold every word, at most ten of each kind, newest first; four statements.

    Dates and field:value are left aside here, so that only words are asked of the database.
    """
    texts = [each.text for each in query.loose]
    for clause in query.required:
        texts.extend(each.text for each in clause[:1] if not isinstance(each, FieldValue | From | Until))
    words = texts[:_WORDS]
    if query.asks_for_words and not words:
        return []
    lists = (
        _found(session, select(Insight.id).where(visible_insights(member)), Insight, Insight.claim, words),
        _found(session, _quotes(member), Highlight, Highlight.exact, words),
        _found(session, select(Decision.id).where(visible_decisions(member)), Decision, Decision.title, words),
        _found(session, select(Study.id).where(visible_studies(member)), Study, Study.title, words),
    )
    return [ref for refs in zip_longest(*lists) for ref in refs if ref is not None]


def _quotes(member: Member) -> Select[*tuple[Any, ...]]:
    return (
        select(Highlight.id)
        .join(Study, Study.id == Highlight.study_id)
        .join(SourceText, SourceText.id == Highlight.source_text_id)
        .where(visible_studies(member), SourceText.deleted_at.is_(None), Highlight.status == HighlightStatus.ACTIVE)
    )


def _found(
    session: Session,
    query: Select[*tuple[Any, ...]],
    kind: type[Insight | Highlight | Decision | Study],
    column: InstrumentedAttribute[str],
    words: Sequence[str],
) -> list[str]:
    holds: list[ColumnElement[bool]] = [column.icontains(word, autoescape=True) for word in words]
    ids = session.scalars(query.where(and_(True, *holds)).order_by(kind.id.desc()).limit(_EACH))
    return [f"{kind.PREFIX}-{number}" for number in ids]
