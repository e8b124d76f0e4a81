from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa

from insights.coding.rounds.agreement import Agreement, agreement_by_character, agreement_on, merged

LENGTH = 60
spans = st.lists(
    st.tuples(st.integers(0, LENGTH), st.integers(0, LENGTH)).map(lambda pair: (min(pair), max(pair))), max_size=8
)


@pytest.mark.parametrize(
    ("table", "observed", "kappa"),
    [
        # Sim and Wright, The kappa statistic in reliability studies, Physical Therapy 85 (2005), table 1.
        (Agreement(22, 2, 4, 11), 0.8462, 0.67),
        # Viera and Garrett, Understanding interobserver agreement, Family Medicine 37 (2005), table 1.
        (Agreement(15, 5, 10, 70), 0.85, 0.57),
        # The two grant reviewers of the usual textbook example: 50 proposals, 20 and 15 of them agreed on.
        (Agreement(20, 5, 10, 15), 0.7, 0.4),
        # The same observed agreement of 0.6 with other habits: 45, 15, 25, 15 and 25, 35, 5, 35.
        (Agreement(45, 15, 25, 15), 0.6, 0.1304),
        (Agreement(25, 35, 5, 35), 0.6, 0.2593),
    ],
)
def test_published_worked_examples_come_out_as_printed(table: Agreement, observed: float, kappa: float) -> None:
    assert table.observed == pytest.approx(observed, abs=0.0005)
    assert table.kappa == pytest.approx(kappa, abs=0.005)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_kappa_equals_that_of_an_independent_library(both: int, one: int, other: int, neither: int) -> None:
    table = Agreement(both, one, other, neither)
    kappa = table.kappa

    if kappa is not None:
        theirs = cohens_kappa([[both, one], [other, neither]], return_results=False)
        assert kappa == pytest.approx(theirs, abs=1e-12)
    else:
        assert not both + one + other or not neither + one + other


@given(spans, spans)
def test_characters_are_counted_as_one_by_one(first: list[tuple[int, int]], second: list[tuple[int, int]]) -> None:
    ones = {place for start, end in first for place in range(start, end)}
    others = {place for start, end in second for place in range(start, end)}

    table = agreement_by_character(LENGTH, first, second)

    assert (table.both, table.only_first, table.only_second) == (
        len(ones & others),
        len(ones - others),
        len(others - ones),
    )
    assert table.units == LENGTH


@given(spans, spans)
def test_a_paragraph_counts_as_coded_where_a_coding_touches_it(
    first: list[tuple[int, int]], second: list[tuple[int, int]]
) -> None:
    paragraphs = [(0, 10), (12, 13), (13, 40), (45, LENGTH)]

    def coded(codings: list[tuple[int, int]]) -> set[int]:
        return {
            number
            for number, (start, end) in enumerate(paragraphs)
            if any(begin < end and finish > start and begin < finish for begin, finish in codings)
        }

    table = agreement_on(paragraphs, first, second)

    assert table.both == len(coded(first) & coded(second))
    assert table.neither == len(paragraphs) - len(coded(first) | coded(second))


@given(spans)
def test_a_coder_agrees_with_themselves(codings: list[tuple[int, int]]) -> None:
    table = agreement_by_character(LENGTH, codings, codings)

    assert table.observed == 1
    assert table.kappa in {None, 1}


def test_where_nobody_gave_the_tag_there_is_nothing_to_agree_on() -> None:
    assert agreement_by_character(LENGTH, [], []).kappa is None
    assert agreement_on([], [], []).observed is None


def test_texts_add_up_by_their_units() -> None:
    assert (Agreement(1, 2, 3, 4) + Agreement(10, 20, 30, 40)).observed == pytest.approx(55 / 110)


def test_adjoining_codings_are_one_stretch() -> None:
    assert merged([(5, 9), (0, 5), (20, 15), (8, 12)], 11) == [(0, 11)]
