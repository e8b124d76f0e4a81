"""Whatever is typed, search answers, and soon. Bounds are counted in work, not in seconds."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from search.making import ask, fill, found, make_document

from search_index.engine import SearchEngine, SearchRequest
from search_index.engines.evaluation import EXPANSION_LIMIT, MESSAGE_TIME
from search_index.engines.snapshot import Snapshot
from search_index.engines.whoosh_engine import WhooshEngine
from search_index.query import parse_query

HOSTILE_TEXT = Path(__file__).parents[2].parent / "shared" / "data" / "hostile-text"

HOSTILE = {
    "50 beginnings": " OR ".join(f"par{letter}*" for letter in "abcdefghijklmnopqrstuvwxyz" * 2),
    "star on both sides": "*x*",
    "ten thousand words": " ".join(f"word{number}" for number in range(10_000)),
    "one word of a megabyte": "a" * 1_000_000,
    "deep nesting": "(" * 50_000 + "a" + ")" * 50_000,
    "nested quotation marks": '"' * 9_999,
    "nested fields": "tag:" * 5_000,
    "minus signs": "-" * 10_000 + "a",
    "ORs": "OR " * 5_000,
    "only stars": "*" * 10_000,
    "accents stacked on one letter": "a" + "\u0301" * 50_000,
    "a regular expression that runs away": "(a+)+" * 500 + "b",
    "Whoosh's own syntax": "key:[TO] ^9.5 {a TO} ~2 'x' <b> && || !",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_queries_are_answered(engine: SearchEngine, text: str) -> None:
    fill(engine, make_document(body="parable parking a word1 (a+)+ zephyr"))

    results = ask(engine, text)

    assert results.total in {0, 1}
    assert len(results.messages) < 20
    assert all(len(message) < 400 for message in results.messages)


def _hostile_strings() -> list[str]:
    return [
        line
        for path in sorted(HOSTILE_TEXT.rglob("*.txt"))
        for line in path.read_text("utf-8", errors="surrogateescape").splitlines()
        if line.strip()
    ]


@pytest.mark.skipif(not HOSTILE_TEXT.is_dir(), reason="the hostile strings are not beside this checkout")
def test_hostile_strings_are_stored_searched_and_given_back(whoosh_engine: WhooshEngine) -> None:
    strings = _hostile_strings()
    fill(
        whoosh_engine,
        *(make_document(f"INS-{number}", title=text, body=f"marker {text}") for number, text in enumerate(strings)),
    )

    titles = {hit.title for hit in ask(whoosh_engine, "marker", limit=1000).hits}
    answers = [ask(whoosh_engine, text, limit=1) for text in strings]

    assert len(strings) > 400
    assert titles == set(strings)
    assert all(answer.total >= 0 for answer in answers)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200))
def test_any_text_is_found_again_by_itself_unless_it_asks_for_something_else(
    whoosh_engine: WhooshEngine, text: str
) -> None:
    ask(whoosh_engine, text)
    query = parse_query(text)
    words = [term.text for term in query.loose]
    if query.required or query.excluded or query.messages or not words or len(words) > 3:
        return

    fill(whoosh_engine, make_document("INS-1", body=text))
    results = ask(whoosh_engine, text)

    assert results.total == 1 or "too common" in results.messages[0]


def test_a_beginning_stands_for_at_most_50_words_the_most_used(engine: SearchEngine) -> None:
    chance = random.Random(7)
    names = [f"con{''.join(chance.choices('bcdfghjklm', k=6))}" for _ in range(80)]
    often, seldom = names[:EXPANSION_LIMIT], names[EXPANSION_LIMIT:]
    fill(
        engine,
        make_document("INS-1", body=" ".join(often)),
        make_document("INS-2", body=" ".join(often)),
        make_document("INS-3", body=" ".join(seldom)),
    )

    results = ask(engine, "con*")

    assert {hit.key for hit in results.hits} == {"INS-1", "INS-2"}
    assert results.messages == ("More than 50 words begin with “con”; the 50 most used were searched.",)


class CountingClock:
    """A clock on which every look takes a tenth of a second."""

    def __init__(self) -> None:
        self.looks = 0

    def __call__(self) -> float:
        self.looks += 1
        return self.looks / 10


def test_a_search_that_runs_out_of_time_answers_with_what_it_has_and_says_so(tmp_path: Path) -> None:
    clock = CountingClock()
    engine = WhooshEngine.open_or_create(tmp_path, clock=clock)
    names = [f"con{first}{second}z" for first in "bcdfghjklm" for second in "bcdfghjklm"]
    fill(engine, *(make_document(f"INS-{name}", body=name) for name in names))

    results = ask(engine, "con* cond* parking permit")

    assert MESSAGE_TIME in results.messages
    assert 0 < results.total < 100
    assert clock.looks < 20
    engine.close()


def test_a_beginning_reads_few_of_the_words_it_could_stand_for(
    whoosh_engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With 2,000 words of one beginning, the postings of about 50 are read: the rest cannot be among the most used."""
    frequent = [f"con{number:03}" for number in range(60)]
    rare = [f"con{number}" for number in range(1000, 3000)]
    fill(
        whoosh_engine,
        make_document("INS-1", body=" ".join(frequent)),
        make_document("INS-2", body=" ".join(frequent + rare)),
    )
    reads: list[str] = []
    real = Snapshot.postings

    def counted(self: Snapshot, field_name: str, word: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
        reads.append(word)
        return real(self, field_name, word)

    monkeypatch.setattr(Snapshot, "postings", counted)

    whoosh_engine.search(SearchRequest(parse_query("con*"), frozenset()))

    assert len(set(reads)) <= 61


def test_a_long_tail_of_words_in_one_document_is_searchable(engine: SearchEngine) -> None:
    fill(engine, make_document(body=" ".join(f"term{number}" for number in range(20_000)) + " badger"))

    assert found(engine, "badger") == {"INS-1"}
    assert found(engine, '"term19999 badger"') == {"INS-1"}
