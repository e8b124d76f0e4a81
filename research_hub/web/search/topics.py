"""'What we know about …': everything held on a topic on one page with a permanent address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from insights.core.access import Permission
from insights.core.clock import today
from insights.people.models import Member
from insights.reports.reading.topic_rows import read_topic
from insights.reports.topics import Topic
from insights.reports.topics import topic as build_topic
from insights.synthesis.models import CITABLE
from research_hub.db import reading
from research_hub.search_service import search_engine
from research_hub.security import current_member, requires
from research_hub.turns import one_at_a_time
from research_hub.web.exports import as_file
from research_hub.web.search.blueprint import bp
from research_hub.web.search.rows import numbers_of
from search_index.engine import SearchEngine, SearchHit, SearchRequest, SearchUnavailable
from search_index.projection import clearances_of
from search_index.query import parse_query

MOST_INSIGHTS = 50
MOST_DECISIONS = 20
LONGEST_TOPIC = 300
INSIGHT_WORTH = 0.25
"""An insight that scores less than this share of the best one is about something else."""
DECISION_WORTH = 0.5
"""The same of decisions, of which those that rest on the insights are shown in any case."""

UNAVAILABLE = "The search index is being rebuilt, so this page cannot be put together just now. Try again in a minute."
_TAG = "tag:"


@dataclass(frozen=True, slots=True)
class AskedTopic:
    """A search or a tag, as the address names it."""

    q: str

    @property
    def name(self) -> str:
        """What people call it: a tag by its name."""
        if self.q.startswith(_TAG) and " tag:" not in self.q:
            return self.q.removeprefix(_TAG).strip('"')
        return self.q


@bp.get("/topics")
@requires(Permission.READ)
@one_at_a_time
def topic() -> ResponseReturnValue:
    """`?q=` is a search, or a tag as 'tag:name'."""
    asked = _asked()
    page, notice = _topic(asked)
    return render_template(
        "search/topic.html",
        asked=asked,
        topic=page,
        notice=notice,
        on=today(reading()),
        most=MOST_INSIGHTS,
        permalink=url_for(".topic", q=asked.q, _external=True) if asked.q else "",
    )


@bp.get("/topics.<extension>")
@requires(Permission.READ)
@one_at_a_time
def export_topic(extension: str) -> ResponseReturnValue:
    """The rows of the page: the insights as CSV, every section as the sheets of a workbook."""
    page, _notice = _topic(_asked())
    return as_file(extension, *page.tables())


def _asked() -> AskedTopic:
    return AskedTopic(" ".join(request.args.get("q", "").split())[:LONGEST_TOPIC])


def _topic(asked: AskedTopic) -> tuple[Topic, str]:
    session, member = reading(), current_member()
    insights, decisions, notice = _found(session, search_engine(), member, asked.q) if asked.q else ([], [], "")
    rows = read_topic(
        session, member, insight_ids=numbers_of(insights, "INS"), decision_ids=numbers_of(decisions, "DEC")
    )
    return build_topic(rows), notice


def _found(
    session: Session, engine: SearchEngine, member: Member, words: str
) -> tuple[Sequence[str], Sequence[str], str]:
    """Refs of insights and of decisions near the words, and what to say where search cannot answer."""
    clearances = clearances_of(session, member)
    published = {"kind": ("insight",), "status": tuple(status.value for status in CITABLE)}
    query = parse_query(words)
    try:
        if not engine.watermark().database_id:
            return [], [], UNAVAILABLE
        insights = engine.search(SearchRequest(query, clearances, filters=published, limit=MOST_INSIGHTS))
        decisions = engine.search(
            SearchRequest(query, clearances, filters={"kind": ("decision",)}, limit=MOST_DECISIONS)
        )
    except SearchUnavailable:
        return [], [], UNAVAILABLE
    return _near(insights.hits, INSIGHT_WORTH), _near(decisions.hits, DECISION_WORTH), ""


def _near(hits: Sequence[SearchHit], worth: float) -> list[str]:
    return [hit.key for hit in hits if hit.score >= worth * hits[0].score]
