"""Which format a file has: what it holds counts, its name second; what is no document of ours is told what it is."""

from __future__ import annotations

import pytest
from domain.exchange.documents.making import pdf_of_lines, word_with, workbook_with, zip_with
from domain.exchange.documents.outcomes import read_or_refused
from hypothesis import given
from hypothesis import strategies as st

from insights.core.errors import InvalidInput
from insights.exchange.documents import document_from_json, document_to_json, read_document

SRT = b"1\n00:00:01,000 --> 00:00:02,000\nHello there.\n"
FILES = {
    "docx": word_with("Hello there."),
    "pdf": pdf_of_lines(["Hello there."]),
    "xlsx": workbook_with({"A": [["Who"], ["Hello there."]]}),
    "rtf": rb"{\rtf1 Hello there.}",
    "srt": SRT,
    "vtt": b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello there.",
    "sbv": b"0:00:01.000,0:00:02.000\nHello there.",
    "html": b"<!doctype html><p>Hello there.",
}


@pytest.mark.parametrize("held", FILES)
@pytest.mark.parametrize("named", ["txt", "docx", "pdf", ""])
def test_a_file_is_read_as_what_it_holds_whatever_it_is_called(held: str, named: str) -> None:
    read = read_document(f"talk.{named}" if named else "talk", FILES[held])

    assert read.format == held
    assert "Hello there." in read.text or read.tables
    mismatch = f"The name ends in .{named}, but this is"
    assert any(note.startswith(mismatch) for note in read.notes) == (named not in {"", held})


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "a.docx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"),
            "before 2007 (.doc). Save it as",
        ),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "protected with a password",
        ),
        ("a.zip", zip_with({"one.txt": b"x", "two.txt": b"y"}), "a ZIP archive of 2 files. Unpack it"),
        ("a.pptx", zip_with({"ppt/presentation.xml": b"<a/>"}), "a presentation. Save it as PDF"),
        ("a.qdpx", zip_with({"project.qde": b"<a/>"}), "a REFI-QDA project"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(20), "This is a PNG picture, not text."),
        ("a.docx", b"\x00\x01\x02\x03" * 30, "The name says it is a Word document, but it does not begin like one"),
        ("a.txt", b"", "There is nothing in it."),
        ("a.md", b"---\ntitle: Only a title\n---\n", "no words below its front matter"),
        ("a.txt", "… — ?!".encode(), "no words in it to read or to cite"),
    ],
)
def test_what_cannot_be_read_is_told_by_its_name_with_what_to_do(name: str, content: bytes, message: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_document(f"C:\\Users\\maya\\{name}", content)

    assert caught.value.message.startswith(f"“{name}”: ")
    assert message in caught.value.message
    assert list(caught.value.fields) == ["file"]


def test_an_unknown_ending_is_read_as_plain_text_and_says_so() -> None:
    read = read_document("minutes.rst", b"Words.")

    assert (read.format, read.text) == ("txt", "Words.")
    assert read.notes[0] == "The ending .rst says nothing to us; it was read as plain text."


def test_title_date_people_and_what_was_guessed_are_told() -> None:
    text = "# Results letters\n\nDate: 14 March 2025\n\nWe talked to 6 participants. P3 and P-04 missed the date."

    read = read_document("2025/letters.md", text.encode())

    assert (read.title, str(read.dated_on), read.date_precision) == ("Results letters", "2025-01-01", "year")
    assert (read.participants, read.participant_count, read.kind) == (("P3", "P4"), 6, "note")
    assert "Dated 2025-01-01 (year) by the path." in read.notes


@given(st.text(min_size=1, max_size=400), st.sampled_from(["a.txt", "a.md", "a.csv", "a.html", "a.vtt", "a.srt", "a"]))
def test_any_text_is_read_or_refused_and_travels_as_json(text: str, name: str) -> None:
    read, refusal = read_or_refused(name, text.encode("utf-8", "surrogatepass"))
    if read is None:
        assert refusal.startswith(f"“{name}”: ")
        return

    assert document_from_json(document_to_json(read)) == read
    assert all(0 <= each.start <= each.end <= len(read.text) for each in read.utterances)
