import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.core.text import canonical_text
from insights.exchange.research_files import (
    NotResearch,
    ReadingNote,
    ResearchDocument,
    UnreadableFile,
    read_date,
    read_research_file,
)

SHARED = Path(__file__).parents[4].parent / "shared" / "data"


def read(text: str, name: str = "study/notes.md") -> ResearchDocument:
    document = read_research_file(name, text.encode("utf-8"))
    assert isinstance(document, ResearchDocument)
    return document


def noted(document: ResearchDocument) -> str:
    return "\n".join(f"{note.level}: {note.what}" for note in document.notes)


@given(
    st.binary(max_size=300)
    | st.text(max_size=200).map(lambda text: f"---\n{text}\n---\n{text}".encode(errors="ignore"))
)
@settings(deadline=None)
def test_any_file_gives_a_document_or_a_reason(data: bytes) -> None:
    result = read_research_file("study/a.md", data)

    if isinstance(result, ResearchDocument):
        assert result.text == canonical_text(result.text)
        assert json.dumps(result.front_matter)
        assert result.title
    else:
        assert result.reason


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data sets are not beside the checkout")
def test_naughty_strings_survive_as_titles_bodies_and_names() -> None:
    strings = json.loads((SHARED / "hostile-text" / "naughty-strings" / "blns.json").read_text("utf-8"))

    for string in strings:
        front = json.dumps({"title": string, "date": string, "author": string, "tags": [string]}, ensure_ascii=False)
        text = f"---\n{front}\n---\n# Heading\n\nWords: {string}\n"
        document = read(text, f"study/{string}.md")
        assert canonical_text(f"Words: {string}\n").strip() in document.text


def test_the_bytes_name_the_file_whatever_it_is_called() -> None:
    left, right = read("# A\n\nwords", "x/a.md"), read("# A\n\nwords", "y/b.md")

    assert left.sha256 == right.sha256
    assert left.sha256 != read("# A\n\nother words").sha256


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.7", "a PDF"),
        (b"\x00\x01\x02\x00", "NUL"),
        (b"a" * 2_000_001, "larger than 2 MB"),
        (b"\xfe\xff\x00a\x00", "damaged"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_reason(data: bytes, reason: str) -> None:
    result = read_research_file("study/a.md", data)

    assert isinstance(result, UnreadableFile)
    assert reason in result.reason


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("study/a.md", "", "it has no text"),
        ("study/a.md", " \n\t\n", "it has no text"),
        ("study/a.md", "---\ntitle: A\n---\n", "it has no text below its front matter"),
        ("study/a.md", "# Only\n\n## Headings\n", "headings only"),
        ("study/a.md", "# Results\n\nTBC.\n", "a placeholder"),
        ("study/interview-template.md", "# Ask\n\nName:\n", "a template"),
        ("README.md", "# All\n\nfiles\n", "README of the folder"),
        ("study/LICENCE.md", "Free.\n", "a licence"),
    ],
)
def test_what_is_no_research_is_said_with_its_reason(name: str, text: str, reason: str) -> None:
    result = read_research_file(name, text.encode())

    assert isinstance(result, NotResearch)
    assert reason in result.reason


def test_a_windows_file_in_an_old_encoding_is_read_and_the_guess_noted() -> None:
    result = read_research_file("study/a.txt", "Café notes\r\n\r\nIt’s £5, she said.\r\n".encode("cp1252"))

    assert isinstance(result, ResearchDocument)
    assert result.text == "Café notes\n\nIt’s £5, she said.\n"
    assert "guessed: encoding taken for cp1252" in noted(result)


def test_control_characters_are_shown_and_reported_with_their_line() -> None:
    document = read(
        "# A\n\nwords\x00 and \x1b more words that are quite enough to be taken for a text by anyone" + "x" * 99
    )

    assert document.text.count("\ufffd") == 2
    assert ReadingNote("not understood", "2 control characters, shown as \ufffd", 3) in document.notes


ALIAS_BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]"


@pytest.mark.parametrize(
    "front_matter",
    [
        "title: [unclosed",
        ALIAS_BOMB,
        "- a\n- list",
        "just words",
        "x: !!python/object/apply:os.system ['true']",
        "[" * 5_000,
        "title: a\ttab: b: c",
        "x: " + "y" * 70_000,
    ],
)
def test_front_matter_that_cannot_be_read_stays_in_the_text(front_matter: str) -> None:
    source = f"---\n{front_matter}\n---\n\n# Body\n\nShe rings.\n"

    document = read(source)

    assert document.text == canonical_text(source)
    assert document.front_matter == {}
    assert "not understood: front matter kept in the text" in noted(document)


def test_rules_at_the_top_of_a_note_are_not_front_matter() -> None:
    source = "---\n\nFirst she rang.\n\n---\n\nThen she wrote.\n"

    assert read(source).text == source


def test_an_impossible_date_is_kept_and_reported_and_the_path_asked_instead() -> None:
    document = read("---\ntitle: T\ndate: 2025-02-31\n---\nwords\n", "app/service/2025/03/slug/index.md")

    assert document.front_matter == {"title": "T", "date": "2025-02-31"}
    assert (document.dated_on, document.date_precision, document.date_from) == (date(2025, 3, 1), "month", "path")
    assert "not understood: date: 2025-02-31" in noted(document)


def test_front_matter_is_kept_with_dates_as_text_and_unused_names_reported() -> None:
    document = read("---\ntitle: T\ndate: 2025-02-03\nscreenshots:\n  items: [Start page]\n---\nwords\n")

    assert document.front_matter == {"title": "T", "date": "2025-02-03", "screenshots": {"items": ["Start page"]}}
    assert document.front_matter_source.startswith("title: T\n")
    assert "front matter kept but not used: screenshots" in noted(document)


@pytest.mark.parametrize(
    ("written", "day", "precision"),
    [
        ("2025-08-14", "2025-08-14", "day"),
        ("14 August 2025", "2025-08-14", "day"),
        ("1st Sept 2025", "2025-09-01", "day"),
        ("March 24, 2021", "2021-03-24", "day"),
        ("02/25/2025", "2025-02-25", "day"),
        ("25/02/2025", "2025-02-25", "day"),
        ("20250814", "2025-08-14", "day"),
        ("2025-08", "2025-08-01", "month"),
        ("summary jan2016", "2016-01-01", "month"),
        ("gopher sept2018 homepage", "2018-09-01", "month"),
        ("Winter 2023", "2023-01-01", "season"),
        ("2020, Fall - Attribute guide", "2020-09-01", "season"),
        ("2019", "2019-01-01", "year"),
    ],
)
def test_dates_are_read_as_people_write_them(written: str, day: str, precision: str) -> None:
    assert read_date(written) == (date.fromisoformat(day), precision)


@pytest.mark.parametrize(
    "written", ["", "round 2", "v2.0.1", "2025-13-45", "FY19", "sprint17", "31/31/2025", "maybe 2 may"]
)
def test_what_is_no_date_is_not_taken_for_one(written: str) -> None:
    assert read_date(written) is None


def test_a_date_in_passing_is_not_the_date_of_the_note() -> None:
    document = read("# Notes\n\nSince the launch in December 2015 she has rung us.\n")

    assert document.dated_on is None
    assert "not understood: no date found" in noted(document)


def test_a_labelled_date_is_the_date_of_the_note() -> None:
    document = read("# Notes\n\n**Date:** 14 August 2025\n\nShe rings.\n")

    assert (document.dated_on, document.date_from) == (date(2025, 8, 14), "text")


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("We spoke to 8 people who care for somebody.", 8),
        ("We had seven participants.", 7),
        ("We recruited a total of 18 participants, and tested with 6 participants.", 18),
        ("Research with 5 to 9 participants is planned.", None),
        ("4 of 6 participants liked it.", None),
        ("We talked to 4 people in Arizona and 3 people in Alaska.", None),
        ("A study with 32 participants. Another with 27 participants.", None),
    ],
)
def test_people_are_counted_only_where_the_text_is_clear(text: str, people: int | None) -> None:
    assert read(f"# Round\n\n{text}\n").participants == people
