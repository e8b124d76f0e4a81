"""The options weighed: a list of titles, and often a section with the arguments for each."""

import re
import textwrap
from collections.abc import Iterable, Sequence

from insights.exchange.decision_files.documents import OptionText
from insights.exchange.decision_files.markdown_blocks import Block, Line, clean_heading, joined, settled, under_heading
from insights.exchange.decision_files.sections import Section

_ITEM = re.compile(r"(?P<indent> {0,3})(?:[*+-]|[0-9]{1,3}[.)])[ \t]+(?P<title>\S.*)$")
_BOLD = re.compile(r"\*\*(?P<words>[^*]*)\*\*")
_FLOOR = 4
_FEWEST_BOLD = 2
_NO_OPTION = frozenset({"na", "none", "tbd"})


def read_options(sections: Iterable[Section]) -> tuple[OptionText, ...]:
    """Options in the order they are listed, each with the arguments found under a heading of the same words."""
    found: list[OptionText] = []
    for section in sections:
        if section.telling:
            found.append(OptionText(option_title(section.heading.text), section.text(_FLOOR)))
            continue
        if section.belongs_to == "considered":
            found += _listed(section.lines)
        else:
            found.append(OptionText("", joined(line.text for line in section.lines)))
        found += _headed(section.blocks)
    return _merged(found)


def is_same_option(one: str, other: str) -> bool:
    return _key(one) == _key(other)


def _listed(lines: Sequence[Line]) -> list[OptionText]:
    """A pure list gives one option an item; paragraphs that start with a bold "Option 1" one each; else plain text."""
    texts = [line.text for line in lines]
    starts = _item_starts(texts)
    if starts is None:
        starts = [at for at, text in enumerate(texts) if _is_bold_option(text)]
        if len(starts) < _FEWEST_BOLD:
            return [OptionText("", joined(texts))]
    before = settled(joined(texts[: starts[0]])) if starts else ""
    ends = [*starts[1:], len(texts)]
    return [OptionText("", before), *(_item(texts[start:end]) for start, end in zip(starts, ends, strict=True))]


def _is_bold_option(text: str) -> bool:
    match = _BOLD.match(text)
    return match is not None and "option" in re.findall(r"\w+", match["words"].casefold())


def _item_starts(texts: Sequence[str]) -> list[int] | None:
    """Where the items of a list start, None where anything stands outside of them."""
    starts: list[int] = []
    indent, blank = None, True
    for at, text in enumerate(texts):
        match = _ITEM.match(text)
        if match and indent in {None, match["indent"]} and _is_title(match["title"]):
            starts.append(at)
            indent = match["indent"]
        elif text.strip() and (indent is None or (blank and not text.startswith((indent + "  ", "\t")))):
            return None
        blank = not text.strip()
    return starts or None


def _item(texts: Sequence[str]) -> OptionText:
    match = _ITEM.match(texts[0])
    title = match["title"] if match else texts[0]
    return OptionText(option_title(title), settled(joined(textwrap.dedent("\n".join(texts[1:])).split("\n"))))


def _headed(blocks: Sequence[Block]) -> list[OptionText]:
    """One option a heading; headings deeper than it stay in its body."""
    options: list[tuple[str, int, list[str]]] = []
    for block in blocks:
        if block.heading is None:
            continue
        texts = [line.text for line in block.lines]
        if not options or block.heading.level <= options[-1][1]:
            options.append((option_title(block.heading.text), block.heading.level, texts))
            continue
        _, level, body = options[-1]
        body += under_heading(block.heading.level - level - 1 + _FLOOR, block.heading.text, texts)
    return [OptionText(title, joined(body)) for title, _, body in options]


def _merged(found: Sequence[OptionText]) -> tuple[OptionText, ...]:
    """Texts of equal titles together; text about all options first. A lone "N/A" is text and no option."""
    titles: dict[str, str] = {}
    bodies: dict[str, list[str]] = {"": []}
    for option in found:
        key = _key(option.title)
        titles.setdefault(key, option.title)
        bodies.setdefault(key, []).append(option.body)
    titled = [key for key in bodies if key]
    if len(titled) == 1 and titled[0] in _NO_OPTION and not any(bodies[titled[0]]):
        bodies = {"": [*bodies[""], titles[titled[0]]]}
    merged = (OptionText(titles[key] if key else "", "\n\n".join(filter(None, texts))) for key, texts in bodies.items())
    return tuple(option for option in merged if option.title or option.body)


def option_title(words: str) -> str:
    """Words fit to stand both as an item of a list and as a heading."""
    title = clean_heading(words)
    return title if _is_title(title) else "\\" + title


def _is_title(words: str) -> bool:
    """Words that stay one line of a list and a heading: not a fence, not only marks."""
    cleaned = clean_heading(words)
    return bool(cleaned.strip("#")) and not cleaned.startswith(("```", "~~~"))


def _key(title: str) -> str:
    """The words of a title without links and marks, so that a listed link and a plain heading meet."""
    words = re.sub(r"\[([^\[\]]*)\]\([^()]*\)", r"\1", title)
    return "".join(re.findall(r"\w+", words)).casefold() or title
