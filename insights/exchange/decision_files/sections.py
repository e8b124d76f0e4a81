"""Which block of a decision belongs to which field."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from insights.exchange.decision_files.labels import FactField, TextField, fact_label, plain_label, text_label
from insights.exchange.decision_files.markdown_blocks import Block, Heading, Line, joined, under_heading
from insights.exchange.decision_files.titles import TitleReading, is_same_title

# Sections out of which a known heading is taken even where it stands deeper, as MADR's consequences do.
_OPEN_FIELDS = frozenset({"context", "outcome"})
_CONTAINERS = frozenset({"overview", "summary", "introduction"})


@dataclass(slots=True)
class Section:
    """A heading, its lines, and the deeper headings that stay within it."""

    heading: Heading
    belongs_to: TextField | FactField | None
    telling: bool = False
    lines: list[Line] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    def text(self, floor: int, *, keep_heading: bool = False) -> str:
        """The section as Markdown whose headings start at `floor`, deeper ones keeping their distance."""
        base = floor + 1 if keep_heading else floor
        own = [line.text for line in self.lines]
        written = under_heading(floor, self.heading.text, own) if keep_heading else own
        for block in self.blocks:
            if block.heading:
                level = block.heading.level - self.heading.level - 1 + base
                written += under_heading(level, block.heading.text, (line.text for line in block.lines))
        return joined(written)


@dataclass(slots=True)
class SectionedText:
    """`preamble` holds the lines that stand under the title, before any section."""

    preamble: list[Line] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Open:
    level: int
    section: Section | None


def sort_into_sections(blocks: Sequence[Block], title: TitleReading) -> SectionedText:
    """Walks the blocks once; a section ends at the next heading of its own level or above."""
    sorted_text = SectionedText()
    opened: list[_Open] = []
    for block in blocks:
        heading = block.heading
        if heading is None or block is title.block:
            sorted_text.preamble += block.lines
            continue
        while opened and opened[-1].level >= heading.level:
            opened.pop()
        within = _text_section(opened)
        if _is_transparent(heading, within, title):
            sorted_text.preamble += block.lines
            opened.append(_Open(heading.level, None))
        elif _starts_section(heading, within):
            section = _new_section(block, heading)
            sorted_text.sections.append(section)
            opened.append(_Open(heading.level, section))
        elif within:
            within.blocks.append(block)
    return sorted_text


def _text_section(opened: Sequence[_Open]) -> Section | None:
    """The section that deeper headings belong to; a fact ("Status") has no headings of its own."""
    section = opened[-1].section if opened else None
    return None if section and fact_label(section.heading.text) else section


def _is_transparent(heading: Heading, within: Section | None, title: TitleReading) -> bool:
    """A second heading that repeats the title opens nothing: its lines are those of the title."""
    return within is None and not _known(heading) and is_same_title(heading.text, title)


def _starts_section(heading: Heading, within: Section | None) -> bool:
    if within is None:
        return True
    label = text_label(heading.text)
    if within.belongs_to in _OPEN_FIELDS:
        return label is not None and label.field != within.belongs_to
    return within.belongs_to is None and _is_container(within) and _known(heading)


def _is_container(section: Section) -> bool:
    return section.heading.level == 1 or plain_label(section.heading.text) in _CONTAINERS


def _known(heading: Heading) -> bool:
    return text_label(heading.text) is not None or fact_label(heading.text) is not None


def _new_section(block: Block, heading: Heading) -> Section:
    label = text_label(heading.text)
    if label:
        return Section(heading, label.field, telling=label.telling, lines=block.lines)
    return Section(heading, fact_label(heading.text), lines=block.lines)
