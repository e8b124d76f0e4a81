"""PDF: pages for citation, paragraphs instead of printed lines, and a clear word where there is no text."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from domain.exchange.documents.making import pdf_of_lines, pdf_without_text

from insights.core.errors import InvalidInput
from insights.exchange.documents import read_document

STUDY = Path(__file__).parents[4].parent / "shared" / "data" / "transcripts" / "pdpilot-user-study"
needs_given = pytest.mark.skipif(not STUDY.is_dir(), reason="the given transcripts lie beside the checkout")

WRAPPED = (
    "The letter said that the fee was due in May, but nobody whom we asked had",
    "read as far as that, for the first page was all about something else.",
    "A short line.",
    "- one",
    "- two",
)


def test_lines_that_the_page_wrapped_are_one_paragraph_again() -> None:
    read = read_document("letter.pdf", pdf_of_lines(WRAPPED, title="The letter"))

    assert read.text == f"{WRAPPED[0]} {WRAPPED[1]}\n\nA short line.\n\n- one\n\n- two"
    assert (read.title, read.format) == ("The letter", "pdf")


def test_each_page_has_its_place_for_citation() -> None:
    read = read_document("letter.pdf", pdf_of_lines(["First page."], ["Second page."]))

    assert [(page.label, read.text[page.start : page.end]) for page in read.pages] == [
        ("1", "First page."),
        ("2", "Second page."),
    ]


def test_page_numbers_and_running_lines_are_no_part_of_the_text_but_named() -> None:
    pages = [[f"{number}/3", "Draft report", f"Words of page {number}."] for number in (1, 2, 3)]

    read = read_document("report.pdf", pdf_of_lines(*pages))

    assert read.text == "Words of page 1.\n\nWords of page 2.\n\nWords of page 3."
    assert read.lost == ("Lines at the edge of every page left out: “1/3”, “2/3”, “3/3” and 3 more.",)
    assert [page.label for page in read.pages] == ["1", "2", "3"]


def test_a_pdf_of_pictures_says_that_it_has_no_text_layer() -> None:
    with pytest.raises(InvalidInput, match=r"^“scan.pdf”: This PDF has no text layer: 1 page of pictures only.*OCR"):
        read_document("scan.pdf", pdf_without_text())


@needs_given
@pytest.mark.parametrize(("name", "paragraphs", "pages"), [("P1", 95, 5), ("P2", 166, 8), ("P3", 122, 6)])
def test_numbered_transcripts_have_the_paragraphs_that_their_numbers_count(
    name: str, paragraphs: int, pages: int
) -> None:
    read = read_document(f"{name}.pdf", (STUDY / "results" / "transcripts" / f"{name}.pdf").read_bytes())

    assert len(read.text.split("\n\n")) == paragraphs
    assert [page.label for page in read.pages] == [str(number) for number in range(1, pages + 1)]
    assert f"Its paragraphs are numbered 1 to {paragraphs} on the page" in read.notes[0]
    assert (read.title, read.kind) != ("", "document")


@needs_given
@pytest.mark.parametrize("name", ["P1", "P2", "P3"])
def test_every_word_of_a_printed_transcript_is_in_its_text(name: str) -> None:
    read = read_document(f"{name}.pdf", (STUDY / "results" / "transcripts" / f"{name}.pdf").read_bytes())
    derived = (STUDY / "derived-text" / f"{name}.txt").read_text(encoding="utf-8")

    without_numbers = re.sub(r"^\f?\d+(?:/\d+$|\b)", "", derived.replace("\f", "\n"), flags=re.MULTILINE)
    expected = Counter(re.findall(r"\w+", re.sub(r"^\s*\d+/\d+$", "", without_numbers, flags=re.MULTILINE)))

    assert Counter(re.findall(r"\w+", read.text)) == expected


@needs_given
def test_headings_and_paragraphs_of_a_protocol_stand_apart() -> None:
    read = read_document("protocol.pdf", (STUDY / "protocol.pdf").read_bytes())

    assert read.text.startswith(
        "PDPilot User Study Protocol\n\nIntroduction\n\nDuration: ~15 minutes\n\nTo begin the study, "
    )
    assert read.title == "PDPilot User Study Protocol"
    assert read.kind == "document"
