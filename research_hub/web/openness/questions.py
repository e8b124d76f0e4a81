"""Questions that people searched for in vain, for those who plan research; each asked again for what is known today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from insights.core.access import Permission
from insights.openness.questions import KEPT_FOR, QuestionRow, unanswered_questions
from insights.people.models import Member
from research_hub.db import reading
from research_hub.search_service import search_engine
from research_hub.security import current_member, requires
from research_hub.web.exports import Value, as_file, table_of
from research_hub.web.openness.blueprint import bp
from research_hub.web.words import count
from search_index.engine import SearchEngine, SearchRequest, SearchUnavailable
from search_index.projection import clearances_of
from search_index.query import parse_query

MOST_EXPORTED = 1_000
_COLUMNS = (
    "Question",
    "Searches",
    "Found nothing",
    "Hits opened",
    "Said for a decision",
    "Days",
    "First asked",
    "Last asked",
    "Insights today",
    "Records today",
    "Request",
)


@dataclass(frozen=True, slots=True)
class Today:
    """What the question finds now, for the member who reads the page; None where search cannot answer."""

    row: QuestionRow
    insights: int | None
    records: int | None

    @property
    def in_words(self) -> str:
        if self.insights is None or self.records is None:
            return "cannot be asked just now"
        if self.insights:
            return f"perhaps: {count(self.insights, 'insight')}"
        return f"not yet: {count(self.records, 'record')}, no insight" if self.records else "no"


@bp.get("/questions")
@requires(Permission.EDIT_STUDIES)
def questions_list() -> ResponseReturnValue:
    rows = _asked_again(unanswered_questions(reading()))
    return render_template("openness/questions.html", rows=rows, kept_days=KEPT_FOR.days)


@bp.get("/questions.<extension>")
@requires(Permission.EDIT_STUDIES)
def export_questions(extension: str) -> ResponseReturnValue:
    rows = _asked_again(unanswered_questions(reading(), limit=MOST_EXPORTED))
    return as_file(extension, table_of("Unanswered questions", _COLUMNS, [_exported(each) for each in rows]))


def _asked_again(rows: Sequence[QuestionRow]) -> list[Today]:
    session, member, engine = reading(), current_member(), search_engine()
    clearances = _clearances(session, member)
    return [_today(engine, clearances, row) for row in rows]


def _today(engine: SearchEngine, clearances: frozenset[str], row: QuestionRow) -> Today:
    try:
        found = engine.search(SearchRequest(parse_query(row.words), clearances, limit=0))
    except SearchUnavailable:
        return Today(row, None, None)
    kinds = {each.value: each.count for each in found.facets.get("kind", ())}
    return Today(row, kinds.get("insight", 0), found.total)


def _clearances(session: Session, member: Member) -> frozenset[str]:
    return clearances_of(session, member)


def _exported(each: Today) -> tuple[Value, ...]:
    row = each.row
    asked = (row.words, row.searches, row.without_hits, row.opened, row.missed, row.days, row.first_on, row.last_on)
    return (*asked, each.insights, each.records, row.request_ref)
