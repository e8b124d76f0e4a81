"""Web pages as Markdown: all words stay, what is no text is named, and the page's word for its encoding counts last."""

from __future__ import annotations

import pytest

from insights.exchange.documents import read_document

PAGE = b"""<!DOCTYPE html><html><head><title>Letters &amp; dates</title><style>p { color: red }</style></head>
<body><script>alert(1)</script><h2>What we found</h2><p>Five of six <b>missed</b> the date in snake_case.</p>
<ul><li>one<ul><li>two</li></ul></li></ul><table><tr><th>Who</th><th>Said | did</th></tr><tr><td>P1</td><td>No</td></tr>
</table><p>She wrote &lt;b&gt;.</p><img src="data:image/png;base64,AAAA" alt="A letter"><!-- to do --></body></html>"""


def test_a_page_is_markdown_with_all_its_words() -> None:
    read = read_document("letters.html", PAGE)

    assert read.text == (
        "## What we found\n\nFive of six **missed** the date in snake_case.\n\n- one\n  - two\n\n"
        "| Who | Said \\| did |\n| --- | --- |\n| P1 | No |\n\nShe wrote &lt;b>.\n\n[Picture: A letter]"
    )
    assert (read.title, read.format) == ("Letters & dates", "html")


def test_what_of_a_page_is_no_text_is_counted() -> None:
    assert read_document("letters.html", PAGE).lost == (
        "1 script left out.",
        "1 style left out.",
        "1 comment left out.",
        "1 picture left out; what describes them was kept.",
    )


@pytest.mark.parametrize(
    ("declared", "encoded", "note"),
    [
        ("iso-8859-2", "iso-8859-2", ""),
        ("utf-8", "utf-8", ""),
        ("iso-8859-1", "utf-8", "It says that it is in iso-8859-1, but it is in utf-8 and was read as that."),
        ("klingon", "utf-8", "It says that it is in “klingon”, an encoding that nobody knows."),
    ],
)
def test_letters_are_right_whatever_a_page_says_of_its_encoding(declared: str, encoded: str, note: str) -> None:
    content = f"<html><meta charset='{declared}'><p>Zażółć gęślą jaźń".encode(encoded)

    read = read_document("page.html", content)

    assert read.text == "Zażółć gęślą jaźń"
    assert [said for said in read.notes if said.startswith("It says")] == ([note] if note else [])


def test_a_page_that_says_utf_8_and_is_not_is_still_read_and_says_so() -> None:
    read = read_document("page.html", "<html><meta charset=utf-8><p>Où café".encode("cp1252"))

    assert read.text == "Où café"
    assert read.encoding_guessed
    assert "It says that it is in utf-8, which its bytes are not." in read.notes


def test_gitbook_and_nunjucks_in_markdown_stay_word_for_word() -> None:
    text = '{% hint style="info" %}\nAsk first.&#x20;\n{% endhint %}\n\n<figure>A</figure>\n\n| a | b\n|---|---\nc | d'

    assert read_document("page.md", text.encode()).text == text
