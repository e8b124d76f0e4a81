from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from search.making import ask, fill, make_document

from search_index.engines.spelling import distance
from search_index.engines.whoosh_engine import WhooshEngine


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("accesibility", "accessibility"),
        ("permti", "permit"),
        ("parkin permti", "parking permit"),
        ("entirely elsewhere", None),
        ("permitt -parking", "permit -parking"),
        ("organisatoin", "organisations"),
    ],
)
def test_a_misspelt_word_gets_the_nearest_one_offered(
    whoosh_engine: WhooshEngine, typed: str, offered: str | None
) -> None:
    fill(whoosh_engine, make_document(body="Accessibility of permit organisations, parking"))

    assert ask(whoosh_engine, typed).suggestion == offered


def test_what_is_offered_finds_something(whoosh_engine: WhooshEngine) -> None:
    fill(whoosh_engine, make_document(body="Happiness at the café"))

    suggestion = ask(whoosh_engine, "hapiness").suggestion

    assert suggestion == "happiness"
    assert ask(whoosh_engine, suggestion or "").total == 1


def test_a_word_out_of_sight_is_never_offered(whoosh_engine: WhooshEngine) -> None:
    fill(
        whoosh_engine,
        make_document("SES-1", body="Featherstonehaugh", audience=frozenset({"study-1"})),
        make_document("INS-1", body="parking"),
    )

    assert ask(whoosh_engine, "featherstonehaug").suggestion is None
    assert ask(whoosh_engine, "featherstonehaug", ["study-1"]).suggestion == "featherstonehaugh"


def test_a_word_of_a_removed_or_changed_document_is_never_offered(whoosh_engine: WhooshEngine) -> None:
    fill(whoosh_engine, make_document("SES-1", body="Featherstonehaugh"), make_document("INS-1", body="parking"))

    fill(whoosh_engine, make_document("SES-1", body="withdrawn"))

    assert ask(whoosh_engine, "featherstonehaug").suggestion is None


def test_the_more_used_of_two_near_words_is_offered(whoosh_engine: WhooshEngine) -> None:
    fill(
        whoosh_engine,
        make_document("INS-1", body="planning"),
        make_document("INS-2", body="planting"),
        make_document("INS-3", body="planting"),
    )

    assert ask(whoosh_engine, "planxing").suggestion == "planting"


def test_nothing_is_offered_where_something_was_found(whoosh_engine: WhooshEngine) -> None:
    fill(whoosh_engine, make_document("INS-1", body="permit"), make_document("INS-2", body="permits permafrost"))

    assert ask(whoosh_engine, "permit").suggestion is None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("permit", "permit", 0),
        ("permti", "permit", 1),
        ("permi", "permit", 1),
        ("perrmit", "permit", 1),
        ("a", "xyz", 3),
    ],
)
def test_distance_counts_letters_added_dropped_changed_or_swapped(one: str, other: str, expected: int) -> None:
    assert distance(one, other, 2) == expected


WORD = st.text(alphabet="abc", max_size=8)


@given(WORD, WORD)
def test_distance_is_the_same_both_ways_and_nought_only_for_equals(one: str, other: str) -> None:
    assert distance(one, other, 8) == distance(other, one, 8)
    assert (distance(one, other, 8) == 0) == (one == other)
