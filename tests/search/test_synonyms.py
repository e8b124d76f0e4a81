"""Words of one meaning: how a query is widened, and what each engine makes of it."""

from __future__ import annotations

import pytest
from search.making import fill, keys_of, make_document, marked

from search_index.engine import SearchEngine, SearchRequest, SearchResults
from search_index.query import Likewise, Phrase, Word, parse_query
from search_index.synonyms import NO_SYNONYMS, Synonyms

SIGN_IN = Synonyms.of([("sign in", "log in", "login"), ("GP", "family doctor")])


def ask(engine: SearchEngine, text: str, synonyms: Synonyms = SIGN_IN) -> SearchResults:
    return engine.search(SearchRequest(synonyms.widen(parse_query(text)).query, frozenset()))


def test_a_word_gets_its_alternatives() -> None:
    widened = SIGN_IN.widen(parse_query("login page"))

    assert widened.query.loose == (Likewise((Word("login"),), (Phrase("sign in"), Phrase("log in"))), Word("page"))
    assert widened.also == (("login", ("sign in", "log in")),)


def test_several_words_are_taken_as_one_expression_in_any_form() -> None:
    widened = SIGN_IN.widen(parse_query("people signing in again"))

    assert widened.query.loose == (
        Word("people"),
        Likewise((Word("signing"), Word("in")), (Phrase("log in"), Word("login"))),
        Word("again"),
    )


def test_a_sign_of_something_is_no_sign_in() -> None:
    assert SIGN_IN.widen(parse_query("signs of labour")).also == ()


@pytest.mark.parametrize("text", ['"sign in"', "page -login", "tag:login", "logi*"])
def test_what_was_asked_exactly_stays_as_it_is(text: str) -> None:
    widened = SIGN_IN.widen(parse_query(text))

    assert (widened.query, widened.also) == (parse_query(text), ())


def test_a_choice_with_or_is_widened_too() -> None:
    widened = SIGN_IN.widen(parse_query("login OR password"))

    assert widened.query.required == (
        (Likewise((Word("login"),), (Phrase("sign in"), Phrase("log in"))), Word("password")),
    )


def test_without_a_list_nothing_changes() -> None:
    assert NO_SYNONYMS.widen(parse_query("login")).query == parse_query("login")


def test_an_expression_of_stop_words_alone_means_nothing() -> None:
    assert Synonyms.of([("in", "on"), ("who", "World Health Organization")]).widen(parse_query("who is in")).also == ()


def test_other_words_for_the_same_are_found(engine: SearchEngine) -> None:
    fill(
        engine,
        make_document("INS-1", body="She could not log in twice"),
        make_document("INS-2", body="The login failed"),
        make_document("INS-3", body="Signing in took minutes"),
        make_document("INS-4", body="Signs of labour"),
        make_document("INS-5", body="A log of calls"),
    )

    for text in ("login", "sign in", "log in"):
        assert set(keys_of(ask(engine, text))) >= {"INS-1", "INS-2", "INS-3"}
    assert set(keys_of(ask(engine, "login"))) == {"INS-1", "INS-2", "INS-3"}


def test_what_was_typed_comes_before_what_means_the_same(engine: SearchEngine) -> None:
    fill(
        engine,
        make_document("INS-1", body="the family doctor said nothing"),
        make_document("INS-2", body="the gp said nothing at all"),
        *(make_document(f"DEC-{number}", body="gp letters go out", kind="decision") for number in range(9)),
    )

    found = ask(engine, "GP")

    assert found.total == 11
    assert keys_of(found)[-1] == "INS-1"
    assert 0 < found.hits[-1].score < found.hits[0].score


def test_alternatives_are_marked_in_what_is_shown(engine: SearchEngine) -> None:
    fill(engine, make_document(body="Ask the family doctor."))

    assert marked(ask(engine, "gp").hits[0].snippet) == "Ask the [family] [doctor]."


def test_both_words_are_still_wanted_first(engine: SearchEngine) -> None:
    fill(
        engine,
        *(make_document(f"INS-{number}", body="sign in with a phone") for number in range(10)),
        make_document("INS-99", body="a phone"),
    )

    assert set(keys_of(ask(engine, "login phone"))) == {f"INS-{number}" for number in range(10)}


def test_a_query_is_widened_in_eight_places_at_most() -> None:
    many = Synonyms.of([(f"alpha{number}", f"beta{number}") for number in range(20)])

    widened = many.widen(parse_query(" ".join(f"alpha{number}" for number in range(20))))

    assert len(widened.also) == 8
