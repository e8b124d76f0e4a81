from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from search.making import ask, fill, make_document

from search_index.documents import SearchDocument
from search_index.engines.spelling import distance
from search_index.engines.whoosh_engine import WhooshEngine
from search_index.query import parse_query

_DOCUMENT = (Path(__file__).parents[2] / "docs" / "search.md").read_text("utf-8")
OFFERED_THERE: list[tuple[str, str]] = re.findall(r"^\| `(.+?)` \| `(.+?)` \| .+ \|$", _DOCUMENT, re.MULTILINE)
SIX_RECORDS = [
    SearchDocument(key, kind, title, text, facets={"tag": (tag.strip(),)} if tag.strip() else {})
    for key, kind, title, text, tag in re.findall(
        r"^\| ([A-Z]+-\d) \| (\w+) \| (.+?) \| (.+?) \| (.*?)\| [\d-]+ \|$", _DOCUMENT, re.MULTILINE
    )
]


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


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("signin", "sign in"),
        ("casework", "case work"),
        ("data base", "database"),
        ("stauts:draft permit", "status:draft permit"),
        ("tag: trust", "tag:trust"),
        ("Confidance:high letter", "confidence:high letter"),
        ("tag:trsut permit", "tag:trust permit"),
        ('service:"Register a brith" -letter', 'service:"Register a birth" -letter'),
        ("by:okafr", 'author:"Ada Okafor"'),
        ('"letter next"', "letter next"),
        ('"permit lettr"', '"permit letter"'),
        ("“letter next” fraud", "letter next fraud"),
        ("feddyg", "meddyg"),
        ("ngherddi", "gerddi"),
        ('"entirely elsewhere"', None),
        ("tag:unheardof", None),
        ("caseworks elsewhere", "case works elsewhere"),
    ],
)
def test_fields_values_joined_words_and_phrases_are_put_right_where_that_finds_something(
    whoosh_engine: WhooshEngine, typed: str, offered: str | None
) -> None:
    facets = {
        "status": ("draft",),
        "tag": ("trust",),
        "strength": ("high",),
        "service": ("Register a birth",),
        "author": ("Ada Okafor",),
    }
    body = "They sign in for a permit. The case work is in the database. Meddyg. Gerddi. No word then. "
    fill(
        whoosh_engine,
        make_document("INS-1", body=body + "A permit letter.", facets=facets),
        make_document("INS-2", body="Next comes something else.", facets={"tag": ("trust",)}),
    )

    suggestion = ask(whoosh_engine, typed).suggestion or parse_query(typed).meant or None

    assert suggestion == offered
    assert suggestion is None or ask(whoosh_engine, suggestion.replace(" -letter", "")).total > 0


@pytest.mark.parametrize(("typed", "offered"), OFFERED_THERE, ids=[typed for typed, _ in OFFERED_THERE])
def test_what_the_document_says_is_offered(whoosh_engine: WhooshEngine, typed: str, offered: str) -> None:
    fill(whoosh_engine, *SIX_RECORDS)

    assert (ask(whoosh_engine, typed).suggestion or parse_query(typed).meant) == offered


def test_nothing_out_of_sight_puts_a_query_right(whoosh_engine: WhooshEngine) -> None:
    fill(
        whoosh_engine,
        make_document(
            "SES-1",
            body="They sign in. The database. A next step. Meddyg.",
            facets={"tag": ("trust",)},
            audience=frozenset({"study-1"}),
        ),
        make_document("INS-1", body="parking step next"),
    )
    typed = ("signin", "data base", "tag:trsut", '"the database"', "feddyg")

    assert [ask(whoosh_engine, each).suggestion for each in typed] == [None] * 5
    seen = ["sign in", "database", "tag:trust", None, "meddyg"]
    assert [ask(whoosh_engine, each, ["study-1"]).suggestion for each in typed] == seen


def test_an_unknown_word_beside_a_known_one_is_put_right_beside_the_few_hits(whoosh_engine: WhooshEngine) -> None:
    fill(whoosh_engine, make_document("INS-1", body="parking permit"), make_document("INS-2", body="parking"))

    found = ask(whoosh_engine, "parking permti")

    assert found.total == 2
    assert found.suggestion == "parking permit"


def test_an_unknown_word_is_put_right_also_where_the_other_word_has_many_hits(whoosh_engine: WhooshEngine) -> None:
    fill(whoosh_engine, *(make_document(f"INS-{number}", body="parking permit") for number in range(1, 15)))

    found = ask(whoosh_engine, "parking permti")

    assert (found.total, found.suggestion) == (14, "parking permit")


def test_what_is_offered_finds_something(whoosh_engine: WhooshEngine) -> None:
    fill(whoosh_engine, make_document(body="Happiness at the café"))

    suggestion = ask(whoosh_engine, "hapiness").suggestion

    assert suggestion == "happiness"
    assert ask(whoosh_engine, suggestion or "").total == 1


def test_a_word_of_welsh_is_found_with_and_without_its_accents(whoosh_engine: WhooshEngine) -> None:
    fill(
        whoosh_engine,
        make_document("INS-1", body="Y tŷ, y dŵr, y tân a'r gŵyl."),
        make_document("INS-2", body="ty a dwr"),
    )

    assert [ask(whoosh_engine, each).total for each in ("tŷ", "ty", "DŴR", "dwr")] == [2, 2, 2, 2]
    assert [ask(whoosh_engine, each).total for each in ("tân", "tan", "gwyl", "gŵyl")] == [1, 1, 1, 1]


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
