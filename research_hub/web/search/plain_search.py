"""What is searched while the index cannot answer: titles, claims and quotes, straight from the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import zip_longest
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from insights.capture.access import visible_studies
from insights.capture.models import SourceText, Study
from insights.coding.access import listed_quotes
from insights.coding.models import Highlight, HighlightStatus
from insights.core.clock import today
from insights.decisions.access import visible_decisions
from insights.decisions.models import Decision
from insights.people.models import Member
from insights.synthesis.access import visible_insights
from insights.synthesis.models import Insight
from search_index.query import FieldValue, From, Likewise, Query, Term, Until

_WORDS = 8
_EACH = 10


def plain_search(session: Session, member: Member, query: Query) -> list[str]:
    """Refs of records that hold every word, at most ten of each kind, newest first; four statements.

    Dates and field:value are left aside here, so that only words are asked of the database.
    """
    words = [choices for term in query.loose for choices in _choices(term)]
    for clause in query.required:
        chosen = [texts for term in clause for texts in _choices(term)]
        words.extend([tuple(text for texts in chosen for text in texts)] if chosen else [])
    words = words[:_WORDS]
    if query.asks_for_words and not words:
        return []
    lists = (
        _found(session, select(Insight.id).where(visible_insights(member)), Insight, Insight.claim, words),
        _found(session, _quotes(member, today(session)), Highlight, Highlight.exact, words),
        _found(session, select(Decision.id).where(visible_decisions(member)), Decision, Decision.title, words),
        _found(session, select(Study.id).where(visible_studies(member)), Study, Study.title, words),
    )
    return [ref for refs in zip_longest(*lists) for ref in refs if ref is not None]


def _choices(term: Term) -> list[tuple[str, ...]]:
    """By word that is wanted, the texts of which one must stand in a record."""
    match term:
        case Likewise(typed, others):
            # Several words that mean one thing are looked for as one.
            return [(" ".join(word.text for word in typed), *(each.text for each in others))]
        case FieldValue() | From() | Until():
            return []
        case _:
            return [(term.text,)]


def _quotes(member: Member, on: date) -> Select[*tuple[Any, ...]]:
    return (
        select(Highlight.id)
        .join(Study, Study.id == Highlight.study_id)
        .join(SourceText, SourceText.id == Highlight.source_text_id)
        .where(
            visible_studies(member),
            listed_quotes(member, on),
            SourceText.deleted_at.is_(None),
            Highlight.status == HighlightStatus.ACTIVE,
        )
    )


def _found(
    session: Session,
    query: Select[*tuple[Any, ...]],
    kind: type[Insight | Highlight | Decision | Study],
    column: InstrumentedAttribute[str],
    words: Sequence[tuple[str, ...]],
) -> list[str]:
    holds: list[ColumnElement[bool]] = [
        or_(*(column.icontains(text, autoescape=True) for text in choices)) for choices in words
    ]
    ids = session.scalars(query.where(and_(True, *holds)).order_by(kind.id.desc()).limit(_EACH))
    return [f"{kind.PREFIX}-{number}" for number in ids]
