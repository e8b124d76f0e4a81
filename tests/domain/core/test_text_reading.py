import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insights.core.text import (
    Block,
    NotTextError,
    canonical_text,
    decode_text,
    excerpt,
    plain_passage,
    plain_words,
    reading_blocks,
    safe_href,
)

SHARED = Path(__file__).parents[3].parent / "shared" / "data"
needs_shared_data = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data sets are not beside the checkout")
MARKUP = (
    "#",
    "*",
    "**",
    "_",
    "`",
    "```",
    "[",
    "](",
    ")",
    "<",
    ">",
    "<br>",
    "</a>",
    "|",
    "|-|",
    "\n",
    "\n\n",
    "    ",
    "- ",
)
pieces = st.sampled_from(
    (*MARKUP, "1. ", "> ", "a", "word", "{{", "}}", "<!--", "-->", "&amp;", "~~", "\\", "é", "😀", "---")
)


def assert_nothing_is_lost(text: str) -> None:
    """Every code point is white space between blocks or in exactly one run of one block."""
    blocks = reading_blocks(text)
    assert all(left.end <= right.start for left, right in pairwise(blocks))
    ends = [0, *(block.end for block in blocks)]
    starts = [*(block.start for block in blocks), len(text)]
    assert not "".join(text[end:start] for end, start in zip(ends, starts, strict=True)).strip()
    for block in blocks:
        assert "".join(run.text for run in block.runs) == text[block.start : block.end]
        assert all(run.text == text[run.start : run.end] and run.text for run in block.runs)


def only_block(text: str) -> Block:
    (block,) = reading_blocks(text)
    return block


@given(st.lists(pieces, max_size=40).map("".join) | st.text(max_size=200))
@settings(deadline=None, max_examples=500)
def test_no_code_point_is_lost_or_shown_twice(raw: str) -> None:
    assert_nothing_is_lost(canonical_text(raw))


@given(st.lists(pieces, max_size=40).map("".join))
@settings(deadline=None)
def test_blocks_that_show_words_are_numbered_from_one(raw: str) -> None:
    numbers = [block.number for block in reading_blocks(canonical_text(raw)) if block.number]

    assert numbers == list(range(1, len(numbers) + 1))


@needs_shared_data
def test_every_text_of_the_shared_data_is_read_whole() -> None:
    read = 0
    for path in sorted(SHARED.rglob("*")):
        if path.suffix not in {".md", ".txt", ".vtt", ".srt", ".rst", ".test"} or not path.is_file():
            continue
        try:
            text = canonical_text(decode_text(path.read_bytes()).text)
        except NotTextError:
            continue
        assert_nothing_is_lost(text)
        read += 1
    assert read > 600


@needs_shared_data
def test_naughty_strings_survive_alone_and_inside_markup() -> None:
    strings = json.loads((SHARED / "hostile-text" / "naughty-strings" / "blns.json").read_text("utf-8"))

    for string in strings:
        for raw in (string, f"**{string}**", f"| {string} |\n|---|\n| {string} |", f"[{string}]({string})"):
            text = canonical_text(raw)
            assert canonical_text(text) == text
            assert_nothing_is_lost(text)


@needs_shared_data
def test_no_attack_string_gives_a_link_that_runs() -> None:
    attacks = (SHARED / "hostile-text" / "markdown-xss" / "xss.md").read_text("utf-8")
    hrefs = [run.href for block in reading_blocks(canonical_text(attacks)) for run in block.runs if run.href]

    assert not [href for href in hrefs if safe_href(href) != href]
    assert not [href for href in hrefs if href.lower().startswith(("javascript:", "vbscript:", "data:", "file:"))]


@pytest.mark.parametrize(
    "sign",
    ["[", "*", "<", "*a ", "a* ", "_a *b ", "`", "<a ", "<!--", "{{\n", "> ", "|", "- ", "](", "&", " ", "[a](", "~~a"],
)
def test_50_kb_of_one_sign_are_read_whole(sign: str) -> None:
    assert_nothing_is_lost(canonical_text(sign * (50_000 // len(sign))))


def test_two_megabytes_on_one_line_are_read_whole() -> None:
    assert_nothing_is_lost("She *always* rings [the surgery](/x). " * 55_000)


@pytest.mark.parametrize(
    ("source", "kind", "level", "words"),
    [
        ("## What we learned ##", "heading", 2, "What we learned"),
        ("Title\n=====", "heading", 1, "Title"),
        ("#2022, Fall - Errors\n===", "heading", 1, "2022, Fall - Errors"),
        ("- **Bold** point", "item", 1, "Bold point"),
        ("3. third", "item", 1, "third"),
        ('> "We ring."\n> -- P9', "quote", 1, '"We ring." -- P9'),
        ("> [!NOTE] Mind this", "quote", 1, "Mind this"),
        ("plain\nover two lines", "paragraph", 0, "plain over two lines"),
        ("~~~text\na * b\n~~~", "code", 0, "a * b"),
        ("***", "rule", 0, ""),
        ("<!-- note\n\nto self -->", "markup", 0, ""),
        ("{{ nhsukImage({\n  src: 'x.png'\n}) }}", "markup", 0, ""),
        ("[[toc]]", "markup", 0, ""),
        ("[ref]: https://example.org 'Title'", "markup", 0, ""),
        ("[John]: Yes.", "paragraph", 0, "[John]: Yes."),
    ],
)
def test_a_block_is_known_for_what_it_is(source: str, kind: str, level: int, words: str) -> None:
    block = only_block(source)

    assert (block.kind, block.level, block.words) == (kind, level, words)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("**6/12** _participants_ ~~left~~", "6/12 participants left"),
        ('[the guide](https://example.org/a_(b) "Title"), `code *as is*`', "the guide, code *as is*"),
        ('![Two forms](x.png "Before and after")', "Two forms Before and after"),
        ("line one<br>line two&#x20;", "line one line two"),
        ("a &amp; b &#x26; c", "a & b & c"),
        ("<strong>Cases</strong> of <db_user> and <Name>", "Cases of <db_user> and <Name>"),
        ("2*3*4 and snake_case_name and 5 * 6", "2*3*4 and snake_case_name and 5 * 6"),
        (r"\*not emphasis\*", "*not emphasis*"),
        ("{% hint %} Careful {{ name }}!", "Careful !"),
        ("un**believ**able", "unbelievable"),
        ("see <https://example.org/x>", "see https://example.org/x"),
        ("**never closed and `neither", "**never closed and `neither"),
    ],
)
def test_a_reader_sees_the_words_without_the_markup(source: str, words: str) -> None:
    assert plain_words(source) == words


def test_a_table_is_read_row_by_row_with_its_bars_as_gaps() -> None:
    blocks = reading_blocks(
        "Goals | Questions\n:-- | :--\nTest terms | Do people **understand**?\n | Can they?\n\nAfter"
    )

    assert [(block.kind, block.level, block.words) for block in blocks] == [
        ("table_row", 1, "Goals Questions"),
        ("table_row", 0, "Test terms Do people understand ?".replace(" ?", "?")),
        ("table_row", 0, "Can they?"),
        ("paragraph", 0, "After"),
    ]


def test_an_html_table_on_one_line_is_cut_into_rows() -> None:
    source = "<table><thead><tr><th>Field</th><th>Value</th></tr></thead>"
    source += "<tbody><tr><td><b>Status</b></td><td>Done</td></tr></tbody></table>"

    assert plain_words(source) == "Field Value\nStatus Done"


def test_html_headings_and_items_are_known_for_what_they_are() -> None:
    blocks = reading_blocks("<h3>Who</h3><ul><li>Ana</li><li>Ben</li></ul>")

    seen = [(block.kind, block.level, block.words) for block in blocks if block.number]
    assert seen == [("heading", 3, "Who"), ("item", 1, "Ana"), ("item", 1, "Ben")]


def test_lists_keep_their_depth() -> None:
    blocks = reading_blocks("- one\n  - two\n      - three\n- four\n")

    assert [(block.words, block.level) for block in blocks] == [("one", 1), ("two", 2), ("three", 3), ("four", 1)]


def test_a_link_leads_where_it_says() -> None:
    runs = only_block("See [the **guide**](/guide/x?y=1&amp;z=2).").runs

    linked = [run for run in runs if "link" in run.style and not run.hidden]
    assert [(run.text, run.href) for run in linked] == [("the ", "/guide/x?y=1&z=2"), ("guide", "/guide/x?y=1&z=2")]
    assert linked[1].style == {"link", "strong"}


def test_a_reference_link_is_resolved() -> None:
    blocks = reading_blocks("As in [the plan][p] and [P].\n\n[p]: https://example.org/plan\n")

    assert blocks[0].words == "As in the plan and P."
    assert {run.href for run in blocks[0].runs if run.href} == {"https://example.org/plan"}


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&#x0A;script:alert(1)",
        "&#106;avascript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "//evil.example",
        "/\\evil.example",
        "&amp;#106;avascript:alert(1)",
        "https:",
        "http://[broken",
        "javascript%3Aalert(1)",
        " ",
    ],
)
def test_an_address_that_could_do_harm_is_no_link(address: str) -> None:
    assert safe_href(address) is None


@pytest.mark.parametrize(
    "address",
    ["https://example.org/a?b#c", "mailto:a@example.org", "/x/y", "../x.md", "/x?a=1&copy=2", "#part", "x.md"],
)
def test_an_ordinary_address_is_a_link(address: str) -> None:
    assert safe_href(address) == address


def test_a_passage_that_begins_inside_emphasis_is_shown_without_stray_signs() -> None:
    text = "She **always rings** the surgery."
    start = text.index("rings")

    assert plain_passage(reading_blocks(text), start, text.index("surgery")) == "rings the"


def test_an_excerpt_shows_readable_words_either_side_and_says_where_it_was_cut() -> None:
    text = "# Notes\n\n" + "before " * 60 + "the [late **letter**](/x) came " + "after " * 60
    start = text.index("[late")

    shown = excerpt(text, start, text.index(" came"), around=20)

    assert (shown.passage, shown.cut_before, shown.cut_after) == ("late letter", True, True)
    assert shown.before == "before before the "
    assert shown.after == " came after after"


def test_an_excerpt_of_a_short_text_is_not_cut() -> None:
    shown = excerpt("She rings.", 4, 9)

    assert (shown.before, shown.passage, shown.after) == ("She ", "rings", ".")
    assert (shown.cut_before, shown.cut_after) == (False, False)


def test_a_conversation_shows_who_speaks() -> None:
    blocks = reading_blocks("Interviewer: How was it?\n\n**P4**: Fine, mostly.\n\nInterviewer: Thank you.\n")

    assert [block.speaker for block in blocks] == ["Interviewer", "P4", "Interviewer"]


def test_a_label_in_a_report_is_no_speaker() -> None:
    blocks = reading_blocks("We did this.\n\nThen that.\n\nNote: nobody spoke.\n\nAnd so on.\n")

    assert {block.speaker for block in blocks} == {None}


def test_voices_and_attributions_name_the_speaker() -> None:
    blocks = reading_blocks(
        '<v Ana Lima>Hello there.\n\n> "I ring them."\n> -- P9 usability test participant\n\n> “Yes” - Tribe'
    )

    assert [block.speaker for block in blocks] == ["Ana Lima", "P9 usability test participant", "Tribe"]
