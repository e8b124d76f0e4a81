"""From a question to what a page, a file or the command line shows: searched, read again in scope, put into words.

answer(session, engine, member, Question("letter", {"kind": ("insight",)})) -> Answer
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import structlog
from sqlalchemy.orm import Session

from insights.people.models import Member
from research_hub.web.search.facets import FacetGroup, facet_groups
from research_hub.web.search.findings import decision_rows, insight_rows, recommendation_rows
from research_hub.web.search.heard import highlight_rows, source_rows
from research_hub.web.search.plain_search import plain_search
from research_hub.web.search.rows import (
    PARTED,
    HitGroup,
    HitRow,
    Parts,
    RecordRow,
    Scope,
    grouped,
    numbers_of,
    read_scope,
    study_rows,
)
from research_hub.web.search.study_names import studies_by_name
from research_hub.web.words import count
from search_index.documents import NO_FACETS
from search_index.engine import (
    SearchEngine,
    SearchHit,
    SearchRequest,
    SearchResults,
    SearchUnavailable,
    SnippetPart,
    Sort,
)
from search_index.engines.snippets import Marker, mark
from search_index.indexer import lag_behind
from search_index.query import parse_query
from search_index.synonym_list import current_synonyms
from search_index.synonyms import Widened

PAGE = 20
LONGEST_QUOTE = 400
NOTICEABLE_LAG = 5.0
"""Seconds; a shorter lag is not worth a notice."""

REBUILDING = (
    "The search index is being rebuilt. Until it is back, only titles, claims and quotes are searched, "
    "and nothing can be filtered."
)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Question:
    """What a member asks. `opened` names the facet that is shown in full; `exactly` asks for no word but those typed.

    `after` and `before` are refs of hits that the page lies behind or in front of; `offset` counts without them.
    """

    text: str
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: NO_FACETS)
    sort: Sort = "relevance"
    offset: int = 0
    after: str = ""
    before: str = ""
    limit: int = PAGE
    opened: str = ""
    exactly: bool = False

    @property
    def asks_nothing(self) -> bool:
        return not self.text.strip() and not any(self.filters.values())


@dataclass(frozen=True, slots=True)
class Answer:
    """`notice` says when the index is behind or away; `messages` what of the query was not understood.

    `also` names what was looked for beside the words typed: (“login”, (“sign in”, “log in”)).
    """

    question: Question
    total: int
    hits: tuple[HitRow, ...]
    facets: tuple[FacetGroup, ...] = ()
    counts: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    messages: tuple[str, ...] = ()
    suggestion: str | None = None
    also: tuple[tuple[str, tuple[str, ...]], ...] = ()
    notice: str = ""
    took_ms: float = 0.0
    offset: int = 0

    @property
    def groups(self) -> tuple[HitGroup, ...]:
        """The hits with those of one session side by side, where the best of them stands."""
        return grouped(self.hits)

    @property
    def next_offset(self) -> int | None:
        following = self.offset + self.question.limit
        return following if following < self.total else None

    @property
    def previous_offset(self) -> int | None:
        before = self.offset - self.question.limit
        return max(0, before) if self.offset else None


def answer(session: Session, engine: SearchEngine, member: Member, question: Question) -> Answer:
    """Never fails for want of an index: then the database is searched in a plain way, and the answer says so."""
    scope = read_scope(session, member)
    widened = understood(session, question)
    request = SearchRequest(
        query=studies_by_name(widened.query, scope),
        clearances=scope.clearances,
        filters=question.filters,
        sort=question.sort,
        limit=question.limit,
        offset=question.offset,
        after=question.after,
        before=question.before,
    )
    try:
        results = engine.search(request)
        reached = engine.watermark()
    except SearchUnavailable as error:
        log.warning("search fell back to the database", reason=str(error))
        return _plain_answer(session, scope, question, widened)
    if not reached.database_id:
        return _plain_answer(session, scope, question, widened)
    lag = lag_behind(session, reached)
    behind = lag.seconds > NOTICEABLE_LAG
    notice = f"Search is catching up: {count(lag.entries, 'change')} cannot be found yet. Look again in a minute."
    found = _as_answer(session, scope, question, results, notice if behind else "")
    return replace(found, also=widened.also, suggestion=found.suggestion or widened.query.meant or None)


def understood(session: Session, question: Question) -> Widened:
    """The question's words, and beside them what means the same, unless it is asked for exactly."""
    query = parse_query(question.text)
    return Widened(query) if question.exactly or query.is_blank else current_synonyms(session).widen(query)


def records(session: Session, scope: Scope, refs: Sequence[str]) -> dict[str, RecordRow]:
    """Records by ref, as far as the member may see them; at most eight statements however many."""
    found: list[RecordRow] = [
        *study_rows(scope, numbers_of(refs, "STU")),
        *source_rows(session, scope, session_ids=numbers_of(refs, "SES"), source_ids=numbers_of(refs, "SRC")),
        *highlight_rows(session, scope, numbers_of(refs, "HL")),
        *insight_rows(session, scope, numbers_of(refs, "INS")),
        *decision_rows(session, scope, numbers_of(refs, "DEC")),
        *recommendation_rows(session, scope, numbers_of(refs, "REC")),
    ]
    return {row.ref: row for row in found}


def _as_answer(session: Session, scope: Scope, question: Question, results: SearchResults, notice: str) -> Answer:
    rows = records(session, scope, [hit.key for hit in results.hits])
    hits = tuple(_hit(rows[hit.key], hit) for hit in results.hits if hit.key in rows)
    return Answer(
        question=question,
        # What has gone since the index last heard is neither shown nor counted.
        total=results.total - (len(results.hits) - len(hits)),
        hits=hits,
        facets=facet_groups(results, question.filters, scope, opened=question.opened),
        counts={name: tuple((each.value, each.count) for each in counts) for name, counts in results.facets.items()},
        messages=results.messages,
        suggestion=results.suggestion,
        notice=notice,
        took_ms=results.took_ms,
        offset=results.offset,
    )


def _plain_answer(session: Session, scope: Scope, question: Question, widened: Widened) -> Answer:
    query = widened.query
    refs = plain_search(session, scope.member, query)
    rows = records(session, scope, refs)
    marker = Marker(query)
    hits = tuple(
        HitRow(rows[ref], _parts(mark(rows[ref].title, marker)), _parts(mark(_beginning(rows[ref].text), marker)))
        for ref in refs
        if ref in rows
    )
    page = hits[question.offset : question.offset + question.limit]
    return Answer(
        question,
        len(hits),
        page,
        messages=query.messages,
        suggestion=query.meant or None,
        also=widened.also,
        notice=REBUILDING,
        offset=question.offset,
    )


def _hit(row: RecordRow, hit: SearchHit) -> HitRow:
    snippet = _parts(hit.snippet)
    if row.kind == "highlight" and not _shows_hit_of(row.text, hit.snippet):
        # The hit is in a tag or an observation; a quote is shown in any case.
        snippet = ((_beginning(row.text), False),)
    # Several quotes, or sections, run on: the reader should see where one ends. Elsewhere lines are parted by spaces:
    # beside an invisible sign, which pasted notes are full of, a browser takes the end of a line for nothing.
    between = PARTED if row.kind in {"insight", "decision"} else " "
    snippet = tuple((text.replace("\n", between), is_hit) for text, is_hit in snippet)
    title = _parts(hit.title_parts) if hit.title == row.title else ((row.title, False),)
    return HitRow(row, title, snippet, hit.score)


def _shows_hit_of(text: str, parts: Iterable[SnippetPart]) -> bool:
    shown = "".join(part.text for part in parts).strip("… \n")
    return any(part.hit for part in parts) and shown in text


def _beginning(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE].rsplit(" ", 1)[0] + " …"


def _parts(parts: Iterable[SnippetPart]) -> Parts:
    return tuple((part.text, part.hit) for part in parts)
