from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from research_hub.web.markdown import LONGEST, render_markdown

_SHARED = Path(__file__).parents[2].parent / "shared/data/hostile-text"
_TAGS = {
    *("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "code", "hr", "br"),
    *("em", "strong", "b", "i", "del", "s", "ins", "sub", "sup", "kbd", "a"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href", "title", "rel"}, "ol": {"start"}, "th": {"align"}, "td": {"align"}}


class _Reader(HTMLParser):
    """What a browser would find in a piece of HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.found.append(("comment", {}))


def read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


def assert_harmless(html: str) -> None:
    for tag, attributes in read(html).found:
        assert tag in _TAGS, f"{tag} in {html}"
        assert set(attributes) <= _ATTRIBUTES.get(tag, set()), f"{attributes} in {html}"
        address = re.sub(r"[\s\x00-\x20]", "", attributes.get("href") or "").casefold()
        scheme = re.match(r"[^/?#:]*:", address)
        assert scheme is None or scheme.group() in {"http:", "https:", "mailto:"}, address


def test_what_people_write_is_shown_as_they_mean_it() -> None:
    html = render_markdown(
        "Some **bold** and *more*, `code`.\n\n- one\n- two\n\n> said\n\n| a | b |\n|--:|---|\n| 1 | 2 |"
    )

    assert isinstance(html, Markup)
    assert "<strong>bold</strong>" in html
    assert "<em>more</em>" in html
    assert "<li>two</li>" in html
    assert "<blockquote>" in html
    assert '<td align="right">1</td>' in html


@pytest.mark.parametrize(("level", "shown"), [(3, ["h3", "h4", "h6"]), (4, ["h4", "h5", "h6"])])
def test_headings_fit_under_those_of_the_page(level: int, shown: list[str]) -> None:
    html = render_markdown(
        "## First\n\n### Second\n\n##### Third" if level == 3 else "# First\n\n## Second\n\n#### T", level
    )

    assert [tag for tag, _ in read(html).found if tag.startswith("h")] == shown


def test_links_go_out_without_telling_where_from() -> None:
    html = render_markdown("[a](https://example.org/x) and [b](/decisions/DEC-1)")

    assert [attributes for tag, attributes in read(html).found if tag == "a"] == [
        {"href": "https://example.org/x", "rel": "noopener noreferrer nofollow"},
        {"href": "/decisions/DEC-1", "rel": "noopener noreferrer nofollow"},
    ]


def test_an_image_becomes_a_link_with_its_words() -> None:
    html = render_markdown("Before ![The new letter](https://elsewhere.example/letter.png) after")

    assert "<img" not in html
    assert read(html).text.split() == ["Before", "Image:", "The", "new", "letter", "after"]
    assert 'href="https://elsewhere.example/letter.png"' in html


def test_words_in_tags_that_may_not_stand_are_kept() -> None:
    html = render_markdown("<script>alert(1)</script> and <blink>this</blink>")

    assert_harmless(html)
    assert "alert(1)" in html
    assert "this" in html


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_nothing_makes_nothing(text: str) -> None:
    assert render_markdown(text) == ""


def test_the_list_of_attacks_on_markdown_is_harmless() -> None:
    path = _SHARED / "markdown-xss/xss.md"
    if not path.exists():
        pytest.skip("the list of attacks is not at hand")
    text = path.read_text("utf-8")

    assert_harmless(render_markdown(text))
    for line in text.splitlines():
        assert_harmless(render_markdown(line))


def test_the_cases_of_a_sanitiser_are_harmless() -> None:
    cases = sorted((_SHARED / "html-sanitiser").glob("*.test"))
    if not cases:
        pytest.skip("the cases of the sanitiser are not at hand")

    for case in cases:
        for part in [*case.read_text("utf-8").split("--"), case.read_text("utf-8")]:
            assert_harmless(render_markdown(part))


def test_the_naughty_strings_are_harmless_and_read_the_same() -> None:
    path = _SHARED / "naughty-strings/blns.txt"
    if not path.exists():
        pytest.skip("the naughty strings are not at hand")

    for line in path.read_text("utf-8").splitlines():
        assert_harmless(render_markdown(line))


@pytest.mark.parametrize(
    "text",
    [
        "[" * 20_000,
        "![" * 20_000,
        "[a](" * 10_000,
        "<a " * 20_000,
        "<![" * 10_000,
        ("[" * 200 + "\n") * 100,
    ],
    ids=["brackets", "images", "links", "tags", "sections", "lines of brackets"],
)
def test_a_text_that_takes_too_long_is_shown_as_it_was_typed(text: str) -> None:
    html = render_markdown(text)

    assert_harmless(html)
    assert "".join(read(html).text.split()) == "".join(text.split())


@pytest.mark.parametrize("text", ["\\" * 50_000, "".join("    " * depth + "- x\n" for depth in range(300))])
def test_a_text_that_is_nested_or_escaped_beyond_reason_is_rendered_somehow(text: str) -> None:
    html = render_markdown(text)

    assert_harmless(html)
    assert read(html).text.count("x") == text.count("x")
    assert read(html).text.strip()


def test_a_text_that_is_too_long_is_shown_as_it_was_typed() -> None:
    text = "**word** " * (LONGEST // 9 + 1) + "\n\nsecond <b>paragraph</b>"

    html = render_markdown(text)

    assert "<strong>" not in html
    assert html.count("<p>") == 2
    assert "&lt;b&gt;paragraph" in html


@given(st.text(alphabet=st.sampled_from("<>[]()!*_`#&;:/\\\"' \n\tajvscript=on-|~"), max_size=200))
def test_nothing_that_can_be_typed_is_harmful(text: str) -> None:
    assert_harmless(render_markdown(text))


@given(st.text(max_size=100))
def test_every_text_can_be_rendered(text: str) -> None:
    assert_harmless(render_markdown(text))
