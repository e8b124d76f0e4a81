"""A table of reports: what its cells may say, what is refused with which words, and what is stored."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from factories import make_member, make_team
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insights.capture.models import Method, SourceText, Study
from insights.capture.operations import create_study
from insights.core.activity import ActivityEntry
from insights.exchange.manifest import MOST_ROWS, Manifest, read_manifest
from insights.exchange.manifest_import import ManifestImport, import_manifest
from insights.exchange.tables import write_xlsx
from insights.people.models import Member
from insights.reports.table import Table

HEADER = "path,title,date,method,n,url,study\n"
FULL = "a.md,Results letters,2024-05-14,usability test,12,https://example.org/letters,Letters\n"
REPORT = "# People and their letters\n\n“I saw positive and stopped reading.”\n"


class Shelf:
    """Keeps files in memory."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}

    def keep(self, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        self.contents[digest] = content
        return digest


@pytest.fixture
def actor(session: Session) -> Member:
    return make_member(session)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two reports, one of them in a folder, inside a folder of their own."""
    root = tmp_path / "reports"
    (root / "older").mkdir(parents=True)
    (root / "a.md").write_text(REPORT, encoding="utf-8")
    (root / "older" / "b.txt").write_text("Date: 14 March 2023\n\nTwo nurses spoke of kits.\n", encoding="utf-8")
    return root


class Bring:
    def __init__(self, session: Session, actor: Member, shelf: Shelf, folder: Path) -> None:
        self.session, self.actor, self.shelf, self.folder = session, actor, shelf, folder

    def __call__(self, rows: str, *, header: str = HEADER, **how: Any) -> ManifestImport:
        return import_manifest(
            self.session,
            actor=self.actor,
            files=self.shelf,
            manifest=read_manifest((header + rows).encode()),
            root=self.folder,
            **how,
        )


@pytest.fixture
def bring(session: Session, actor: Member, shelf: Shelf, folder: Path) -> Bring:
    return Bring(session, actor, shelf, folder)


def told(manifest: Manifest) -> list[str]:
    return [str(error) for error in manifest.errors]


def stored(session: Session) -> int:
    return session.scalar(select(func.count(SourceText.id))) or 0


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["no mark", "byte order mark"])
@pytest.mark.parametrize("separator", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_a_manifest_is_read_however_a_spreadsheet_saved_it(mark: bytes, separator: str, line_end: str) -> None:
    text = (HEADER + FULL).replace(",", separator).replace("\n", line_end)

    manifest = read_manifest(mark + text.encode())

    (row,) = manifest.rows
    assert told(manifest) == []
    assert (row.line, row.path, row.title, row.study) == (2, "a.md", "Results letters", "Letters")
    assert (row.dated_on, row.date_precision, row.method) == (date(2024, 5, 14), "day", Method.MODERATED_USABILITY_TEST)
    assert (row.participant_count, row.url) == (12, "https://example.org/letters")


def test_headers_may_be_written_in_any_case_order_and_by_other_names() -> None:
    manifest = read_manifest(b"STUDY;File name;Number_of_participants;Link\nLetters;a.md;7;http://example.org\n")

    (row,) = manifest.rows
    assert (row.study, row.path, row.participant_count, row.url) == ("Letters", "a.md", 7, "http://example.org")


def test_the_line_that_excel_writes_for_itself_and_blank_lines_are_passed_over() -> None:
    manifest = read_manifest(b"sep=;\r\n\r\npath;study\r\n;\r\na.md;Letters\r\n")

    assert [(row.line, row.path) for row in manifest.rows] == [(5, "a.md")]
    assert told(manifest) == []


def test_columns_that_say_nothing_to_us_are_named_and_stop_nothing() -> None:
    manifest = read_manifest(b"path,colour,study,owner\na.md,red,Letters,Ada\n")

    assert manifest.unused == ("colour", "owner")
    assert len(manifest.rows) == 1


def test_a_text_in_quotation_marks_may_hold_the_separator_and_line_ends() -> None:
    manifest = read_manifest(b'path,title,study\na.md,"Letters, ""positive""\nand after",S\nb.md,,S\n')

    assert [(row.line, row.title) for row in manifest.rows] == [(2, 'Letters, "positive" and after'), (4, "")]


@pytest.mark.parametrize(
    ("written", "on", "precision"),
    [
        ("2025-08-14", date(2025, 8, 14), "day"),
        ("14.8.2025", date(2025, 8, 14), "day"),
        ("14 August 2025", date(2025, 8, 14), "day"),
        ("25/8/2025", date(2025, 8, 25), "day"),
        ("8/8/2025", date(2025, 8, 8), "day"),
        ("2025-08", date(2025, 8, 1), "month"),
        ("Fall 2020", date(2020, 9, 1), "season"),
        ("2019", date(2019, 1, 1), "year"),
        ("", None, "day"),
    ],
)
def test_a_date_is_read_with_its_precision(written: str, on: date | None, precision: str) -> None:
    (row,) = read_manifest(f"path,date\na.md,{written}\n".encode()).rows

    assert (row.dated_on, row.date_precision) == (on, precision)


@pytest.mark.parametrize(
    ("column", "written", "words"),
    [
        ("date", "3/4/2025", "“3/4/2025” may be two different days. Write it as 2025-03-14."),
        ("date", "2025-02-31", "“2025-02-31” is no date"),
        ("date", "31.2.2025", "is no date"),
        ("date", "soon", "“soon” is no date"),
        ("method", "telepathy", "“telepathy” is no method that we know. Write one of: interview,"),
        ("n", "a dozen", "as a whole number from 1 to 1,000,000"),
        ("n", "-3", "as a whole number"),
        ("n", "0", "as a whole number"),
        ("n", "99999999", "as a whole number"),
        ("url", "javascript:alert(1)", "begins with https://"),
        ("title", "x" * 501, "must be 500 characters or fewer"),
        ("study", "x" * 501, "must be 500 characters or fewer"),
    ],
)
def test_a_cell_that_cannot_be_taken_is_named_by_line_and_column(column: str, written: str, words: str) -> None:
    manifest = read_manifest(f"path,{column}\na.md,\nb.md,{written}\nc.md,\n".encode())

    (error,) = manifest.errors
    assert (error.line, error.column) == (3, column)
    assert words in error.what
    assert [row.path for row in manifest.rows] == ["a.md", "c.md"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "names no file"),
        ("../secret.md", "leads out of the manifest’s folder"),
        ("2024/../../secret.md", "leads out"),
        ("..\\secret.md", "leads out"),
        ("/etc/passwd", "leads out"),
        ("C:\\Users\\ada\\a.md", "leads out"),
        ("https://example.org/a.md", "addresses are not fetched"),
        ("a\x07.md", "No file can have this name"),
        ("x" * 1001, "No file can have this name"),
    ],
)
def test_a_path_stays_in_the_manifests_folder(path: str, words: str) -> None:
    manifest = read_manifest(f"path,study\n{path},Letters\n".encode())

    (error,) = manifest.errors
    assert (error.line, error.column) == (2, "path")
    assert words in error.what


def test_every_error_of_a_row_is_told_at_once() -> None:
    manifest = read_manifest(b"path,date,n\n../a.md,soon,many\n")

    assert sorted(error.column for error in manifest.errors) == ["date", "n", "path"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "line 1: The file is empty. Its first line names the columns: path,title,date"),
        (b" \n,,\n", "line 1: The file is empty"),
        (
            b"title,date\nLetters,2024\n",
            "line 1: There is no column “path” to name the files. The columns are: title, date",
        ),
        (b"path,file\na.md,b.md\n", "line 1: Two columns say the same: “file” is path again"),
        (b",".join([b"path"] * 500) + b"\n", "line 1: It has 500 columns"),
        (write_xlsx([Table("M", ("path",), (("a.md",),))]), "line 1: This is a ZIP archive or an Office document"),
        (b"\x00\x01\x02path" * 50, "line 1: This is not text"),
        ("path,study\na.md,\n".encode("utf-16"), "line 1: This is not UTF-8 but seems to be utf-16"),
        ("path,study\na.md,x\nb.md,Überblick\n".encode("cp1252"), "line 3: This is not UTF-8 but seems to be cp1252"),
        (b"path\n" + b"a.md\n" * 500_000, "line 1: The file is larger than 2 MB"),
        (b'"path,study\na.md,S\n', "line 1: A quotation mark is opened here and not closed"),
    ],
)
def test_what_is_no_manifest_is_refused_in_one_line(content: bytes, words: str) -> None:
    manifest = read_manifest(content)

    assert manifest.rows == ()
    (error,) = told(manifest)
    assert error.startswith(words)


def test_an_unclosed_quotation_mark_is_found_where_it_was_opened() -> None:
    manifest = read_manifest(b'path,title\na.md,A\nb.md,"B\nc.md,C\n')

    assert [row.path for row in manifest.rows] == ["a.md"]
    assert told(manifest) == [
        "line 3: A quotation mark is opened here and not closed, so nothing was read from this line on. Close it."
    ]


def test_an_unclosed_quotation_mark_above_a_long_table_is_found_too() -> None:
    manifest = read_manifest(b'path,title\nb.md,"B\n' + b"c.md,C\n" * 50_000)

    assert manifest.rows == ()
    assert [(error.line, error.column) for error in manifest.errors] == [(2, "")]


def test_a_stray_quotation_mark_costs_its_row_only() -> None:
    manifest = read_manifest(b'path,title\na.md,"A" and more\nb.md,B\n')

    assert [row.path for row in manifest.rows] == ["b.md"]
    assert [(error.line, error.what[:50]) for error in manifest.errors] == [
        (2, "A quotation mark stands inside a text. Write it tw")
    ]


def test_a_row_with_more_cells_than_the_header_is_not_guessed_at() -> None:
    manifest = read_manifest(b"path,title\na.md,Letters, round 2\nb.md,Kits\n")

    assert [row.path for row in manifest.rows] == ["b.md"]
    assert told(manifest) == [
        "line 2: It has 3 cells and the header 2. Put quotation marks around a text that holds the separator."
    ]


def test_a_manifest_with_too_many_rows_says_where_reading_ended() -> None:
    manifest = read_manifest(b"path\n" + b"a.md\n" * (MOST_ROWS + 5))

    assert len(manifest.rows) == MOST_ROWS
    assert [error.line for error in manifest.errors] == [MOST_ROWS + 2]


@settings(deadline=None)
@given(
    st.binary(max_size=400)
    | st.text(max_size=400).map(lambda text: ("path,title,n\n" + text).encode("utf-8", "replace"))
)
def test_nothing_that_a_file_holds_makes_reading_fail(content: bytes) -> None:
    manifest = read_manifest(content)

    assert all(error.what and error.line >= 1 for error in manifest.errors)
    assert all(row.path for row in manifest.rows)


def test_each_row_becomes_a_citable_source_with_what_the_row_says(bring: Bring, session: Session, shelf: Shelf) -> None:
    found = bring(FULL + "older/b.txt,,,,,,Kits\n")

    first, second = session.scalars(select(SourceText).order_by(SourceText.id))
    assert (first.title, first.url, first.dated_on) == (
        "Results letters",
        "https://example.org/letters",
        date(2024, 5, 14),
    )
    assert (first.method, first.participant_count, first.original_name) == (Method.MODERATED_USABILITY_TEST, 12, "a.md")
    assert first.sha256 in shelf.contents
    assert (second.dated_on, second.method, second.participant_count) == (date(2023, 3, 14), None, None)
    assert [(study.title, study.legacy) for study in session.scalars(select(Study).order_by(Study.id))] == [
        ("Letters", True),
        ("Kits", True),
    ]
    assert found.headline == "2 imported into 2 studies, 0 known already, 0 rows with errors"
    assert found.lines[0] == f"line 2, a.md: read as {first.ref} “Results letters” in STU-1"
    assert found.lines[1].split(" | ") == [
        f"line 3, older/b.txt: read as {second.ref} “{second.title}” in STU-2",
        f"title from the file: {second.title}",
        "date from the file: 2023-03-14 (day)",
    ]


def test_the_study_may_be_named_by_reference_or_once_for_all(bring: Bring, session: Session, actor: Member) -> None:
    study = create_study(session, actor=actor, title="Letters")

    found = bring(f"a.md,{study.ref}\nolder/b.txt,\n", header="path,study\n", study_name="Letters")

    assert [one.study for one in found.taken] == [study.ref, study.ref]
    assert session.scalar(select(func.count(Study.id))) == 1


def test_without_a_study_a_row_is_told_so(bring: Bring) -> None:
    found = bring("a.md\n", header="path\n")

    assert [str(error) for error in found.errors] == [
        "line 2, column study: The row names no study. Fill in the cell, or name one for all with --study."
    ]


def test_a_bad_row_stops_no_other(bring: Bring, session: Session) -> None:
    found = bring("gone.md,,,,,,S\nolder,,,,,,S\na.md,,,,,,S\nolder/b.txt,,soon,,,,S\n")

    assert [one.row.path for one in found.taken] == ["a.md"]
    assert [str(error) for error in found.errors] == [
        "line 5, column date: “soon” is no date. Write it as 2025-03-14, or as 2025-03 or 2025 if that is all.",
        "line 2: There is no file “gone.md” in the manifest’s folder. Write its path from there.",
        "line 3, column path: “older” is not a file. Name each report in a row of its own.",
    ]
    assert [line.split(",")[0].split(":")[0] for line in found.lines] == ["line 2", "line 3", "line 4", "line 5"]
    assert stored(session) == 1


def test_a_strict_import_stores_all_rows_or_none(bring: Bring, session: Session, shelf: Shelf) -> None:
    refused = bring("a.md,,,,,,S\ngone.md,,,,,,S\n", strict=True)

    assert (stored(session), shelf.contents, refused.is_stored) == (0, {}, False)
    assert session.scalar(select(func.count(Study.id))) == 0
    assert bring("a.md,,,,,,S\n", strict=True).is_stored
    assert stored(session) == 1


def test_a_trial_tells_the_same_and_stores_nothing(bring: Bring, session: Session, shelf: Shelf) -> None:
    before = session.scalar(select(func.count(ActivityEntry.id)))

    found = bring(FULL + "gone.md,,,,,,S\na.md,,,,,,Letters\n", dry_run=True)

    assert (stored(session), shelf.contents) == (0, {})
    assert session.scalar(select(func.count(ActivityEntry.id))) == before
    assert found.lines == (
        "line 2, a.md: would be read as “Results letters” in a new study “Letters”",
        "line 3: There is no file “gone.md” in the manifest’s folder. Write its path from there.",
        "line 4, a.md: known already as an earlier row",
    )
    assert (
        found.headline == "1 would be imported into 1 studies, 1 known already, 1 rows with errors; nothing was stored"
    )


def test_the_same_file_twice_is_recognised(bring: Bring, session: Session) -> None:
    bring(FULL)
    source = session.scalars(select(SourceText)).one()

    again = bring(FULL + "./a.md,,,,,,Letters\n")

    assert [one.ref for one in again.known] == [source.ref, source.ref]
    assert again.headline == "0 imported into 0 studies, 2 known already, 0 rows with errors"
    assert stored(session) == 1


def test_a_link_out_of_the_folder_is_not_followed(bring: Bring, folder: Path, session: Session) -> None:
    (folder.parent / "secret.md").write_text("# Secret\n\nNot yours.\n", encoding="utf-8")
    (folder / "c.md").symlink_to(folder.parent / "secret.md")

    found = bring("c.md,,,,,,S\n")

    assert "link that leads out of the manifest’s folder" in str(found.errors[0])
    assert stored(session) == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "There is nothing in it"),
        (b"%PDF-1.7 ...", "This is a PDF, not text"),
        (b"\x00\x01" * 400, "There are no words in it"),
        (b"---\ntitle: x\n---\n\n", "There are no words in it"),
        (b"word " * 400_001, "It is larger than 2 MB"),
    ],
)
def test_a_file_that_is_no_report_is_told_in_its_row(
    bring: Bring, folder: Path, session: Session, content: bytes, words: str
) -> None:
    (folder / "c.md").write_bytes(content)

    found = bring("c.md,,,,,,S\n")

    (error,) = found.errors
    assert (error.line, error.column) == (2, "path")
    assert words in error.what
    assert session.scalar(select(func.count(Study.id))) == 0, "a row that fails leaves not even its study behind"


def test_a_study_of_another_area_is_not_added_to(bring: Bring, session: Session) -> None:
    other = make_member(session, team=make_team(session, name="Vaccines"))
    create_study(session, actor=other, title="Letters")

    found = bring(FULL)

    assert "belongs to Vaccines" in str(found.errors[0])
    assert stored(session) == 0


def test_progress_is_told_row_by_row(session: Session, actor: Member, shelf: Shelf, folder: Path) -> None:
    told_to: list[tuple[int, int]] = []
    manifest = read_manifest(b"path,study\na.md,S\ngone.md,S\n")

    import_manifest(
        session,
        actor=actor,
        files=shelf,
        manifest=manifest,
        root=folder,
        progress=lambda done, total: told_to.append((done, total)),
    )

    assert told_to == [(1, 2), (2, 2)]
