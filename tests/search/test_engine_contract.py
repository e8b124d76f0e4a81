"""What every search engine keeps to. Each test runs on each engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import pytest
from search.making import NEW_YEAR, ask, counts_of, fill, found, keys_of, make_document, marked

from search_index.documents import FACETS, SearchDocument
from search_index.engine import Changes, SearchEngine, SearchRequest, Watermark
from search_index.query import parse_query

# --- finding ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["title", "quote", "body"])
def test_words_are_found_wherever_they_stand(engine: SearchEngine, place: str) -> None:
    fill(engine, make_document(**{"title": "Nothing", place: "She could not renew her permit"}))

    assert found(engine, "permit") == {"INS-1"}


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("renewing permits", "renew permit"),
        ("Crème brûlée", "creme"),
        ("a cafe\u0301", "café"),
        ("ﬁnance", "finance"),
        ("drop-out", "dropout OR drop-out"),
        ("the user’s journey", "users"),
        ("version 3.5", "3.5"),
        ("日本語の調査", "調査"),
        ("naïve plan B", "B"),
    ],
)
def test_spellings_meet(engine: SearchEngine, written: str, typed: str) -> None:
    fill(engine, make_document(body=written))

    assert found(engine, typed) == {"INS-1"}


def test_a_reference_finds_its_record_and_those_that_name_it(engine: SearchEngine) -> None:
    fill(engine, make_document("INS-42"), make_document("INS-4"), make_document("DEC-1", body="Rests on INS-42."))

    assert found(engine, "INS-42") == {"INS-42", "DEC-1"}


def test_a_phrase_wants_its_words_side_by_side(engine: SearchEngine) -> None:
    fill(
        engine,
        make_document("INS-1", body="the parking permit office"),
        make_document("INS-2", body="a permit for parking"),
        make_document("INS-3", body="parking was hard, the permit too"),
    )

    assert found(engine, '"parking permit"') == {"INS-1"}


def test_a_phrase_does_not_reach_from_the_title_into_the_text(engine: SearchEngine) -> None:
    fill(engine, make_document(title="On parking", body="Permit offices"))

    assert found(engine, '"parking permit"') == set()


def test_a_phrase_with_a_word_twice(engine: SearchEngine) -> None:
    fill(engine, make_document("INS-1", body="again knock knock who"), make_document("INS-2", body="knock who knock"))

    assert found(engine, '"knock knock"') == {"INS-1"}


def test_a_beginning_finds_words_however_they_go_on(engine: SearchEngine) -> None:
    fill(
        engine,
        make_document("INS-1", body="consultation"),
        make_document("INS-2", body="consulting"),
        make_document("INS-3", body="contact"),
    )

    assert found(engine, "consult*") == {"INS-1", "INS-2"}
    assert found(engine, "consulta*") == {"INS-1"}
    assert found(engine, "con*") == {"INS-1", "INS-2", "INS-3"}


def test_a_beginning_is_not_stemmed(engine: SearchEngine) -> None:
    fill(engine, make_document("INS-1", body="contact"), make_document("INS-2", body="consensus"))

    assert found(engine, "cons*") == {"INS-2"}


def test_words_left_out_are_left_out(engine: SearchEngine) -> None:
    fill(engine, make_document("INS-1", body="permit parking"), make_document("INS-2", body="permit fishing"))

    assert found(engine, "permit -parking") == {"INS-2"}
    assert found(engine, "-parking") == {"INS-2"}


def test_alternatives_are_required_of_everything_found(engine: SearchEngine) -> None:
    fill(
        engine,
        make_document("INS-1", body="permit cost"),
        make_document("INS-2", body="permit price"),
        make_document("INS-3", body="permit queue"),
    )

    assert found(engine, "permit cost OR price") == {"INS-1", "INS-2"}


def test_a_short_query_wants_all_words_where_enough_hold_them(engine: SearchEngine) -> None:
    both = [make_document(f"INS-{number}", body="parking permit") for number in range(10)]
    fill(engine, *both, make_document("INS-99", body="parking"))

    results = ask(engine, "parking permit")

    assert set(keys_of(results)) == {document.key for document in both}
    assert results.messages == ()


def test_a_short_query_is_widened_where_few_hold_all_words_and_says_so(engine: SearchEngine) -> None:
    fill(
        engine,
        make_document("INS-1", body="parking"),
        make_document("INS-2", body="parking permit"),
        make_document("INS-3", body="permit"),
    )

    results = ask(engine, "parking permit")

    assert keys_of(results)[0] == "INS-2"
    assert results.total == 3
    assert results.messages == ("Few results hold every word, so results that hold any of them are shown too.",)


def test_a_sentence_finds_what_holds_any_of_its_words(engine: SearchEngine) -> None:
    fill(engine, make_document("INS-1", body="benefits"), make_document("INS-2", body="gardens"))

    results = ask(engine, "how do people in rural areas apply for benefits online")

    assert keys_of(results) == ["INS-1"]
    assert results.messages == ()


def test_words_too_common_to_look_for_find_nothing_and_say_so(engine: SearchEngine) -> None:
    fill(engine, make_document(body="the and of"))

    results = ask(engine, "the of")

    assert results.total == 0
    assert "too common" in results.messages[0]


def test_common_words_beside_others_are_passed_over(engine: SearchEngine) -> None:
    fill(engine, make_document("INS-1", body="state of the art"))

    assert found(engine, "the art") == {"INS-1"}
    assert found(engine, '"state of the art"') == {"INS-1"}


def test_nothing_typed_shows_everything_newest_first(engine: SearchEngine) -> None:
    fill(
        engine,
        make_document("INS-1", date=date(2024, 1, 1)),
        make_document("INS-2", date=date(2025, 1, 1)),
        make_document("INS-3"),
    )

    assert keys_of(ask(engine, "")) == ["INS-2", "INS-1", "INS-3"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tag:onboarding", {"INS-1"}),
        ('tag:"Access needs"', {"INS-2"}),
        ("tag:access-needs", {"INS-2"}),
        ("kind:decision", {"DEC-1"}),
        ("-tag:onboarding", {"INS-2", "DEC-1"}),
        ("tag:onboarding OR kind:decision", {"INS-1", "DEC-1"}),
        ("tag:unknown", set()),
        ("service:permits", set()),
        ("permit tag:onboarding", {"INS-1"}),
    ],
)
def test_fields_restrict(engine: SearchEngine, text: str, expected: set[str]) -> None:
    fill(
        engine,
        make_document("INS-1", body="permit", facets={"tag": ("Onboarding",)}),
        make_document("INS-2", body="permit", facets={"tag": ("Accèss needs",)}),
        make_document("DEC-1", body="permit", kind="decision"),
    )

    assert found(engine, text) == expected


def test_dates_restrict_and_records_without_one_fit_none(engine: SearchEngine) -> None:
    fill(
        engine,
        make_document("INS-1", date=date(2024, 12, 31)),
        make_document("INS-2", date=NEW_YEAR),
        make_document("INS-3"),
    )

    assert found(engine, "before:2025") == {"INS-1"}
    assert found(engine, "after:2025") == {"INS-2"}
    assert found(engine, "after:2024-12 before:2025-01-02") == {"INS-1", "INS-2"}


# --- order, pages, snippets ---------------------------------------------------------------------------------


def test_a_word_in_the_title_weighs_more(engine: SearchEngine) -> None:
    fill(
        engine,
        make_document("INS-1", title="Queues", body="permit and more words here"),
        make_document("INS-2", title="Permit", body="queues and more words here"),
        make_document("INS-3", title="Others", body="nothing to see"),
    )

    assert keys_of(ask(engine, "permit")) == ["INS-2", "INS-1"]


def test_a_rare_word_weighs_more_than_a_frequent_one(engine: SearchEngine) -> None:
    often = [make_document(f"INS-{number}", body="permit office") for number in range(8)]
    fill(engine, *often, make_document("INS-9", body="badger office"))

    assert keys_of(ask(engine, "permit badger"))[0] == "INS-9"


def test_results_are_sorted_by_date_on_request(engine: SearchEngine) -> None:
    fill(
        engine,
        make_document("INS-1", body="permit permit", date=date(2024, 1, 1)),
        make_document("INS-2", body="permit", date=date(2025, 1, 1)),
        make_document("INS-3", body="permit"),
    )

    assert keys_of(ask(engine, "permit", sort="newest")) == ["INS-2", "INS-1", "INS-3"]
    assert keys_of(ask(engine, "permit", sort="oldest")) == ["INS-1", "INS-2", "INS-3"]


def test_pages_follow_one_another_without_gap_or_repeat(engine: SearchEngine) -> None:
    fill(engine, *(make_document(f"INS-{number}", body="permit " * (number + 1)) for number in range(10)))

    whole = keys_of(ask(engine, "permit", limit=100))
    paged = [key for offset in range(0, 12, 3) for key in keys_of(ask(engine, "permit", limit=3, offset=offset))]

    assert paged == whole
    assert ask(engine, "permit", limit=3, offset=50).hits == ()


def test_a_page_of_no_hits_still_counts(engine: SearchEngine) -> None:
    fill(engine, make_document(body="permit"))

    results = ask(engine, "permit", limit=0)

    assert (results.total, results.hits) == (1, ())
    assert counts_of(results, "kind") == {"insight": 1}


@pytest.mark.parametrize(("limit", "offset"), [(-1, 0), (1001, 0), (20, -1)])
def test_pages_that_cannot_be_are_refused(limit: int, offset: int) -> None:
    with pytest.raises(ValueError, match=r"Search results start|A page of search results"):
        SearchRequest(parse_query("x"), frozenset(), limit=limit, offset=offset)


def test_a_hit_shows_the_sentence_with_the_words_marked(engine: SearchEngine) -> None:
    fill(engine, make_document(title="Renewing", quote="I gave up renewing my permit.", body="Context.", date=NEW_YEAR))

    (hit,) = ask(engine, "renew").hits

    assert marked(hit.snippet) == "I gave up [renewing] my permit."
    assert marked(hit.title_parts) == "[Renewing]"
    assert (hit.title, hit.kind, hit.date) == ("Renewing", "insight", NEW_YEAR)


def test_a_snippet_is_raw_text(engine: SearchEngine) -> None:
    fill(engine, make_document(body="<b>permit</b> & more"))

    (hit,) = ask(engine, "permit").hits

    assert marked(hit.snippet) == "<b>[permit]</b> & more"


# --- facets -------------------------------------------------------------------------------------------------


def _three_tagged(engine: SearchEngine) -> None:
    fill(
        engine,
        make_document("INS-1", body="permit", facets={"tag": ("cost", "queue"), "service": ("Permits",)}),
        make_document("INS-2", body="permit", facets={"tag": ("cost",), "service": ("Badges",)}),
        make_document("DEC-1", body="permit", kind="decision", facets={"tag": ("queue",), "service": ("Badges",)}),
    )


def test_facets_count_everything_found_most_frequent_first(engine: SearchEngine) -> None:
    _three_tagged(engine)

    facets = ask(engine, "permit", limit=1).facets

    assert [(entry.value, entry.count) for entry in facets["service"]] == [("Badges", 2), ("Permits", 1)]
    assert [(entry.value, entry.count) for entry in facets["kind"]] == [("insight", 2), ("decision", 1)]


def test_a_facet_ignores_its_own_selection_but_no_other(engine: SearchEngine) -> None:
    _three_tagged(engine)

    results = ask(engine, "permit", filters={"service": ("Badges",)})

    assert set(keys_of(results)) == {"INS-2", "DEC-1"}
    assert counts_of(results, "service") == {"Badges": 2, "Permits": 1}
    assert counts_of(results, "tag") == {"cost": 1, "queue": 1}


def test_values_of_one_facet_add_up_and_facets_narrow(engine: SearchEngine) -> None:
    _three_tagged(engine)

    assert ask(engine, "permit", filters={"service": ("Badges", "Permits")}).total == 3
    assert found(engine, "permit", filters={"service": ("Badges",), "tag": ("cost",)}) == {"INS-2"}
    assert found(engine, "permit", filters={"service": ("Nowhere",)}) == set()
    assert found(engine, "permit", filters={"unknown": ("x",)}) == set()
    assert ask(engine, "permit", filters={"tag": ()}).total == 3


def test_choosing_a_facet_value_never_widens_the_search(engine: SearchEngine) -> None:
    """The count beside a value is what choosing it gives, though few hits would otherwise widen a short query."""
    both = [make_document(f"INS-{number}", body="parking permit", facets={"tag": ("a",)}) for number in range(12)]
    fill(
        engine,
        *both,
        make_document("INS-80", body="parking permit", facets={"tag": ("b",)}),
        make_document("INS-90", body="parking", facets={"tag": ("b",)}),
    )
    count = counts_of(ask(engine, "parking permit"), "tag")["b"]

    assert ask(engine, "parking permit", filters={"tag": ("b",)}).total == count == 1


# --- who may see what ---------------------------------------------------------------------------------------


def test_a_document_is_shown_only_to_those_who_hold_its_whole_audience(engine: SearchEngine) -> None:
    fill(
        engine,
        make_document("INS-1", body="permit"),
        make_document("INS-2", body="permit", audience=frozenset({"study-1"})),
        make_document("INS-3", body="permit", audience=frozenset({"study-1", "reviewer"})),
    )

    assert found(engine, "permit") == {"INS-1"}
    assert found(engine, "permit", ["reviewer"]) == {"INS-1"}
    assert found(engine, "permit", ["study-1"]) == {"INS-1", "INS-2"}
    assert found(engine, "permit", ["study-1", "reviewer", "other"]) == {"INS-1", "INS-2", "INS-3"}


@pytest.mark.parametrize("text", ["", "permit", "per*", '"a permit"', "tag:secret", "-open", "secret OR permit"])
def test_a_hidden_document_changes_nothing_that_is_answered(engine: SearchEngine, text: str) -> None:
    shown = [make_document(f"INS-{number}", body="a permit for open work " * (number + 1)) for number in range(4)]
    fill(engine, *shown)
    before = ask(engine, text)
    hidden = [
        make_document(
            f"SES-{number}",
            title="Permit secret",
            body="a permit perish perform permanent secret " * 9,
            kind="session",
            audience=frozenset({"x"}),
            facets={"tag": ("secret",), "hidden": ("secret",)},
        )
        for number in range(30)
    ]

    fill(engine, *hidden)
    after = ask(engine, text)

    assert (after.total, after.hits, after.facets, after.messages, after.suggestion) == (
        before.total,
        before.hits,
        before.facets,
        before.messages,
        before.suggestion,
    )


def test_words_out_of_sight_take_no_place_among_those_a_beginning_stands_for(engine: SearchEngine) -> None:
    hidden = [
        make_document(f"SES-{number}", body=" ".join(f"conta{letter}{number}" for letter in "abcdefgh"))
        for number in range(10)
    ]
    fill(engine, make_document("INS-1", body="contazz"))
    fill(engine, *(make_document(each.key, body=each.body, audience=frozenset({"x"})) for each in hidden))

    results = ask(engine, "cont*")

    assert keys_of(results) == ["INS-1"]
    assert results.messages == ()


# --- changes ------------------------------------------------------------------------------------------------


def test_a_changed_document_replaces_the_old_one(engine: SearchEngine) -> None:
    fill(engine, make_document("INS-1", body="parking", version=1), make_document("INS-2", body="parking"))

    fill(engine, make_document("INS-1", body="fishing", version=2, audience=frozenset({"a"}), stamp="s"))

    assert found(engine, "parking", ["a"]) == {"INS-2"}
    assert found(engine, "fishing", ["a"]) == {"INS-1"}
    assert engine.keys() == {"INS-1": (2, frozenset({"a"}), "s"), "INS-2": (0, frozenset(), "")}
    assert engine.document_count() == 2


def test_the_last_of_one_key_in_a_batch_counts(engine: SearchEngine) -> None:
    fill(engine, make_document("INS-1", body="parking"), make_document("INS-1", body="fishing"))

    assert (found(engine, "parking"), found(engine, "fishing")) == (set(), {"INS-1"})
    assert engine.document_count() == 1


def test_a_removed_document_is_gone(engine: SearchEngine) -> None:
    fill(engine, make_document("INS-1", body="parking"), make_document("INS-2", body="parking"))

    engine.apply(Changes(deletes=frozenset({"INS-1", "INS-404"})), Watermark(2))

    assert found(engine, "parking") == {"INS-2"}
    assert set(engine.keys()) == {"INS-2"}


def test_replaying_a_batch_changes_nothing(engine: SearchEngine) -> None:
    batch = Changes(deletes=frozenset({"INS-9"}), documents=(make_document("INS-1", body="parking"),))
    for _ in range(3):
        engine.apply(batch, Watermark(7, "db"))

    assert (engine.document_count(), engine.watermark()) == (1, Watermark(7, "db"))


def test_a_batch_without_documents_moves_the_watermark(engine: SearchEngine) -> None:
    engine.apply(Changes(), Watermark(12, "db", "schema"))

    assert engine.watermark() == Watermark(12, "db", "schema")


def test_a_new_engine_is_empty_and_at_the_start(engine: SearchEngine) -> None:
    assert engine.document_count() == 0
    assert engine.keys() == {}
    assert engine.watermark() == Watermark(0, "", engine.schema)
    assert ask(engine, "permit").total == 0
    assert ask(engine, "per* -x tag:y").total == 0


def test_a_rebuild_replaces_everything_and_reports_progress(engine: SearchEngine) -> None:
    fill(engine, make_document("INS-1", body="parking"))
    told: list[int] = []

    engine.rebuild(
        [make_document("INS-2", body="fishing"), make_document("INS-3", body="fishing")], Watermark(9), told.append
    )

    assert (found(engine, "parking"), found(engine, "fishing")) == (set(), {"INS-2", "INS-3"})
    assert engine.watermark() == Watermark(9)
    assert told[-1] == 2


def test_a_rebuild_that_fails_leaves_the_old_index(engine: SearchEngine) -> None:
    fill(engine, make_document("INS-1", body="parking"), sequence=4)

    def broken() -> Iterator[SearchDocument]:
        yield make_document("INS-2", body="fishing")
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError, match="the database went away"):
        engine.rebuild(broken(), Watermark(9))

    assert found(engine, "parking fishing") == {"INS-1"}
    assert engine.watermark().sequence == 4


def test_odd_texts_go_in_and_come_out_unchanged(engine: SearchEngine) -> None:
    odd = "permit \x00 \ud800 \U0001f9d1\u200d\U0001f9bd \u202e reversed " + "a" * 5000
    fill(engine, make_document("É/1 ‘x’", title=odd[:40], body=odd, facets={"tag": ("\x00", "🦡")}))

    (hit,) = ask(engine, "permit reversed").hits

    assert hit.key == "É/1 ‘x’"
    assert hit.title == odd[:40]
    assert counts_of(ask(engine, ""), "tag") == {"\x00": 1, "🦡": 1}


# --- fields, order, pages -----------------------------------------------------------------------------------


def test_a_value_that_nothing_has_is_said_with_the_nearest_that_something_has(engine: SearchEngine) -> None:
    fill(
        engine,
        make_document("INS-1", facets={"tag": ("trust", "waiting times")}),
        make_document("INS-2", facets={"tag": ("trusted sources",)}, audience=frozenset({"study-1"})),
    )

    assert ask(engine, "tag:trsut").messages == ("No record that you may see has tag “trsut”. Did you mean tag:trust?",)
    assert ask(engine, 'tag:"waiting tims"').messages == (
        'No record that you may see has tag “waiting tims”. Did you mean tag:"waiting times"?',
    )
    assert ask(engine, "service:permits").messages == ("No record that you may see has service “permits”.",)


def test_a_tag_is_found_by_any_part_of_its_path(engine: SearchEngine) -> None:
    fill(engine, make_document(facets={"tag": ("barriers/Waiting times",)}))

    for text in ('tag:"waiting times"', "tag:barriers", 'tag:"barriers/waiting times"'):
        assert found(engine, text) == {"INS-1"}
    assert found(engine, "tag:waiting") == set()


@pytest.mark.parametrize("name", FACETS)
def test_every_field_can_be_asked_for(engine: SearchEngine, name: str) -> None:
    held = {"kind": "insight"}.get(name, "Some value")
    fill(engine, make_document("INS-1", facets={name: (held,)}), make_document("DEC-1", kind="decision"))

    assert found(engine, f'{name}:"{held.upper()}"') == {"INS-1"}
    assert found(engine, f'-{name}:"{held}"') == {"DEC-1"}


def test_the_strongest_come_first_and_what_has_no_strength_last(engine: SearchEngine) -> None:
    strengths = {"INS-1": "low", "INS-2": "very low", "INS-3": "high", "INS-4": "moderate"}
    fill(
        engine,
        make_document("HL-1", kind="highlight", body="permit permit"),
        *(make_document(key, body="permit", facets={"strength": (value,)}) for key, value in strengths.items()),
    )

    assert keys_of(ask(engine, "permit", sort="strength")) == ["INS-3", "INS-4", "INS-1", "INS-2", "HL-1"]


def test_a_page_goes_on_behind_the_hit_it_names_whatever_has_come_in_since(engine: SearchEngine) -> None:
    fill(engine, *(make_document(f"INS-{number}", date=date(2025, 1, number)) for number in range(1, 8)))
    first = ask(engine, "", sort="newest", limit=3)
    fill(engine, make_document("INS-9", date=date(2025, 2, 1)), sequence=2)

    second = ask(engine, "", sort="newest", limit=3, after=keys_of(first)[-1], offset=3)
    back = ask(engine, "", sort="newest", limit=3, before=keys_of(second)[0])

    assert keys_of(first) == ["INS-7", "INS-6", "INS-5"]
    assert (keys_of(second), second.offset) == (["INS-4", "INS-3", "INS-2"], 4)
    assert keys_of(back) == keys_of(first)


def test_a_page_behind_a_hit_that_has_gone_begins_where_it_would_have(engine: SearchEngine) -> None:
    fill(engine, *(make_document(f"INS-{number}", date=date(2025, 1, number)) for number in range(1, 8)))

    assert keys_of(ask(engine, "", sort="newest", limit=2, after="INS-99", offset=3)) == ["INS-4", "INS-3"]


# --- related records ----------------------------------------------------------------------------------------


def related(engine: SearchEngine, key: str, clearances: Iterable[str] = (), **values: Any) -> list[str]:
    return [hit.key for hit in engine.related(key, frozenset(clearances), **values)]


def fill_about_letters(engine: SearchEngine) -> None:
    fill(
        engine,
        make_document("INS-1", "Letters frighten people", body="The result letter came without a next step"),
        make_document("INS-2", "A letter needs a next step", body="Nobody reads beyond the result in the letter"),
        make_document("INS-3", "Car parks are full", body="There is no parking at the clinic"),
        make_document("INS-4", "Parking costs", body="The clinic charges for parking"),
        make_document("DEC-1", "Put the next step in the letter", kind="decision", audience=frozenset({"study-1"})),
    )


def test_records_with_the_same_telling_words_are_related_best_first(engine: SearchEngine) -> None:
    fill_about_letters(engine)

    assert related(engine, "INS-1") == ["INS-2"]
    assert related(engine, "INS-3") == ["INS-4"]
    assert set(related(engine, "INS-1", ["study-1"])) == {"INS-2", "DEC-1"}


def test_a_record_out_of_sight_is_neither_related_nor_has_it_relations(engine: SearchEngine) -> None:
    fill_about_letters(engine)

    assert "DEC-1" not in related(engine, "INS-2")
    assert related(engine, "DEC-1") == []
    assert related(engine, "INS-99", ["study-1"]) == []


def test_tags_in_common_relate_what_shares_few_words(engine: SearchEngine) -> None:
    fill(
        engine,
        make_document("INS-1", "Queues", facets={"tag": ("waiting", "trust")}),
        make_document("INS-2", "Delays", facets={"tag": ("waiting", "trust")}),
        make_document("INS-3", "Colours", facets={"tag": ("waiting",)}),
    )

    assert related(engine, "INS-1") == ["INS-2"]


def test_what_the_page_shows_already_is_left_out_of_what_is_related(engine: SearchEngine) -> None:
    fill_about_letters(engine)

    assert related(engine, "INS-1", ["study-1"], without=frozenset({"INS-2"})) == ["DEC-1"]
    assert len(related(engine, "INS-1", ["study-1"], limit=1)) == 1
