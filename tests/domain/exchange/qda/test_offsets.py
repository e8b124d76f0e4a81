"""Places that other programs count, found again in the canonical text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.core.text import canonical_text
from insights.exchange.qda.offsets import Translation, Unit

TEXTS = st.text(
    alphabet=st.one_of(
        st.sampled_from(
            "ab \n\r\ufeffe\u0301\u0323o\u0308한ㄱ\u1100\u1161\u11a8\u09c7\u09be👩\u200d💻🏽é\u212b\x00\x0b"
        ),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=60,
)


@settings(deadline=None)
@given(TEXTS)
def test_the_pieces_make_up_the_canonical_text_whatever_the_script(raw: str) -> None:
    translation = Translation(raw)

    assert translation.text == canonical_text(raw)
    assert translation.place(0, len(raw)) == (0, len(translation.text))


@settings(deadline=None)
@given(TEXTS, st.data())
def test_a_passage_keeps_its_words(raw: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, len(raw)))
    found = Translation(raw).place(start, end)

    assert found is not None
    words = Translation(raw).text[found[0] : found[1]]
    # A cut within a letter takes the letter in, so what was asked for is never less than what was chosen.
    assert len(words) >= len(canonical_text("x" + raw[start:end])) - 1 or "\r" in raw or "\ufeff" in raw


@settings(deadline=None)
@given(TEXTS, st.data())
def test_places_never_run_backwards(raw: str, data: st.DataObject) -> None:
    one, two, three = sorted(data.draw(st.lists(st.integers(0, len(raw)), min_size=3, max_size=3)))
    translation = Translation(raw)
    first, last = translation.place(one, two), translation.place(one, three)

    assert first is not None
    assert last is not None
    assert first[0] == last[0]
    assert first[1] <= last[1]


@settings(deadline=None)
@given(st.text(alphabet="a\n👩🏽é中", max_size=40), st.data())
def test_every_unit_leads_to_the_same_words(raw: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, len(raw)))
    before, words = raw[:start], raw[start:end]
    counted = {
        Unit.CODE_POINTS: (len(before), len(words)),
        Unit.UTF_16: (_units(before), _units(words)),
        Unit.BYTES: (len(before.encode()), len(words.encode())),
        Unit.CODE_POINTS_CRLF: (len(before.replace("\n", "\r\n")), len(words.replace("\n", "\r\n"))),
        Unit.UTF_16_CRLF: (_units(before.replace("\n", "\r\n")), _units(words.replace("\n", "\r\n"))),
    }

    for unit, (at, length) in counted.items():
        assert Translation(raw).place(at, at + length, unit) == (start, end), unit


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def test_line_ends_of_the_file_may_be_counted_as_one_or_as_two() -> None:
    translation = Translation("one\r\ntwo\r\nthree")

    assert translation.text == "one\ntwo\nthree"
    assert translation.place(10, 15) == (8, 13)
    assert translation.place(8, 13, Unit.CODE_POINTS_LF) == (8, 13)


def test_an_emoji_is_one_code_point_and_two_units() -> None:
    translation = Translation("👍🏽 good")

    assert translation.place(3, 7) == (3, 7)
    assert translation.place(5, 9, Unit.UTF_16) == (3, 7)


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (0, 6), (3, 1), (7, 9)])
def test_a_place_outside_the_text_is_no_place(start: int, end: int) -> None:
    assert Translation("hello").place(start, end) is None
