"""The title of a decision: its first heading, or what a person would take where that says nothing."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from insights.exchange.decision_files.dates import read_date_in_name
from insights.exchange.decision_files.labels import fact_label, plain_label, text_label
from insights.exchange.decision_files.markdown_blocks import Block, clean_heading, joined
from insights.exchange.decision_files.y_statement import what_was_decided

LONG_TITLE = 300  # characters; longer ones are kept whole and mentioned
_NUMBER = re.compile(
    r"(?:(?:ADR[-_ ]?)?#?(?P<plain>[0-9]{1,4})\s*[.):–—]\s+|(?P<letter>n)\.\s+"
    r"|ADR[-_ ]?(?P<adr>[0-9]{1,4})\s*[-.:–—]?\s+)(?=\S)",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(r"\{[^{}]*\}|\[[^\]]*\]|<!--.*-->|<[^<>]*>")
_DATE = re.compile(r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[\s:–-]+(?=\S)")
_EMPTY_WORDS = frozenset(
    {"architecture decision record", "architectural decision record", "decision record", "adr", "madr", "y statement",
     "title", "decision", "untitled"}
)  # fmt: skip
_ACRONYMS = frozenset(
    {"adr", "api", "aws", "be", "cd", "ci", "cms", "css", "csv", "db", "e2e", "fe", "hhs", "html", "http",
     "id", "json", "npm", "odh", "pdf", "qa", "sql", "ui", "url", "ux", "xml"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TitleReading:
    """`block` is the title's own; `replaced` is a heading that stood in its place and says nothing; `used` is the
    section the title was taken from instead.
    """

    title: str
    number: str | None = None
    date: dt.date | None = None
    block: Block | None = field(default=None, compare=False)
    used: Block | None = field(default=None, compare=False)
    replaced: str = ""
    guess: str = ""


@dataclass(frozen=True, slots=True)
class TitleParts:
    title: str
    number: str | None
    date: dt.date | None


def read_title(name: str, blocks: Sequence[Block], told: str = "", other: str = "") -> TitleReading:
    """`told` is a title our own export wrote; `other` one from foreign front matter, used where no heading has one."""
    block = _title_block(blocks, told)
    heading = block.heading.text if block and block.heading else ""
    if told:
        return TitleReading(told, block=block, replaced="" if heading == told else heading)
    if heading and not is_empty_title(heading):
        return _from_words(heading, block)
    section = next((found for found in blocks if found.heading and plain_label(found.heading.text) == "title"), None)
    words = _first_words(section) if section else ""
    if words and section is not block:
        return _from_words(words, block, used=section, replaced=heading)
    return _guessed(name, blocks, block, heading, other)


def split_title(words: str) -> TitleParts:
    """The parts of "2025-06-30 ADR 1: Revision" and "22. Submit"; "n." is a number not yet given."""
    rest, date, number = words, None, None
    match = _DATE.match(rest)
    if match:
        date, rest = read_date_in_name(match["date"]), rest[match.end() :]
    match = _NUMBER.match(rest)
    if match:
        digits = match["plain"] or match["adr"]
        number, rest = (str(int(digits)) if digits else None), rest[match.end() :]
    rest = _without_emphasis(clean_heading(rest))
    return TitleParts(rest, number, date) if rest.strip("#") else TitleParts(words, None, None)


def number_in_name(name: str) -> str | None:
    """The number in a file name: 0022-submit.md, ODH-ADR-Operator-0006-internal.md; never part of a date."""
    stem = PurePosixPath(name).stem
    if read_date_in_name(stem) or re.match(r"[0-9]{4}-[0-9]{2}(?![0-9])", stem):
        return None
    match = re.match(r"([0-9]{1,5})(?![0-9a-z])", stem) or re.search(r"(?:adr|ADR)(?:-\w+)?-([0-9]{1,5})\b", stem)
    return str(int(match[1])) if match else None


def is_empty_title(words: str) -> bool:
    """A first heading that names the kind of document and not the decision."""
    plain = plain_label(words)
    return plain in _EMPTY_WORDS or re.search(r"\b(?:decision record|adr) template$", plain) is not None


def is_placeholder(words: str) -> bool:
    """A gap to fill in, as templates have it: "{short title}", "[short title]", "<!-- short title -->"."""
    return _PLACEHOLDER.fullmatch(words) is not None


def is_same_title(heading: str, title: TitleReading) -> bool:
    return split_title(heading).title.casefold() == title.title.casefold()


def is_steady(title: str) -> bool:
    """Whether a title, written as a heading and read again, is still the same title."""
    return (
        split_title(clean_heading(title)) == TitleParts(title, None, None)
        and not is_empty_title(title)
        and not is_placeholder(title)
        and text_label(title) is None
        and fact_label(title) is None
    )


def _title_block(blocks: Sequence[Block], told: str) -> Block | None:
    """The first heading of level 1 that opens no section; without any, a first heading above all known ones."""
    headed = [(block, block.heading) for block in blocks if block.heading]
    if told:
        return next((block for block, heading in headed if heading.level == 1), None)
    for block, heading in headed:
        if heading.level == 1 and not _opens_section(heading.text):
            return block
    if not headed or headed[0][1].level == 1 or _opens_section(headed[0][1].text):
        return None
    first = headed[0][1].level
    known = [heading.level for _, heading in headed if _opens_section(heading.text)]
    return headed[0][0] if known and min(known) > first else None


def _opens_section(words: str) -> bool:
    return text_label(words) is not None or fact_label(words) is not None


def _from_words(words: str, block: Block | None, used: Block | None = None, replaced: str = "") -> TitleReading:
    parts = split_title(words)
    return TitleReading(parts.title, parts.number, parts.date, block, used, replaced)


def _guessed(name: str, blocks: Sequence[Block], block: Block | None, heading: str, other: str) -> TitleReading:
    has_sections = any(found.heading and text_label(found.heading.text) for found in blocks)
    lines = [] if has_sections else [line.text for found in blocks for line in found.lines]
    decided = what_was_decided("\n".join(lines))
    if decided:
        return TitleReading(decided, block=block, replaced=heading, guess="the title is made of what was decided")
    if other:
        return TitleReading(
            clean_heading(other), block=block, replaced=heading, guess="the title is from the front matter"
        )
    from_name = _title_from_name(name)
    if from_name and not is_empty_title(from_name):
        return TitleReading(from_name, block=block, replaced=heading, guess="the title is made of the file's name")
    title = _without_emphasis(heading) or "Untitled decision"
    return TitleReading(title, block=block, guess="the file gives no title of its own")


def _title_from_name(name: str) -> str:
    stem = PurePosixPath(name).stem
    stem = re.sub(r"^[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?[-_ ]+|^[0-9]{1,5}[-_ ]+|^.*?\bADR(?:-\w+)?-[0-9]+-", "", stem)
    words = re.sub(r"[-_\s#]+", " ", stem).split()
    words = [word.upper() if word.casefold() in _ACRONYMS else word for word in words]
    title = clean_heading(" ".join(words))
    return title[:1].upper() + title[1:]


def _first_words(block: Block) -> str:
    words = clean_heading(joined(line.text for line in block.lines).split("\n")[0])
    return words if re.search(r"\w", words) else ""


def _without_emphasis(words: str) -> str:
    match = re.fullmatch(r"(\*\*|__)(?P<inner>[^*_]+)\1", words)
    return match["inner"].strip() if match else words
