from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.engine import PHRASE_WORD_LIMIT
from search_index.query import FieldValue, From, Phrase, Prefix, Query, Until, Word, fold, other_forms, parse_query
from search_index.query.parser import SENTENCE_WORDS


def test_words_alone_are_loose() -> None:
    assert parse_query("parking permit").loose == (Word("parking"), Word("permit"))


def test_a_word_typed_twice_counts_twice() -> None:
    assert parse_query("permit permit").loose == (Word("permit"), Word("permit"))


def test_a_phrase_is_required() -> None:
    query = parse_query('renew "parking permit"')

    assert query.required == ((Phrase("parking permit"),),)
    assert query.loose == (Word("renew"),)


def test_typographic_quotation_marks_make_a_phrase() -> None:
    assert parse_query("“parking permit”").required == ((Phrase("parking permit"),),)


def test_or_makes_alternatives_of_its_neighbours() -> None:
    query = parse_query('cost OR price OR "how much" permit')

    assert query.required == ((Word("cost"), Word("price"), Phrase("how much")),)
    assert query.loose == (Word("permit"),)


@pytest.mark.parametrize("text", ["permit -parking", "permit NOT parking"])
def test_a_minus_or_not_leaves_out(text: str) -> None:
    query = parse_query(text)

    assert (query.loose, query.excluded) == ((Word("permit"),), (Word("parking"),))


def test_phrases_and_fields_can_be_left_out_too() -> None:
    assert parse_query('-"blue badge" -tag:cost').excluded == (Phrase("blue badge"), FieldValue("tag", "cost"))


def test_a_hyphen_inside_a_word_leaves_nothing_out() -> None:
    assert parse_query("drop-out").loose == (Word("drop-out"),)


def test_a_star_behind_three_letters_asks_for_a_beginning() -> None:
    assert parse_query("Cafés* caf*").loose == (Prefix("cafes"), Prefix("caf"))


@pytest.mark.parametrize("text", ["*parking", "pa*", "par*ing", "*x*", "ab**", "**", "*"])
def test_other_stars_are_dropped_and_said(text: str) -> None:
    query = parse_query(text)

    assert not any(isinstance(term, Prefix) for term in query.loose)
    assert "without *" in query.messages[0]


def test_a_third_beginning_is_searched_as_a_word_and_said() -> None:
    query = parse_query("aaa* bbb* ccc*")

    assert query.loose == (Prefix("aaa"), Prefix("bbb"), Word("ccc"))
    assert query.messages == ("Only 2 words may end in *; the others were searched as they stand.",)


def test_fields_are_folded() -> None:
    query = parse_query('Tag:Café-Culture study:"Blue Badge" kind:insight')

    assert query.required == (
        (FieldValue("tag", "cafe culture"),),
        (FieldValue("study", "blue badge"),),
        (FieldValue("kind", "insight"),),
    )


def test_an_unknown_field_is_searched_as_words_and_said() -> None:
    query = parse_query("colour:blue")

    assert query.loose == (Word("colour:blue"),)
    assert query.messages[0].startswith("“colour:” is not a field; it was searched as words. Fields: kind, tag,")


def test_an_unknown_field_is_said_with_the_nearest_known_one() -> None:
    assert parse_query("sevrice:permits").messages[0].endswith("before, after. Did you mean service:?")
    assert "Did you mean" not in parse_query("colour:blue").messages[0]


@pytest.mark.parametrize(
    ("typed", "meant"), [("participant-group", "group"), ("confidence", "strength"), ("Tags", "tag"), ("by", "author")]
)
def test_a_field_has_the_names_that_people_give_it(typed: str, meant: str) -> None:
    assert parse_query(f"{typed}:high").required == ((FieldValue(meant, "high"),),)


@pytest.mark.parametrize(
    ("written", "typed"), [("tŷ", "ty"), ("dŵr", "DWR"), ("gŵyl ﬁlm", "gwyl film"), ("Môn", "mon"), ("i’w", "i'w")]
)
def test_welsh_is_found_without_its_circumflexes(written: str, typed: str) -> None:
    assert fold(written) == fold(typed)


def test_a_web_address_is_no_mistake() -> None:
    assert parse_query("https://example.org/a").messages == ()


def test_a_field_without_a_value_is_left_out_and_said() -> None:
    query = parse_query("tag: permit")

    assert query.required == ()
    assert query.loose == (Word("permit"),)
    assert "“tag:” needs a value" in query.messages[0]


@pytest.mark.parametrize(
    ("text", "day"),
    [("2025", date(2025, 1, 1)), ("2025-03", date(2025, 3, 1)), ("2025-03-31", date(2025, 3, 31))],
)
def test_dates_may_be_years_months_or_days(text: str, day: date) -> None:
    assert parse_query(f"after:{text} before:{text}").required == ((From(day),), (Until(day),))


@pytest.mark.parametrize("text", ["yesterday", "2025-13", "2025-02-30", "0", "1-2-3-4", "99999", "２０２５"])
def test_what_is_no_date_is_left_out_and_said(text: str) -> None:
    query = parse_query(f"before:{text}")

    assert query.required == ()
    assert "is not a date" in query.messages[0]


def test_an_unclosed_quotation_mark_leaves_words() -> None:
    query = parse_query('"parking permit')

    assert query.loose == (Word("parking"), Word("permit"))
    assert query.messages == ("The quotation mark was not closed, so the words after it were searched one by one.",)


@pytest.mark.parametrize("text", ["OR", "OR permit", "permit OR", "permit OR OR parking", "permit OR -parking"])
def test_a_lone_or_is_left_out_and_said(text: str) -> None:
    assert parse_query(text).messages == ("OR needs something on both sides; it was left out here.",)


def test_brackets_are_read_as_spaces() -> None:
    assert parse_query("((parking) [permit])").loose == (Word("parking"), Word("permit"))


def test_at_most_32_terms_are_searched() -> None:
    query = parse_query(" ".join(f"word{number}" for number in range(10_000)))

    assert len(query.loose) == 32
    assert "Only the first 32 terms were searched." in query.messages


def test_a_long_phrase_is_cut_to_32_words() -> None:
    query = parse_query('"' + " ".join(f"word{number}" for number in range(100)) + '"')

    assert query.required == ((Phrase(" ".join(f"word{number}" for number in range(32))),),)
    assert query.messages == ("Only the first 32 terms were searched.",)


def test_signs_alone_ask_for_nothing() -> None:
    query = parse_query("& … —")

    assert query == Query(text="& … —")


def test_nothing_typed_is_blank_but_signs_are_not() -> None:
    assert parse_query("  ").is_blank
    assert not parse_query("&").is_blank


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Crème Brûlée", "creme brulee"),
        ("ﬁnance", "finance"),
        ("Straße", "STRASSE"),
        ("Łódź", "lodz"),
        ("e\u0301", "é"),
    ],
)
def test_folding_makes_spellings_meet(written: str, typed: str) -> None:
    assert fold(written) == fold(typed)


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


QUERY_PIECES = st.sampled_from(
    [
        "parking",
        '"',
        "OR",
        "NOT",
        "-",
        "tag:",
        "after:",
        "2025",
        "*",
        "per*",
        "(",
        ")",
        " ",
        "“",
        "”",
        ":",
        "\x00",
        "é",
        "日本",
    ]
)


@given(st.one_of(st.text(), st.lists(QUERY_PIECES, max_size=60).map("".join), st.lists(QUERY_PIECES).map(" ".join)))
def test_every_text_is_understood_within_the_limits(text: str) -> None:
    query = parse_query(text)

    terms = [*query.loose, *query.excluded, *(term for clause in query.required for term in clause)]
    assert len(terms) <= 32
    assert sum(isinstance(term, Prefix) for term in terms) <= 2
    assert all(clause for clause in query.required)
    assert all(message.strip() for message in query.messages)


@given(st.text())
def test_reading_the_same_text_twice_gives_the_same_query(text: str) -> None:
    assert parse_query(text) == parse_query(text)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("stauts:open letters", "status:open letters"),
        ("letters Sevrice:births", "letters service:births"),
        ("-tgas:trust letter", "-tags:trust letter"),
        ("tag: trust", "tag:trust"),
        ('study:  "Round two"', 'study:"Round two"'),
        ("note: this is odd", ""),
        ("https://example.org/status:open", ""),
        ("status:open", ""),
    ],
)
def test_a_field_typed_nearly_so_is_put_right(typed: str, meant: str) -> None:
    assert parse_query(typed).meant == meant


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("letter || email", "“||” is not understood here. Write OR"),
        ("letter && email", "“&&” is not needed"),
        ("+letter email", "“+letter” was searched without +"),
        ("lettr~2", "“lettr~2” was searched without its sign"),
        ("letter^4 email", "“letter^4” was searched without its sign"),
        ("wom?n", "“wom?n” was searched without ?"),
        ("(letter OR email) fraud", "Brackets group nothing here"),
    ],
)
def test_signs_of_other_search_boxes_are_said_not_to_be_understood(typed: str, said: str) -> None:
    query = parse_query(typed)

    assert len(query.messages) == 1
    assert query.messages[0].startswith(said)
    assert query.loose or query.required


@pytest.mark.parametrize("typed", ["Who reads it?", "terms & conditions", "letters (from the GP)", "+44 20 7946 0000"])
def test_what_people_write_is_no_sign(typed: str) -> None:
    assert parse_query(typed).messages == ()


def test_a_welsh_word_has_the_beginnings_that_go_with_its_radical() -> None:
    assert set(other_forms("feddyg")) >= {"meddyg", "beddyg"}
    assert set(other_forms("ngwaith")) >= {"gwaith", "waith"}
    assert "feddyg" in other_forms("meddyg")
    assert "lyfr" in other_forms("llyfr")
    assert other_forms("ty") == ()


def test_in_a_sentence_the_words_of_a_compound_count_one_by_one() -> None:
    asked = parse_query("why do self-employed people re-register")
    short = parse_query("self-employed people")
    kept = parse_query("what does INS-42 say of covid-19 and an x-ray")

    assert [word.text for word in asked.loose] == ["why", "do", "self", "employed", "people", "re", "register"]
    assert short.loose == (Word("self-employed"), Word("people"))
    assert {Word("INS-42"), Word("covid-19"), Word("x-ray")} <= set(kept.loose)
    assert SENTENCE_WORDS == PHRASE_WORD_LIMIT + 1
