"""The embedded engine against the plain one, on random documents, people, filters and batches."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from search.making import keys_of

from search_index.documents import SearchDocument
from search_index.engine import Changes, SearchEngine, SearchRequest, SearchResults, Watermark
from search_index.engines.memory_engine import MemoryEngine
from search_index.engines.whoosh_engine import WhooshEngine
from search_index.query import parse_query
from search_index.synonyms import NO_SYNONYMS, Synonyms

WORDS = [
    "parking", "parks", "parked", "permit", "permits", "permission", "cost", "costs", "costly", "the", "of",
    "happy", "happiness", "renew", "renewal", "café", "3.5", "日本", "INS-1", "in", "up",
]  # fmt: skip
TEXT = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
SYNONYMS = Synonyms.of([("parking", "permit", "cost of"), ("park up", "renew in", "café"), ("happy cost", "renewal")])
CLEARANCES = st.frozensets(st.sampled_from(["study-1", "study-2", "reviewer"]))
TAGS = ["cost", "Cost", "access needs", "queue"]
FACETS = st.fixed_dictionaries(
    {},
    optional={
        "tag": st.lists(st.sampled_from(TAGS), max_size=3).map(tuple),
        "service": st.sampled_from([("Permits",), ("Badges",), ()]),
        "strength": st.sampled_from([("high",), ("low",), ("unheard of",)]),
    },
)
DAYS = st.one_of(st.none(), st.dates(date(2024, 11, 1), date(2025, 2, 1)))


def documents(keys: st.SearchStrategy[str]) -> st.SearchStrategy[SearchDocument]:
    return st.builds(
        SearchDocument,
        key=keys,
        kind=st.sampled_from(["insight", "session", "decision"]),
        title=TEXT,
        body=TEXT,
        quote=TEXT,
        date=DAYS,
        version=st.integers(0, 5),
        audience=CLEARANCES,
        facets=FACETS,
    )


KEYS = st.integers(1, 12).map("INS-{}".format)
BATCHES = st.lists(
    st.tuples(st.frozensets(KEYS, max_size=3), st.lists(documents(KEYS), max_size=6), st.booleans()),
    min_size=1,
    max_size=4,
)
TERMS = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(["par*", "perm*", "happi*", "permis*", '"parking permit"', '"cost of"', '"the parking"']),
    st.sampled_from(["tag:cost", 'tag:"access needs"', "kind:session", "after:2025", "before:2024-12-15", "OR"]),
)
QUERIES = st.lists(st.tuples(st.sampled_from(["", "", "", "-"]), TERMS).map("".join), max_size=5).map(" ".join)
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "tag": st.lists(st.sampled_from(TAGS), max_size=2).map(tuple),
        "kind": st.just(("insight", "session")),
        "service": st.just(("Permits",)),
    },
)
REQUESTS = st.builds(
    lambda text, synonyms, clearances, filters, sort: SearchRequest(
        synonyms.widen(parse_query(text)).query, clearances, filters, sort, limit=100
    ),
    QUERIES,
    st.sampled_from([SYNONYMS, NO_SYNONYMS]),
    CLEARANCES,
    FILTERS,
    st.sampled_from(["relevance", "newest", "oldest", "strength"]),
)


@contextmanager
def both_engines() -> Iterator[tuple[MemoryEngine, WhooshEngine]]:
    with tempfile.TemporaryDirectory() as folder:
        embedded = WhooshEngine.open_or_create(Path(folder))
        yield MemoryEngine(), embedded
        embedded.close()


def assert_same_answers(model: SearchResults, embedded: SearchResults) -> None:
    assert embedded.total == model.total
    assert embedded.facets == model.facets
    assert set(embedded.messages) == set(model.messages)
    assert {hit.key: hit.score for hit in embedded.hits} == pytest.approx(
        {hit.key: hit.score for hit in model.hits}, abs=0.002
    )
    assert {hit.key: hit.snippet for hit in embedded.hits} == {hit.key: hit.snippet for hit in model.hits}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(BATCHES, st.lists(REQUESTS, min_size=1, max_size=8))
def test_both_engines_answer_alike(
    batches: list[tuple[frozenset[str], list[SearchDocument], bool]], requests: list[SearchRequest]
) -> None:
    with both_engines() as (model, embedded):
        for number, (deletes, added, erase) in enumerate(batches):
            for engine in (model, embedded):
                engine.apply(Changes(deletes, tuple(added), erase), Watermark(number))

        assert embedded.keys() == model.keys()
        for request in requests:
            assert_same_answers(model.search(request), embedded.search(request))
        for key in sorted(model.keys()):
            assert relatives(embedded, key, requests[0]) == pytest.approx(relatives(model, key, requests[0]), abs=0.002)


def relatives(engine: SearchEngine, key: str, request: SearchRequest) -> dict[str, float]:
    return {hit.key: hit.score for hit in engine.related(key, request.clearances, limit=100)}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(documents(st.uuids().map(str)), max_size=20), REQUESTS)
def test_only_documents_in_sight_shape_an_answer(added: list[SearchDocument], request: SearchRequest) -> None:
    """An index of all documents and one of those in sight answer the same, to the last figure."""
    in_sight = [document for document in added if document.audience <= request.clearances]
    with both_engines() as (_, everything), both_engines() as (_, visible):
        everything.rebuild(added, Watermark())
        visible.rebuild(in_sight, Watermark())

        whole, own = everything.search(request), visible.search(request)
        for document in added:
            assert everything.related(document.key, request.clearances) == visible.related(
                document.key, request.clearances
            )

        assert (whole.total, whole.hits, whole.facets, whole.messages, whole.suggestion) == (
            own.total,
            own.hits,
            own.facets,
            own.messages,
            own.suggestion,
        )


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(documents(st.uuids().map(str)), min_size=1, max_size=25), REQUESTS)
def test_the_first_ten_are_the_first_ten_of_all(added: list[SearchDocument], request: SearchRequest) -> None:
    with both_engines() as (_, embedded):
        embedded.rebuild(added, Watermark())

        whole = embedded.search(request)
        ten = embedded.search(SearchRequest(request.query, request.clearances, request.filters, request.sort, limit=10))

        assert keys_of(ten) == keys_of(whole)[:10]
        assert (ten.total, ten.facets) == (whole.total, whole.facets)
