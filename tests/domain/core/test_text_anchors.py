import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.core.text import AnchorError, canonical_text, find_anchor, make_anchor, reanchor

WORDS = (
    "yes",
    "no",
    "café",
    "e\u0301",
    "😀",
    "👩‍👩‍👧",
    "日本語",
    "мир",
    "नमस्ते",
    "العربية",
    "the",
    ".",
    "!",
    "\n",
    "\n\n",
    "a",
)
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=60).map(lambda words: canonical_text(" ".join(words)))
edits = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 20), texts | st.just("")), max_size=4)

NOTE = (
    "# Session 4\n\nP4 books for the whole family. She rings the surgery because the letter comes late.\n\n"
    "She said: “I never know which code to use.” Then she gave up.\n\nP5 had no trouble at all.\n"
)


def edited(text: str, changes: list[tuple[int, int, str]]) -> str:
    for place, removed, inserted in changes:
        start = min(place, len(text))
        text = text[:start] + inserted + text[start + removed :]
    return canonical_text(text)


def anchor_of(text: str, words: str):  # noqa: ANN201 - its type is what make_anchor says
    start = text.index(words)
    return make_anchor(text, start, start + len(words))


@given(texts, edits, st.data())
@settings(deadline=None, max_examples=400)
def test_a_place_that_is_given_always_holds_the_words_that_are_promised(
    text: str, changes: list[tuple[int, int, str]], data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    if not text[start:end].strip():
        return
    anchor = make_anchor(text, start, end)
    new = edited(text, changes)

    for found in (reanchor(text, new, anchor), find_anchor(new, anchor)):
        if found is not None:
            assert new[found.start : found.end] == found.exact
            assert found.how == "approximate" or found.exact == anchor.exact
            assert (found.how == "unchanged") <= (found.start == anchor.start)


@given(st.integers(0, 199), st.integers(1, 12), st.integers(0, 200), st.integers(0, 9), st.integers(0, 9))
@settings(deadline=None, max_examples=300)
def test_an_edit_elsewhere_moves_the_passage_to_exactly_its_words(
    first: int, length: int, place: int, removed: int, inserted: int
) -> None:
    """Every word is another one, so it is known where the passage must be."""
    old_words = [f"w{number}{'.' if number % 9 == 8 else ''}" for number in range(200)]
    last = min(200, first + length)
    if first - removed < place < last:
        return
    new_words = old_words[:place] + [f"x{number}" for number in range(inserted)] + old_words[place + removed :]
    passage = " ".join(old_words[first:last])
    old, new = " ".join(old_words), " ".join(new_words)

    found = reanchor(old, new, anchor_of(old, passage))

    assert found is not None
    assert (found.start, found.exact) == (new.index(passage), passage)
    assert found.how in {"unchanged", "moved"}


@given(texts, st.data())
@settings(deadline=None)
def test_without_an_edit_every_passage_stays(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    if not text[start:].strip():
        return
    anchor = make_anchor(text, start, len(text))

    found = reanchor(text, text, anchor)

    assert found is not None
    assert (found.start, found.end, found.how) == (anchor.start, anchor.end, "unchanged")


def test_white_space_around_a_selection_is_not_part_of_the_passage() -> None:
    anchor = make_anchor("He said  yes \n and left.", 7, 14)

    assert (anchor.start, anchor.end, anchor.exact, anchor.prefix) == (9, 12, "yes", "He said  ")


@pytest.mark.parametrize(("start", "end"), [(3, 3), (2, 3), (-1, 2), (5, 2), (0, 99)])
def test_a_selection_of_nothing_or_outside_is_refused(start: int, end: int) -> None:
    with pytest.raises(AnchorError, match=r"outside the text|Nothing is selected"):
        make_anchor("He  said", start, end)


def test_words_put_in_before_move_the_passage() -> None:
    anchor = anchor_of(NOTE, "I never know which code to use.")
    new = NOTE.replace("# Session 4", "# Session 4, second reading")

    found = reanchor(NOTE, new, anchor)

    assert found is not None
    assert (found.how, new[found.start : found.end]) == ("moved", anchor.exact)


def test_a_paragraph_carried_elsewhere_is_found_by_its_surroundings_without_the_old_text() -> None:
    anchor = anchor_of(NOTE, "which code")
    paragraphs = NOTE.split("\n\n")
    new = "\n\n".join([paragraphs[0], paragraphs[2], paragraphs[1], paragraphs[3]])

    found = find_anchor(new, anchor)

    assert found is not None
    assert (found.exact, new.index("which code")) == ("which code", found.start)


def test_a_passage_whose_words_were_corrected_is_approximate_and_shows_the_new_words() -> None:
    anchor = anchor_of(NOTE, "She rings the surgery because the letter comes late.")
    new = NOTE.replace("rings the surgery because", "phones the surgery because")

    found = reanchor(NOTE, new, anchor)

    assert found is not None
    assert (found.how, found.exact) == ("approximate", "She phones the surgery because the letter comes late.")


def test_a_passage_that_was_deleted_is_gone_although_its_word_stands_elsewhere() -> None:
    anchor = anchor_of(NOTE, "code")
    new = (
        NOTE.replace("She said: “I never know which code to use.” Then she gave up.\n\n", "") + "\nA code of conduct.\n"
    )

    assert reanchor(NOTE, new, anchor) is None
    assert find_anchor(new, anchor) is None


def test_a_short_answer_is_not_found_again_inside_another_word() -> None:
    old = "Would you book online? no"
    new = "Would you book online? casino"

    assert reanchor(old, new, make_anchor(old, len(old) - 2, len(old))) is None


def test_one_of_many_equal_answers_is_followed_through_the_edit() -> None:
    old = "".join(f"Question {number}?\n\nYes.\n\n" for number in range(1, 40))
    second = old.index("Yes.", old.index("Question 20?"))
    new = old.replace("Question 3?", "Question three, asked again?").replace("Question 30?", "Question thirty?")

    found = reanchor(old, new, make_anchor(old, second, second + 4))

    assert found is not None
    assert found.start == new.index("Yes.", new.index("Question 20?"))


def test_two_places_that_fit_equally_are_never_chosen_between_in_silence() -> None:
    paragraph = (
        "Interviewer asked again whether she would book. She said yes to that. Then we went on to the next task.\n\n"
    )
    anchor = anchor_of(paragraph * 2, "She said yes to that.")
    new = "Introduction.\n\n" + paragraph * 2

    found = find_anchor(new, anchor)

    assert found is None or found.how == "approximate"


def test_a_text_of_one_endless_line_is_followed_too() -> None:
    old = " ".join(f"word{number}" for number in range(6_000))
    new = old.replace("word12 ", "").replace("word5990 ", "other ")
    anchor = anchor_of(old, "word3000 word3001")

    found = reanchor(old, new, anchor)

    assert found is not None
    assert (found.start, found.how) == (new.index("word3000 word3001"), "moved")


def test_a_huge_text_of_one_letter_gives_the_same_passage_back() -> None:
    text = "a" * 1_000_000
    anchor = make_anchor(text, 250_000, 750_000)

    found = find_anchor(text + "b", anchor)

    assert found is not None
    assert (found.start, found.end, found.how) == (250_000, 750_000, "unchanged")


def test_few_words_in_surroundings_that_fit_on_one_side_only_are_for_a_person_to_confirm() -> None:
    old = "Would she use the service again, if she had to book? Perhaps. It depends on the weather."
    new = "Note.\n\nWould she use the service again, if she had to book? Perhaps! But never on a Monday."

    found = find_anchor(new, anchor_of(old, "Perhaps"))

    assert found is not None
    assert (found.how, found.exact) == ("approximate", "Perhaps")
