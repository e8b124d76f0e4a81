from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.worksheet import Worksheet

from insights.core.errors import InvalidInput
from insights.exchange.tables import (
    CUT_NOTE,
    LONGEST_CELL,
    Value,
    defuse,
    legal_text,
    read_csv_back,
    sheet_names,
    undo_defuse,
    write_csv,
    write_xlsx,
)

NAUGHTY = Path(__file__).parents[3].parent / "shared/data/hostile-text/naughty-strings/blns.json"
CHARGED = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\tx",
    "\rx",
    "\nx",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "﹢1",
    "  =1",
    "\u200b=1",
    "\xa0@x",
]
HARMLESS = ["", "plain", "5 people", "'quoted'", "a=b", "1-2", "“=”", "…", "’tis", "#REF!"]
TEXTS = st.text() | st.sampled_from(CHARGED).flatmap(lambda start: st.text().map(lambda rest: start + rest))


@dataclass(frozen=True)
class Given:
    rows: tuple[tuple[Value, ...], ...]
    columns: tuple[str, ...] = ("Reference", "Text")
    name: str = "Insights"


@pytest.mark.parametrize("text", CHARGED)
def test_a_text_that_begins_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert defuse(text) == "'" + text


@pytest.mark.parametrize("text", HARMLESS)
def test_any_other_text_stays_as_it_is(text: str) -> None:
    assert defuse(text) == text


@settings(deadline=None)
@given(TEXTS)
def test_defusing_can_be_undone_for_every_text(text: str) -> None:
    assert undo_defuse(defuse(text)) == text


@settings(deadline=None)
@given(TEXTS)
def test_a_defused_text_never_begins_with_a_sign_of_a_formula(text: str) -> None:
    assert defuse(text).lstrip(" \xa0\u200b\ufeff")[:1] not in set("=+-@\t\r\n＝＋－＠﹢﹣﹦﹫")


def test_a_text_that_had_its_own_apostrophe_keeps_it() -> None:
    content = read_csv_back(write_csv(Given((("'=1", "''=1"), ("'tis", "'")))))

    assert content.rows == (("'=1", "''=1"), ("'tis", "'"))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=8))
def test_what_is_written_as_csv_is_read_back(rows: list[tuple[str, str]]) -> None:
    content = read_csv_back(write_csv(Given(tuple(rows))))

    assert content.columns == ("Reference", "Text")
    assert content.rows == tuple((legal_text(first), legal_text(second)) for first, second in rows)


def test_csv_carries_a_byte_order_mark_and_quotes_its_texts() -> None:
    data = write_csv(Given((("INS-1", "One; two"), ("INS-2", 'She said "no"'))))

    assert data.startswith(b"\xef\xbb\xbf")
    assert data.decode("utf-8-sig").splitlines() == [
        '"Reference","Text"',
        '"INS-1","One; two"',
        '"INS-2","She said ""no"""',
    ]


def test_csv_writes_numbers_bare_and_days_moments_yes_and_nothing_in_words() -> None:
    moment = datetime(2026, 3, 1, 1, 30, tzinfo=timezone(timedelta(hours=2)))

    content = read_csv_back(write_csv(Given(((3, 0.25), (date(1066, 10, 14), moment), (True, None)))))

    assert content.rows == (("3", "0.25"), ("1066-10-14", "2026-02-28 23:30:00"), ("yes", ""))


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b'"open'])
def test_what_is_no_csv_is_refused_with_a_hint(data: bytes) -> None:
    with pytest.raises(InvalidInput, match="not a CSV file"):
        read_csv_back(data)


def test_an_empty_file_reads_as_no_columns() -> None:
    assert read_csv_back(b"").columns == ()


def test_the_sheet_has_a_bold_frozen_header_with_filters_and_days_as_days() -> None:
    sheet = _sheet(
        Given((("INS-1", date(2026, 3, 1)), ("INS-2", datetime(2026, 3, 1, 9, 5, tzinfo=UTC)), ("INS-3", 12.5)))
    )

    assert sheet["A1"].font.b
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:B4")
    assert [sheet[place].value for place in ("B2", "B3", "B4")] == [
        datetime(2026, 3, 1),  # noqa: DTZ001 - openpyxl reads without a zone
        datetime(2026, 3, 1, 9, 5),  # noqa: DTZ001 - openpyxl reads without a zone
        12.5,
    ]


@pytest.mark.parametrize(
    "text", ["=1+1", "https://example.org", "mailto:a@example.org", "{=SUM(A1)}", "007", "external:x.xlsx"]
)
def test_a_text_never_becomes_a_formula_a_link_or_a_number(text: str) -> None:
    sheet = _sheet(Given((("INS-1", text),)))

    cell = sheet["B2"]
    assert (cell.data_type, cell.hyperlink) == ("s", None)
    assert undo_defuse(str(cell.value)) == text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (float("nan"), "nan"),
        (float("-inf"), "'-inf"),
        (2**60, str(2**60)),
        (date(1066, 10, 14), "1066-10-14"),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5))), "0001-01-01 00:00:00"),
        (True, "yes"),
        (False, "no"),
    ],
)
def test_what_a_spreadsheet_cannot_hold_exactly_is_written_as_text(value: Value, shown: str) -> None:
    assert _sheet(Given((("INS-1", value),)))["B2"].value == shown


def test_a_text_too_long_for_a_cell_is_cut_with_a_note_and_whole_in_csv() -> None:
    table = Given((("INS-1", "𝔸" * 40_000),))

    shown = str(_sheet(table)["B2"].value)

    assert shown.endswith(CUT_NOTE)
    assert len(shown.encode("utf-16-le")) // 2 <= LONGEST_CELL
    assert read_csv_back(write_csv(table)).rows[0][1] == "𝔸" * 40_000


def test_a_text_that_just_fits_is_whole() -> None:
    assert _sheet(Given((("INS-1", "a" * LONGEST_CELL),)))["B2"].value == "a" * LONGEST_CELL


def test_a_table_too_wide_for_a_sheet_is_refused_with_a_way_out() -> None:
    with pytest.raises(InvalidInput, match="CSV"):
        write_xlsx([Given((), columns=tuple(f"DEC-{number}" for number in range(16_385)))])


def test_no_tables_and_an_empty_table_open_all_the_same() -> None:
    assert _book([]).sheetnames == ["Empty"]
    assert _book([Given((), columns=())]).sheetnames == ["Insights"]


def test_sheet_names_are_made_legal_short_and_different() -> None:
    names = sheet_names(["Rows [all]: a/b\\c?*", "x" * 40, "X" * 40, "", "'''", "History", "𝔸" * 40, "a\x00b"])

    assert names == ["Rows all a b c", "x" * 31, "X" * 27 + " (2)", "Sheet", "Sheet (2)", "History (2)", "𝔸" * 15, "ab"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(), min_size=1, max_size=5))
def test_a_workbook_opens_whatever_its_tables_are_called(names: list[str]) -> None:
    book = _book([Given((), name=name) for name in names])

    assert book.sheetnames == sheet_names(names)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=5))
def test_what_is_written_as_xlsx_is_read_back(rows: list[tuple[str, str]]) -> None:
    sheet = _sheet(Given((*rows, ("last", "row"))))

    shown = [tuple(_read(cell.value) for cell in row) for row in sheet.iter_rows(min_row=2)]
    assert shown == [*((_as_cell(first), _as_cell(second)) for first, second in rows), ("last", "row")]


def test_a_large_table_is_written_in_rows_and_says_the_same() -> None:
    texts = ("=1", "_x0041_", "a\nb", "  x ")
    rows = tuple(texts * 100 for _ in range(501))

    sheet = _sheet(Given(rows, columns=tuple(f"Column {number}" for number in range(400))))

    assert {tuple(_read(value) for value in row) for row in sheet.iter_rows(min_row=2, values_only=True)} == {rows[0]}
    assert sheet.max_row == 502


@pytest.mark.skipif(not NAUGHTY.exists(), reason="The naughty strings are not beside this checkout.")
def test_the_naughty_strings_come_back_from_both_formats() -> None:
    strings: list[str] = json.loads(NAUGHTY.read_text(encoding="utf-8"))
    table = Given(tuple((text, text) for text in strings))

    from_csv = read_csv_back(write_csv(table)).rows
    sheet = _sheet(table)

    assert [row[0] for row in from_csv] == [legal_text(text) for text in strings]
    assert [_read(cell.value) for cell in sheet["A"][1:]] == [_as_cell(text) for text in strings]
    assert not any(cell.data_type == "f" or cell.hyperlink for row in sheet.iter_rows() for cell in row)


def test_control_characters_are_left_out_and_half_characters_marked() -> None:
    assert legal_text("a\x00b\x0bc\uffffd\ud800e\tf\ng") == "abcd\ufffde\tf\ng"


def _sheet(table: Given) -> Worksheet:
    sheet = _book([table]).active
    assert isinstance(sheet, Worksheet)
    return sheet


def _book(tables: list[Given]) -> Workbook:
    data = write_xlsx(tables)
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None
    return load_workbook(io.BytesIO(data))


def _read(value: object) -> str:
    # OOXML writes _x0041_ as _x005F_x0041_; spreadsheets take that back, openpyxl leaves it to the reader.
    return "" if value is None else undo_defuse(unescape(str(value)))


def _as_cell(text: str) -> str:
    return legal_text(text).replace("\r\n", "\n").replace("\r", "\n")
