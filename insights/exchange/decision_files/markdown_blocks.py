"""Markdown cut at its headings, with an eye for code and comments, in which a # is no heading."""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

_ATX = re.compile(r" {0,3}(#{1,6})[ \t]+(\S.*)$")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_FENCE = re.compile(r"[ \t]*(?:[*+-][ \t]+|[0-9]{1,3}[.)][ \t]+)?(?P<mark>`{3,}|~{3,})(?P<info>.*)$")
_NO_PARAGRAPH = re.compile(r"[ \t]*$| {0,3}(?:#{1,6}(?:[ \t]|$)|>|[|]|[*+-][ \t]|[0-9]{1,9}[.)][ \t])|(?: {4}|\t)")
_ENDINGS = ("&#x20;", "&nbsp;", "\\")
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    number: int


@dataclass(slots=True)
class Block:
    """A heading and the lines up to the next one; the first block of a text has no heading."""

    heading: Heading | None
    lines: list[Line] = field(default_factory=list)


def cut_at_headings(text: str, first_line: int = 1) -> list[Block]:
    """Blocks in order. A fence or comment that is never closed is closed at the end, so that a block can be moved."""
    blocks = [Block(None)]
    for item in _scan(text.split("\n"), first_line):
        if isinstance(item, Heading):
            blocks.append(Block(item))
        else:
            blocks[-1].lines.append(item)
    return blocks


def heading_line(level: int, text: str) -> str:
    return f"{'#' * min(level, _DEEPEST)} {text}"


def under_heading(level: int, text: str, lines: Iterable[str]) -> list[str]:
    """A heading, one blank line, and the lines under it."""
    return [heading_line(level, text), "", *itertools.dropwhile(_is_blank, lines)]


def clean_heading(text: str) -> str:
    """A heading's words without closing marks and without the spaces editors leave at its end."""
    words = text.strip()
    end = without_endings(words, len(words))
    while True:
        start = end
        while start and words[start - 1] == "#":
            start -= 1
        if start == end or not start or not words[start - 1].isspace():
            return words[:end]
        end = without_endings(words, start)


def without_endings(words: str, end: int) -> int:
    """Where the words before `end` stop without the hard breaks and written-out spaces at their end."""
    while end:
        ending = next((mark for mark in _ENDINGS if words.endswith(mark, 0, end)), None)
        if ending is None and not words[end - 1].isspace():
            break
        end -= len(ending) if ending else 1
    return end


def joined(lines: Iterable[str]) -> str:
    """Lines as one text without blank lines at its ends; indentation of the first line stays."""
    return "\n".join(itertools.dropwhile(_is_blank, lines)).rstrip()


def fenced(text: str, language: str = "") -> str:
    """The text as a block of code, with a fence longer than any in it."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    mark = "`" * max(3, longest + 1)
    return f"{mark}{language}\n{text}\n{mark}"


def settled(text: str) -> str:
    """Text taken out of its place, with every line that would now be read as a heading turned into plain text."""
    first, *others = cut_at_headings(text)
    lines = [line.text for line in first.lines]
    for block in others:
        if block.heading:
            heading, *below = under_heading(
                block.heading.level, block.heading.text, (line.text for line in block.lines)
            )
            lines += ["\\" + heading, *below]
    return joined(lines)


def _is_blank(line: str) -> bool:
    return not line.strip()


def _scan(lines: Sequence[str], first_line: int) -> Iterator[Heading | Line]:
    position, fresh = 0, True
    while position < len(lines):
        if not lines[position].strip():
            yield Line("", first_line + position)
            position, fresh = position + 1, True
            continue
        end, closing = _opaque_end(lines, position)
        if end > position:
            yield from (Line(lines[at], first_line + at) for at in range(position, end))
            if closing:
                yield Line(closing, first_line + end - 1)
            position, fresh = end, False
            continue
        heading, used = _heading_at(lines, position, first_line, fresh=fresh)
        yield heading or Line(lines[position], first_line + position)
        position, fresh = position + used, heading is not None


def _heading_at(lines: Sequence[str], position: int, first_line: int, *, fresh: bool) -> tuple[Heading | None, int]:
    """The heading that starts here and the lines it takes: one, or two where it is underlined.

    `fresh` tells that no paragraph goes on from the line before.
    """
    match = _ATX.match(lines[position])
    if match:
        text = clean_heading(match[2])
        return (Heading(len(match[1]), text, first_line + position) if text.strip("#") else None), 1
    return _underlined_heading(lines, position, first_line) if fresh else (None, 1)


def _underlined_heading(lines: Sequence[str], position: int, first_line: int) -> tuple[Heading | None, int]:
    """Only a paragraph of one line becomes a heading: longer ones are far more often text above a rule."""
    if position + 1 >= len(lines) or _NO_PARAGRAPH.match(lines[position]):
        return None, 1
    match = _UNDERLINE.match(lines[position + 1])
    text = clean_heading(lines[position])
    if not match or not text.strip("#=-") or _UNDERLINE.match(lines[position]):
        return None, 1
    return Heading(1 if match[1][0] == "=" else 2, text, first_line + position), 2


def _opaque_end(lines: Sequence[str], position: int) -> tuple[int, str]:
    """Where code or a comment that opens on this line ends, and the line to add where it never does."""
    line = lines[position]
    if line.lstrip(" ").startswith("<!--"):
        return _comment_end(lines, position)
    match = _FENCE.match(line)
    if not match or (match["mark"][0] == "`" and "`" in match["info"]):
        return position, ""
    return _fence_end(lines, position, match["mark"])


def _comment_end(lines: Sequence[str], position: int) -> tuple[int, str]:
    for at in range(position, len(lines)):
        text = lines[at].lstrip(" ")[4:] if at == position else lines[at]
        if "-->" in text:
            return at + 1, ""
    return len(lines), "-->"


def _fence_end(lines: Sequence[str], position: int, mark: str) -> tuple[int, str]:
    closing = re.compile(rf"[ \t]*{re.escape(mark[0])}{{{len(mark)},}}[ \t]*$")
    for at in range(position + 1, len(lines)):
        if closing.match(lines[at]):
            return at + 1, ""
    return len(lines), mark
