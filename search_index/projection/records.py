"""All kinds of records together: documents for some refs, or for everything there is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.models import ResearchSession, SourceText, Study
from insights.coding.models import Highlight
from insights.core.base import Record, number_of
from insights.decisions.models import Decision
from insights.synthesis.models import Insight, Recommendation
from search_index.documents import SearchDocument
from search_index.projection.capture import report_documents, session_documents, study_documents
from search_index.projection.coding import highlight_documents
from search_index.projection.decisions import decision_documents
from search_index.projection.facets import stamped
from search_index.projection.insights import insight_documents
from search_index.projection.recommendations import recommendation_documents

PROJECTION_SCHEMA = "2"
"""Raise it when a document's fields change: every index is then rebuilt at the next start."""

BATCH = 500

_Loader = Callable[[Session, Sequence[int]], Iterator[SearchDocument]]

_LOADERS: dict[type[Record], _Loader] = {
    Study: study_documents,
    ResearchSession: session_documents,
    SourceText: report_documents,
    Highlight: highlight_documents,
    Insight: insight_documents,
    Recommendation: recommendation_documents,
    Decision: decision_documents,
}


def documents_for(session: Session, refs: Iterable[str]) -> list[SearchDocument]:
    """The documents of those records; for what is deleted, dropped, withdrawn or no record of ours there is none.

    A bounded number of statements for every 500 records of a kind.
    """
    wanted = set(refs)
    found: list[SearchDocument] = []
    for kind, load in _LOADERS.items():
        numbers = sorted(number for ref in wanted if (number := number_of(ref, kind.PREFIX)) is not None)
        for start in range(0, len(numbers), BATCH):
            found.extend(map(stamped, load(session, numbers[start : start + BATCH])))
    return found


def all_documents(session: Session) -> Iterator[SearchDocument]:
    """Every document, kind by kind, never more than a batch in memory."""
    for kind, load in _LOADERS.items():
        last = 0
        while numbers := session.scalars(select(kind.id).where(kind.id > last).order_by(kind.id).limit(BATCH)).all():
            yield from map(stamped, load(session, numbers))
            last = numbers[-1]
            session.expunge_all()
