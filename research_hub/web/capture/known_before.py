"""What is already known on a question, before a study is planned (features.md E7).

Asked of the search index by kind, so that many quotes do not crowd out the insights; read again from the database in
the member's scope. Without an index the page says so, and the look can still be recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from insights.capture.access import visible_studies
from insights.capture.models import Study
from insights.coding.models import Highlight
from insights.coding.queries import highlights_by_ids
from insights.core.base import number_of
from insights.core.text import plain_words
from insights.people.models import Member
from insights.synthesis.access import visible_insights
from insights.synthesis.models import Insight
from research_hub.web.words import day, words
from search_index.engine import SearchEngine, SearchRequest, SearchUnavailable
from search_index.projection import clearances_from
from search_index.query import parse_query

OF_EACH_KIND = 8
LONGEST_QUESTION = 1_000
_KINDS = ("insight", "study", "highlight")
UNAVAILABLE = "Search is being rebuilt, so nothing can be looked up just now. Try again in a minute."


@dataclass(frozen=True, slots=True)
class Known:
    """One record that may matter; `about` says when and how, in words."""

    ref: str
    kind: str
    title: str
    about: str
    dated_on: date | None = None


@dataclass(frozen=True, slots=True)
class KnownBefore:
    insights: tuple[Known, ...] = ()
    studies: tuple[Known, ...] = ()
    quotes: tuple[Known, ...] = ()
    notice: str = ""

    @property
    def refs(self) -> frozenset[str]:
        return frozenset(each.ref for each in (*self.insights, *self.studies, *self.quotes))


def known_before(
    session: Session, engine: SearchEngine, member: Member, question: str, *, but: str = ""
) -> KnownBefore:
    """Insights, studies and quotes near the question, at most eight of each; `but` is the study that asks.

    Quotes of the study itself are no prior work and are left out.
    """
    query = parse_query(question[:LONGEST_QUESTION])
    visible = list(session.scalars(select(Study.id).where(visible_studies(member))))
    clearances = clearances_from(session, member, visible)
    try:
        found = {
            kind: [
                hit.key
                for hit in engine.search(
                    SearchRequest(query, clearances, filters={"kind": (kind,)}, limit=OF_EACH_KIND + 1)
                ).hits
            ]
            for kind in _KINDS
        }
    except SearchUnavailable:
        return KnownBefore(notice=UNAVAILABLE)
    return KnownBefore(
        _insights(session, member, found["insight"]),
        _studies(session, member, [ref for ref in found["study"] if ref != but]),
        _quotes(session, member, found["highlight"], but),
    )


def _insights(session: Session, member: Member, refs: Sequence[str]) -> tuple[Known, ...]:
    rows = session.scalars(
        select(Insight).where(Insight.id.in_(_numbers(refs, Insight.PREFIX)), visible_insights(member))
    )
    known = {
        each.ref: Known(each.ref, "insight", each.claim, f"{words(each.status)}, {day(each.updated_at)}")
        for each in rows
    }
    return _in_order(refs, known)


def _studies(session: Session, member: Member, refs: Sequence[str]) -> tuple[Known, ...]:
    rows = session.scalars(select(Study).where(Study.id.in_(_numbers(refs, Study.PREFIX)), visible_studies(member)))
    known = {
        each.ref: Known(each.ref, "study", each.title, f"{words(each.status)}, began {day(each.starts_on)}")
        for each in rows
    }
    return _in_order(refs, known)


def _quotes(session: Session, member: Member, refs: Sequence[str], but: str) -> tuple[Known, ...]:
    rows = highlights_by_ids(session, member, _numbers(refs, Highlight.PREFIX))
    known = {
        row.ref: Known(row.ref, "quote", plain_words(row.exact), f"{row.study}, {day(row.said_on)}", row.said_on)
        for row in rows
        if row.study_ref != but
    }
    return _in_order(refs, known)


def _numbers(refs: Sequence[str], prefix: str) -> list[int]:
    return [number for ref in refs if (number := number_of(ref, prefix)) is not None]


def _in_order(refs: Sequence[str], known: dict[str, Known]) -> tuple[Known, ...]:
    return tuple(known[ref] for ref in refs if ref in known)[:OF_EACH_KIND]
