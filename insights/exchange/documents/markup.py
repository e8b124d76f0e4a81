"""HTML to Markdown with every word kept; what cannot be words is counted and named."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bs4 import BeautifulSoup
from bs4.element import Comment, NavigableString, PreformattedString, Tag
from markdownify import MarkdownConverter

from insights.core.text import canonical_text


@dataclass(frozen=True, slots=True)
class Markdown:
    """`title` is of the page's head; `lost` are sentences."""

    text: str
    title: str = ""
    lost: tuple[str, ...] = ()


def markdown_of(html: str) -> Markdown:
    """Raises RecursionError for what is nested more deeply than Python can follow."""
    with warnings.catch_warnings():
        # A page of XHTML is read as HTML; a text that looks like an address or a file name is a text.
        warnings.simplefilter("ignore")
        soup = BeautifulSoup(html, "html.parser")
    title = " ".join(soup.title.get_text().split()) if soup.title else ""
    lost = _without_what_is_no_text(soup)
    _keep_words_whole(soup)
    text = _MARKDOWN.convert_soup(soup)
    return Markdown(canonical_text(_tidy(text)), canonical_text(title), tuple(lost))


_MARKDOWN = MarkdownConverter(
    heading_style="ATX",
    bullets="-",
    escape_asterisks=False,
    escape_underscores=False,
    escape_misc=False,
    table_infer_header=True,
    strip_pre=None,
    keep_inline_images_in=["td", "th", "h1", "h2", "h3", "h4", "h5", "h6"],
)
_NO_TEXT = {
    "script": "script",
    "style": "style",
    "template": "template",
    "svg": "drawing",
    "canvas": "drawing",
    "iframe": "frame",
    "object": "embedded object",
    "embed": "embedded object",
    "audio": "sound",
    "video": "film",
}
_LOOKS_LIKE_A_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_BLANKS = re.compile(r"[ \t]+")
_MANY_EMPTY_LINES = re.compile(r"\n{3,}")


def _without_what_is_no_text(soup: BeautifulSoup) -> list[str]:
    """Takes it out of the tree and says how much of what there was, in the order of this module's list."""
    found: Counter[str] = Counter()
    for name, words in _NO_TEXT.items():
        for tag in soup.find_all(name):
            if not tag.decomposed:
                found[words] += 1
                tag.decompose()
    for tag in soup.find_all("img"):
        found["picture"] += 1
        _picture(tag)
    if soup.title:
        soup.title.decompose()
    comments = soup.find_all(string=lambda text: isinstance(text, PreformattedString))
    found["comment"] += sum(isinstance(text, Comment) for text in comments)
    for text in comments:
        text.extract()
    sentences = [f"{counted(count, words)} left out." for words, count in found.items() if count and words != "picture"]
    if found["picture"]:
        sentences.append(f"{counted(found['picture'], 'picture')} left out; what describes them was kept.")
    return sentences


def _picture(tag: Tag) -> None:
    described = " ".join(str(tag.get("alt") or tag.get("title") or "").split())
    tag.replace_with(NavigableString(f"[Picture: {described}]" if described else ""))


def _keep_words_whole(soup: BeautifulSoup) -> None:
    """What looks like a tag or like the bar of a table is somebody's word where it stands in the text of a page."""
    for text in soup.find_all(string=True):
        within = [parent.name for parent in text.parents]
        if "pre" in within:
            continue
        # One blank for many: the library takes time in the square of them.
        words = _BLANKS.sub(" ", str(text))
        if "code" not in within:
            words = _LOOKS_LIKE_A_TAG.sub("&lt;", words)
        if "td" in within or "th" in within:
            words = words.replace("|", "\\|")
        if words != text:
            text.replace_with(NavigableString(words))


def _tidy(text: str) -> str:
    lines = "\n".join(line.rstrip(" \t") for line in text.split("\n"))
    return _MANY_EMPTY_LINES.sub("\n\n", lines).strip("\n")


def counted(count: int, what: str) -> str:
    """“1 picture”, “1,200 pictures”."""
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def named(what: Iterable[str], *, most: int = 3, longest: int = 80) -> str:
    """The first few of some texts in quotation marks, each cut, with the number of the others."""
    texts = [" ".join(text.split()) for text in what]
    shown = ", ".join(f"“{text if len(text) <= longest else text[:longest] + '…'}”" for text in texts[:most])
    return f"{shown} and {len(texts) - most:,} more" if len(texts) > most else shown
