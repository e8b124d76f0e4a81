"""Tables from surveys and spreadsheets: columns, every cell as text, and by name what does not fit."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from pathlib import Path

import pytest
from domain.exchange.documents.making import workbook_with
from xlsxwriter import Workbook

from insights.core.errors import InvalidInput
from insights.exchange.documents import ReadTable, read_document

DATA = Path(__file__).parents[4].parent / "shared" / "data"
needs_given = pytest.mark.skipif(not DATA.is_dir(), reason="the given data lie beside the checkout")


def table_of(content: bytes, name: str = "answers.csv") -> ReadTable:
    return read_document(name, content).tables[0]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_sign_between_cells_is_found(delimiter: str) -> None:
    rows = [["Who", "Said, as noted"], ["P1", "No; never"], ["P2", "Yes"]]
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows(rows)

    table = table_of(file.getvalue().encode())

    assert table == ReadTable("", ("Who", "Said, as noted"), (("P1", "No; never"), ("P2", "Yes")), 2)


def test_excels_own_word_for_the_sign_between_cells_counts() -> None:
    read = read_document("answers.csv", b"sep=;\r\nWho;Said\r\nP1;a,b,c\r\n")

    assert read.tables[0].rows == (("P1", "a,b,c"),)
    assert "Cells are parted by semicolons." in read.notes


def test_a_table_in_an_encoding_of_old_spreadsheets_is_read_with_its_accents() -> None:
    read = read_document("answers.csv", "Qui;Dit\nP1;café déjà vu\n".encode("cp1252"))

    assert read.tables[0].rows == (("P1", "café déjà vu"),)
    assert (read.encoding, read.encoding_guessed) == ("cp1252", True)


def test_without_a_header_no_row_is_taken_for_one() -> None:
    read = read_document("answers.csv", b"1,2024-05-01,yes\n2,2024-05-02,no\n")

    assert read.tables[0].columns == ("Column 1", "Column 2", "Column 3")
    assert (read.tables[0].first_row, len(read.tables[0].rows)) == (1, 2)
    assert "Row 1 looks like data" in read.notes[0]


def test_columns_without_a_name_or_named_twice_get_one_each() -> None:
    read = read_document("answers.csv", b"Who,,Said,Said\nP1,a,b,c\n")

    assert read.tables[0].columns == ("Who", "Column 2", "Said", "Said (2)")
    assert read.notes[0] == "Columns 2 and 4: without a name, or named like another; a name was made."


def test_cells_beyond_the_header_are_kept_and_their_rows_named() -> None:
    read = read_document("answers.csv", b"Who,Said\nP1,no\nP2,yes,and more\n")

    assert read.tables[0].rows[1] == ("P2", "yes", "and more")
    assert "Row 3: more cells than columns have names." in read.notes


def test_line_breaks_within_quotation_marks_belong_to_the_cell() -> None:
    assert table_of(b'Who,Said\r\nP1,"one\r\ntwo"\r\nP2,"a ""quote"""\r\n').rows == (
        ("P1", "one\ntwo"),
        ("P2", 'a "quote"'),
    )


def test_a_quotation_mark_that_never_closes_is_named_with_its_line() -> None:
    content = b'Who,Said\nP1,fine\n"P2","two\nlines"\nP3,"never closed\nP4,more\n'

    with pytest.raises(InvalidInput, match=r"^“a.csv”: A quotation mark that opens in the row of line 5 is"):
        read_document("a.csv", content)


def test_five_hundred_columns_are_read_and_those_beyond_are_named() -> None:
    wide = [",".join(f"Q{n}" for n in range(512)), ",".join(f"a{n}" for n in range(512))]

    read = read_document("wide.csv", "\n".join(wide).encode())

    assert len(read.tables[0].columns) == len(read.tables[0].rows[0]) == 500
    assert read.lost == ("Columns 501 to 512: at most 500 columns are read.",)


def test_rows_beyond_a_hundred_thousand_are_counted_as_left_out() -> None:
    content = b"n,word\n" + b"".join(b"%d,x\n" % number for number in range(100_005))

    read = read_document("long.csv", content)

    assert len(read.tables[0].rows) == 100_000
    assert read.lost == ("5 rows after the first 100,000: no more are read. Split the table.",)


def test_a_workbooks_cells_are_texts_as_people_read_them() -> None:
    moment = datetime(2024, 5, 1, 9, 30)  # noqa: DTZ001 - spreadsheets know no zones
    content = workbook_with(
        {
            "Answers": [
                ["Who", "When", "At", "Score", "Told"],
                ["P1", date(2024, 5, 1), moment, 3.0, True],
            ],
            "Empty": [],
            "Codes": [["Tag", "Count"], ["late", 7.5]],
        }
    )

    read = read_document("answers.xlsx", content)

    assert [(table.name, table.rows) for table in read.tables] == [
        ("Answers", (("P1", "2024-05-01", "2024-05-01 09:30:00", "3", "yes"),)),
        ("Codes", (("late", "7.5"),)),
    ]
    assert "Sheets without anything in them: “Empty”." in read.notes


def test_a_sheet_that_reaches_over_all_the_paper_there_is_gets_refused() -> None:
    file = io.BytesIO()
    with Workbook(file) as workbook:
        sheet = workbook.add_worksheet("Far")
        sheet.write(0, 0, "Who")
        sheet.write(1_048_575, 16_383, "P1")

    with pytest.raises(InvalidInput, match="reaches over 1,048,576 rows and 16,384 columns"):
        read_document("far.xlsx", file.getvalue())


def test_a_table_without_rows_is_refused() -> None:
    with pytest.raises(InvalidInput, match="a header but no rows below it"):
        read_document("answers.csv", b"Who,Said\n")


@needs_given
@pytest.mark.parametrize("path", sorted(DATA.glob("otel-end-user/**/*.csv")), ids=lambda path: path.stem)
def test_every_cell_of_a_given_survey_is_in_the_table(path: Path) -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [tuple(cell.replace("\r\n", "\n") for cell in row) for row in csv.reader(file)]

    table = table_of(path.read_bytes(), path.name)

    assert table.rows == tuple(rows[1:])
    assert [" ".join(name.split()) for name in rows[0]] == [*table.columns]


@needs_given
def test_a_given_workbook_of_empty_formatted_rows_holds_what_a_person_sees() -> None:
    path = next(DATA.glob("onrr-research/**/*.xlsx"))

    table = table_of(path.read_bytes(), path.name)

    assert table.columns[:3] == ("Participants", "Category", "Subcategory")
    assert (len(table.columns), len(table.rows)) == (8, 1)
    assert "\n\nP1: Details about what P1 did." in table.rows[0][3]
