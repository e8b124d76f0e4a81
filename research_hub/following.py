"""Where following meets search: what a saved search finds for its member, all of it, at this moment.

A saved search is kept as the query string of its page, without the place in the pages, so that it opens as it was
asked. It is run through the search engine with the clearances that the member holds now.
"""

from __future__ import annotations

from typing import Final, get_args
from urllib.parse import parse_qsl, urlencode

from sqlalchemy.orm import Session

from insights.people.models import Member
from insights.stewardship.following import MOST_WATCHED
from search_index.documents import FACETS
from search_index.engine import SearchEngine, SearchRequest, SearchUnavailable, Sort
from search_index.projection import clearances_of
from search_index.query import Query, parse_query
from search_index.synonym_list import current_synonyms

ASKED_BY: Final = (*FACETS, "phase", "component", "delivery", "basis", "year", "team")
"""The facets by which the search page narrows down."""

_HOW: Final = ("sort", "exactly")
"""How to search, which alone asks nothing."""

_PAGE: Final = 1_000
_MOST_VALUES: Final = 200


def tidy_question(query_string: str) -> str:
    """The question in a search page's query string: words, facets and order; '' where it asks nothing."""
    pairs = _pairs(query_string)
    asked = [(name, value) for name, value in pairs if name not in _HOW]
    if not asked:
        return ""
    order: dict[str, int] = {name: place for place, name in enumerate(("q", *ASKED_BY, *_HOW))}
    return urlencode(
        [(name, value) for _, name, value in sorted({(order[name], name, value) for name, value in pairs})]
    )


def name_of(question: str) -> str:
    """A name to begin with: the words searched for and what they are narrowed down to."""
    pairs = _pairs(question)
    words = [value.strip() for name, value in pairs if name == "q"]
    narrowed = [value for name, value in pairs if name != "q" and name not in _HOW]
    return ", ".join([*words, *narrowed])[:200]


def matches_of(session: Session, engine: SearchEngine, member: Member, question: str) -> frozenset[str] | None:
    """The refs of all that the search finds for the member, one more than can be watched at most.

    None where search cannot answer now, or its index has taken nothing in yet: then nothing can be said of it.
    """
    pairs = _pairs(question)
    query, clearances = _query(session, pairs), clearances_of(session, member)
    filters = {name: tuple(value for key, value in pairs if key == name) for name in ASKED_BY}
    found: set[str] = set()
    try:
        if not engine.watermark().database_id:
            return None
        while True:
            results = engine.search(
                SearchRequest(
                    query=query,
                    clearances=clearances,
                    filters={name: values for name, values in filters.items() if values},
                    sort="newest",
                    limit=_PAGE,
                    offset=len(found),
                )
            )
            fresh = {hit.key for hit in results.hits} - found
            found |= fresh
            if not fresh or len(found) >= results.total or len(found) > MOST_WATCHED:
                return frozenset(found)
    except SearchUnavailable:
        return None


def _query(session: Session, pairs: list[tuple[str, str]]) -> Query:
    """The words, with what means the same beside them as on the search page, unless they are asked for exactly."""
    query = parse_query(next((value for name, value in pairs if name == "q"), ""))
    return query if ("exactly", "1") in pairs or query.is_blank else current_synonyms(session).widen(query).query


def _pairs(query_string: str) -> list[tuple[str, str]]:
    known = {"q", *ASKED_BY, *_HOW}
    too_many = query_string.count("&") >= _MOST_VALUES
    pairs = [] if too_many else parse_qsl(query_string)
    return [
        (name, value.strip())
        for name, value in pairs
        if name in known and value.strip() and (name != "sort" or value in get_args(Sort))
    ]
