import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.exchange.decision_files import (
    DecisionDocument,
    NotADecision,
    ReadingSummary,
    UnreadableFile,
    read_decision_file,
    read_decision_tree,
    write_madr,
)

NAME = "adr/0001-choice.md"


def read(data: bytes) -> DecisionDocument:
    document = read_decision_file(NAME, data)
    assert isinstance(document, DecisionDocument)
    return document


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_make_the_reader_fail(data: bytes) -> None:
    reading = read_decision_file(NAME, data)

    assert reading.name == NAME


def test_an_empty_file_is_no_decision() -> None:
    reading = read_decision_file(NAME, b"")

    assert reading == NotADecision(NAME, "empty", "The file is empty.")


def test_a_file_of_2_mb_is_read_and_one_byte_more_is_not() -> None:
    text = b"# Choice\n\n## Decision\n\n" + b"word " * 500_000
    largest = text[: 2 * 1024 * 1024]

    refused = read_decision_file(NAME, largest + b"x")

    assert read(largest).outcome.startswith("word word")
    assert isinstance(refused, UnreadableFile)
    assert refused.reason == "too large"
    assert "2,097,153 bytes" in refused.why


@pytest.mark.parametrize(
    ("start", "unit", "end"),
    [
        ("", "#######\n", ""),
        ("", "## a\n", ""),
        ("", "a\n---\n", ""),
        ("", "* a\n", ""),
        ("", "<!--\n", ""),
        ("", "```\n", ""),
        ("", "| a | b |\n", ""),
        ("", "a: b\n", ""),
        ("", "](", ""),
        ("", "\n", "a"),
        ("* Deciders: ", "[", ""),
        ("* Deciders: a\n", "  * b\n", ""),
        ("Date: may", " ", "x"),
        ("Status: ", "\\ ", ""),
        ("Status: superseded by ", "[a](", ""),
        ("| Date | 2024 |\n| Status | b", " ", "c |\n"),
        ("## Options\n\n**", "option ", ""),
        ("## Options\n\n* ", "[", ""),
        ("## a", " #", "\n"),
        ("## a", " ", "b\n"),
        ("## ", "<!--", "\n"),
        ("in the context of x facing y ", "we decided to achieve ", ""),
    ],
)
def test_a_mark_repeated_without_end_does_no_harm(start: str, unit: str, end: str) -> None:
    text = f"# Choice\n\n{start}{unit * (60_000 // len(unit))}{end}"

    document = read(text.encode())

    assert document.title == "Choice"


def test_a_binary_file_is_told_apart_and_utf_16_is_not_binary() -> None:
    binary = read_decision_file(NAME, b"\x89PNG\r\n\x00\x00")
    wide = read("# Wahl für uns\n\n## Decision\n\nJa.\n".encode("utf-16"))

    assert isinstance(binary, UnreadableFile)
    assert binary.reason == "binary"
    assert wide.title == "Wahl für uns"


def test_text_in_another_encoding_is_read_and_said_to_be_a_guess() -> None:
    text = "# Größe der Bühne\n\n## Decision\n\nDie Bühne wird größer, weil die Gäste öfter kommen. Das kostet Mühe.\n"

    document = read(text.encode("cp1252"))

    assert document.title == "Größe der Bühne"
    assert any("is not UTF-8" in note.what for note in document.notes if note.level == "guessed")


def test_windows_line_ends_and_a_mark_at_the_start_change_nothing() -> None:
    plain = read(b"# Choice\n\n## Status\n\nAccepted\n")
    windows = read(b"\xef\xbb\xbf# Choice\r\n\r\n## Status\r\n\r\nAccepted\r\n")

    assert (windows.title, windows.status, windows.status_text) == (plain.title, plain.status, plain.status_text)


@pytest.mark.parametrize(
    "front",
    [
        "status: accepted: really",
        "status: [accepted",
        "run: !!python/object/apply:os.system ['true']",
        "a: &a [x, x]\nb: *a",
        "a: " + "[" * 5000,
        "status: one\nstatus: two",
        "? [a, b]\n: c",
        "a: \x07",
        "a: " + "x" * 70_000,
    ],
)
def test_front_matter_that_cannot_be_read_is_kept_as_text_and_reported(front: str) -> None:
    document = read(f"---\n{front}\n---\n# Choice\n\n## Decision\n\nYes.\n".encode())

    kept = {section.heading: section.body for section in document.other_sections}
    notes = [note.what for note in document.notes if note.level == "not understood"]
    assert document.title == "Choice"
    assert front in kept["Front matter that could not be read"]
    assert any("the front matter cannot be read" in what for what in notes)


def test_values_that_yaml_would_change_stay_as_they_are_written() -> None:
    document = read(b"---\nid: 0012\nversion: 1.10\nat: 12:30\nday: 2023-02-30\nyes: no\ncount: 3\n---\n# Choice\n")

    assert document.front_matter == {
        "id": "0012", "version": "1.10", "at": "12:30", "day": "2023-02-30", "yes": "no", "count": 3,
    }  # fmt: skip


def test_a_comment_in_front_matter_is_not_lost() -> None:
    document = read(b"---\nstatus: accepted # by all\nlink: 'a #1'\n---\n# Choice\n")

    assert [section.body for section in document.other_sections] == ["```\nby all\n```"]


def test_a_title_of_10_000_characters_is_kept_whole_and_mentioned() -> None:
    title = "word " * 2000

    document = read(f"# {title}\n\n## Decision\n\nYes.\n".encode())

    assert document.title == title.strip()
    assert any("9,999 characters" in note.what for note in document.notes)


def test_markup_in_a_title_is_text_and_survives_the_way_out() -> None:
    document = read(b"# <script>alert(1)</script> & {{ 7*7 }}\n\n## Decision\n\nYes.\n")

    assert document.title == "<script>alert(1)</script> & {{ 7*7 }}"
    assert read(write_madr(document).encode()).title == document.title


def test_a_folder_is_read_in_order_without_what_is_hidden_or_outside(tmp_path: Path) -> None:
    root = tmp_path / "decisions"
    (root / "adr").mkdir(parents=True)
    (root / ".git").mkdir()
    (root / ".git" / "0009-hidden.md").write_text("# Hidden", encoding="utf-8")
    (root / "adr" / "0002-b.md").write_text("# B", encoding="utf-8")
    (root / "adr" / "0001-a.md").write_text("# A", encoding="utf-8")
    (root / "adr" / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / "0003-secret.md").write_text("# Secret", encoding="utf-8")
    (root / "adr" / "0003-c.md").symlink_to(tmp_path / "0003-secret.md")
    (root / "adr" / "0004-d.md").symlink_to(root / "adr" / "nowhere.md")

    readings = list(read_decision_tree(root))

    assert [(reading.name, type(reading).__name__) for reading in readings] == [
        ("adr/0001-a.md", "DecisionDocument"),
        ("adr/0002-b.md", "DecisionDocument"),
        ("adr/0003-c.md", "UnreadableFile"),
        ("adr/0004-d.md", "UnreadableFile"),
        ("adr/picture.png", "NotADecision"),
    ]


def test_a_pipe_among_the_files_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "0001-a.md")

    readings = list(read_decision_tree(tmp_path))

    assert [type(reading).__name__ for reading in readings] == ["UnreadableFile"]


def test_one_file_can_be_read_alone_and_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "0001-a.md").write_text("# A", encoding="utf-8")

    readings = list(read_decision_tree(tmp_path / "0001-a.md"))

    assert [reading.name for reading in readings] == ["0001-a.md"]
    with pytest.raises(FileNotFoundError, match="does not exist"):
        list(read_decision_tree(tmp_path / "nowhere"))


def test_a_summary_tells_of_every_kind_of_file() -> None:
    readings = [
        read_decision_file("adr/0001-a.md", b"# A\n\n* Status: Pending\n* Tags: x\n"),
        read_decision_file("adr/README.md", b"# Decisions"),
        read_decision_file("adr/0002-b.md", b"\x00\x01"),
    ]

    summary = ReadingSummary.of(readings)

    assert summary.file_lines() == (
        "adr/0001-a.md: “A”, proposed, no date",
        "    guessed: the status “Pending” is read as proposed (line 3)",
        "    not understood: “Tags” is kept in the front matter (line 4)",
        "adr/README.md: not a decision (readme). By its name this is a README.",
        "adr/0002-b.md: not read (binary). It holds NUL bytes, so it is not text. Save it as Markdown first.",
    )
    assert summary.total_lines()[0] == "1 decisions read (1 other)"
