"""A table of readings is understood whole, or every wrong row is named by its line."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.core.errors import InvalidInput
from insights.decisions.outcomes import TypedReading, read_table

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    "text",
    [
        "date,value,note\n2026-10-01,27.5,new letter\n",
        "\ufeffDate;Value;Note\r\n1.10.2026;27,5;new letter\r\n",
        "note\tday\tfigure\n\nnew letter\t1/10/2026\t27.5\n\n",
    ],
)
def test_tables_as_spreadsheets_write_them_say_the_same(text: str) -> None:
    assert read_table(text, today=TODAY).rows == (TypedReading(date(2026, 10, 1), 27.5, "new letter"),)


def test_every_wrong_row_is_named_by_its_line_and_nothing_may_be_stored() -> None:
    read = read_table(
        'date,value\n2026-10-01,12\n2026-13-01,12\n2026-10-02,many\n\n2027-01-01,3\n1850-01-01,3\n,4\n2026-10-03,"1,250"\n',
        today=TODAY,
    )

    assert [error.line for error in read.errors] == [3, 4, 6, 7, 8, 9]
    said = " ".join(error.message for error in read.errors)
    assert "no day" in said
    assert "no number" in said
    assert "in the future" in said
    assert "before 1900" in said
    assert "missing" in said
    assert "thousands or a fraction" in said
    assert not read.may_be_stored


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("when,how much\n2026-10-01,3", "no column date and no column value"),
        ("date,value\n", "no row"),
        ("date,value\n" + "2026-10-01,1\n" * 5_001, "5,001 rows"),
        ("x" * 1_000_001, "characters"),
        ('date,value\n"2026-10-01,3', "cannot be read"),
    ],
)
def test_what_is_no_table_of_readings_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        read_table(text, today=TODAY)


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text: str) -> None:
    with suppress(InvalidInput):
        read = read_table(text, today=TODAY)
        assert read.rows or read.errors
