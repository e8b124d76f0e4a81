"""Word, OpenDocument and RTF: what stands in them as Markdown, and what does not stand in the text by name."""

from __future__ import annotations

import docx
import odfdo
import pytest
from domain.exchange.documents.making import (
    open_document_with,
    tracked_deletion,
    with_part,
    word_bytes,
    word_with,
)

from insights.core.errors import InvalidInput
from insights.exchange.documents import read_document

FOOTNOTES = """<?xml version="1.0"?><w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
<w:footnote w:id="2"><w:p><w:r><w:t>In May 2024.</w:t></w:r></w:p></w:footnote></w:footnotes>"""


def test_headings_lists_and_tables_of_a_word_document_are_markdown() -> None:
    document = docx.Document()
    document.core_properties.title = "Letters, round 2"
    document.add_heading("What we learned", 1)
    document.add_paragraph("Five of six missed the date in snake_case.")
    document.add_paragraph("first", style="List Bullet")
    document.add_paragraph("one", style="List Number")
    table = document.add_table(2, 2)
    for cell, words in zip(
        [*table.rows[0].cells, *table.rows[1].cells], ["Who", "Said | did", "P1", "No"], strict=True
    ):
        cell.text = words

    read = read_document("letters.docx", word_bytes(document))

    assert read.text == (
        "# What we learned\n\nFive of six missed the date in snake_case.\n\n- first\n\n1. one\n\n"
        "| Who | Said \\| did |\n| --- | --- |\n| P1 | No |"
    )
    assert (read.format, read.title, read.kind) == ("docx", "Letters, round 2", "document")


def test_a_comment_stays_beside_the_words_it_is_about() -> None:
    document = docx.Document()
    document.add_comment(
        document.add_paragraph("She rang them.").runs, text="Check the day.", author="Maya", initials="MK"
    )

    read = read_document("notes.docx", word_bytes(document))

    assert read.text == "She rang them.[MK1]\n\nComment [MK1]: Check the day."


def test_what_word_holds_and_the_text_does_not_is_named_with_its_words() -> None:
    document = docx.Document()
    tracked_deletion(document, "She rang twice.")
    document.sections[0].header.paragraphs[0].text = "Draft, not for publication"

    read = read_document("notes.docx", word_bytes(document))

    assert read.text == "She kept this."
    assert read.lost == (
        "Tracked changes: 1 deleted passage left out: “She rang twice.”.",
        "The header of its pages left out: “Draft, not for publication”.",
    )


def test_a_transcript_in_word_has_its_turns() -> None:
    content = word_with("Moderator: Did you get it?", "P3: I did.", "Moderator: And then?", "P3: I threw it away.")

    read = read_document("P3.docx", content)

    assert read.kind == "transcript"
    assert [read.text[each.start : each.end] for each in read.utterances][3] == "P3: I threw it away."
    assert [(speaker.label, speaker.guess) for speaker in read.speakers] == [
        ("Moderator", "moderator"),
        ("P3", "participant"),
    ]


def test_a_word_document_in_parts_that_do_not_fit_is_refused_by_name() -> None:
    content = with_part(word_with("Hello"), "word/document.xml", b"<w:document")

    with pytest.raises(InvalidInput, match=r"^“a.docx”: “word/document.xml” is no well-formed XML: line 1"):
        read_document("a.docx", content)


def test_an_open_document_is_read_with_its_notes_lists_and_tables() -> None:
    paragraph = odfdo.Paragraph("Five of six")
    paragraph.append(odfdo.Note(note_class="footnote", note_id="n1", citation="1", body="In May 2024."))
    remark = odfdo.Paragraph("She rang.")
    remark.append(odfdo.Annotation("Check the day.", creator="Maya"))
    table = odfdo.Table("T", width=2, height=2)
    for place, words in {(0, 0): "Who", (1, 0): "Said", (0, 1): "P1", (1, 1): "No"}.items():
        table.set_value(place, words)
    content = open_document_with(
        odfdo.Header(2, "What we learned"), paragraph, remark, odfdo.List(["one", "two"]), table
    )

    read = read_document("letters.odt", content)

    assert read.text == (
        "## What we learned\n\nFive of six[1]\n\nShe rang.[2]\n\n- one\n- two\n\n"
        "| Who | Said |\n| --- | --- |\n| P1 | No |\n\n[1] In May 2024.\n\n[2] Comment by Maya: Check the day."
    )
    assert read.format == "odt"


def test_rich_text_keeps_letters_paragraphs_and_footnotes() -> None:
    content = (
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl\f0 Arial;}\f0 Caf\'e9 {\b bold} \u8220?said\u8221? she.\par "
        rb"Second{\footnote In May.} one.\par{\header Draft}}"
    )

    read = read_document("a.rtf", content)

    assert read.text == "Café bold “said” she.\n\nSecond [In May.] one."
    assert read.lost == ("1 header left out.",)


def test_rich_text_that_is_cut_off_is_read_as_far_as_it_goes_and_says_so() -> None:
    read = read_document("a.rtf", rb"{\rtf1\ansi Words that are there.\par {\b And bo")

    assert read.text.startswith("Words that are there.")
    assert any("may be cut off" in note for note in read.notes)
