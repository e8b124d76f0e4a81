from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from search.making import marked

from search_index.engines.analysis import stems, surface_words
from search_index.engines.snippets import SNIPPET_CHARACTERS, Marker, mark, snippet
from search_index.query import parse_query

FILLER = "Nothing of note happened on the way there and back again. " * 20


def cut(query: str, *texts: str) -> str:
    return marked(snippet(texts, Marker(parse_query(query))))


def test_a_short_text_is_shown_whole() -> None:
    assert cut("permit", "A permit.") == "A [permit]."


def test_every_form_of_a_word_is_marked() -> None:
    assert cut("renew", "Renewing, renewed, RENEWS; renewal") == "[Renewing], [renewed], [RENEWS]; [renewal]"


def test_words_by_their_beginning_are_marked() -> None:
    assert cut("par*", "parks and parking, spare") == "[parks] and [parking], spare"


def test_a_long_text_is_cut_around_the_words_at_word_boundaries() -> None:
    text = cut("permit", FILLER + "She could not renew her permit. " + FILLER)

    assert "could not renew her [permit]." in text
    assert text.startswith("… ")
    assert text.endswith(" …")
    assert len(text) < SNIPPET_CHARACTERS + 60


def test_the_place_with_most_of_the_query_is_shown() -> None:
    text = cut("permit office queue", f"A permit. {FILLER} The queue at the permit office. {FILLER} A queue.")

    assert "The [queue] at the [permit] [office]." in text


def test_the_text_with_most_of_the_query_is_shown() -> None:
    assert cut("permit queue", "A permit.", "The queue for a permit.") == "The [queue] for a [permit]."


def test_without_a_word_to_mark_the_text_begins_at_its_beginning() -> None:
    assert cut("tag:cost", "", "  First words.") == "First words."
    assert cut("elsewhere", FILLER).startswith("Nothing of note")
    assert cut("", "", "") == ""


def test_words_left_out_are_not_marked() -> None:
    assert cut("permit -parking", "parking permit") == "parking [permit]"


def test_a_text_without_spaces_is_cut_too() -> None:
    assert 200 < len(cut("x", "y" * 10_000)) < 300


@given(st.text(max_size=300), st.sampled_from(["permit", "a", "per*", '"a b"', ""]))
def test_a_marked_title_is_still_the_title(text: str, query: str) -> None:
    assert "".join(part.text for part in mark(text, Marker(parse_query(query)))) == text


@given(st.text(alphabet=st.sampled_from("ab \n\t.é\u0301日"), max_size=800))
def test_a_snippet_is_a_piece_of_the_text(text: str) -> None:
    parts = snippet([text], Marker(parse_query("a")))

    shown = "".join(part.text for part in parts if part.text not in {"… ", " …"})
    assert shown in text


@given(
    st.text(alphabet=st.sampled_from("abcABéÉ 3.5,’'s_-ßﬁ日本\n"), max_size=60),
    st.sampled_from(["a", "abc", "3.5", "35", "é", "s", "a's", "日", "fi", "aab*", "cca*", "ss"]),
)
def test_exactly_the_words_that_the_index_knows_are_marked(text: str, query: str) -> None:
    marker = Marker(parse_query(query))
    wanted = set(stems(query.rstrip("*")))
    beginning = query[:-1] if query.endswith("*") else None

    known = [
        text[word.start : word.end]
        for word in surface_words(text)
        if word.stem
        and (word.stem in wanted if beginning is None else (word.folded + " " + word.stem).find(beginning) == 0)
    ]

    assert [text[hit.start : hit.end] for hit in marker.hits(text)] == known
