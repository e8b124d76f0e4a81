"""The Markdown of each field, gathered from the sections of a file."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from insights.exchange.decision_files.documents import OptionText, TextSection
from insights.exchange.decision_files.facts import Facts
from insights.exchange.decision_files.labels import TEXT_FIELDS, FactField, TextField
from insights.exchange.decision_files.markdown_blocks import settled
from insights.exchange.decision_files.options import option_title, read_options
from insights.exchange.decision_files.sections import Section
from insights.exchange.decision_files.titles import TitleReading
from insights.exchange.decision_files.y_statement import YStatement

_OPTION_FIELDS = frozenset({"considered", "arguments"})
_DEEPER_FIELDS = frozenset({"consequences", "confirmation"})


@dataclass(slots=True)
class Texts:
    """Texts by field, and what has no field, in the order of the file."""

    fields: dict[TextField, str] = field(default_factory=dict)
    options: tuple[OptionText, ...] = ()
    other: list[TextSection] = field(default_factory=list)

    def get(self, name: TextField) -> str:
        return self.fields.get(name, "")

    def add(self, name: TextField, text: str) -> None:
        if text:
            self.fields[name] = f"{self.fields[name]}\n\n{text}" if name in self.fields else text

    def add_section(self, section: Section, name: TextField) -> None:
        """The first section of a field loses its heading, which is the field's own; later ones keep theirs."""
        keep = section.telling or name in self.fields
        self.add(name, section.text(4 if name in _DEEPER_FIELDS else 3, keep_heading=keep))


def gather_texts(sections: Sequence[Section], facts: Facts, title: TitleReading) -> Texts:
    """Sections into fields; a section that gives a fact we already have stays a section."""
    texts = Texts()
    for section in sections:
        if title.used and section.heading is title.used.heading:
            _keep(texts, section, settled("\n".join(section.text(3).split("\n")[1:])))
        elif section.belongs_to is None:
            texts.other.append(TextSection(section.heading.text, section.text(3)))
        elif section.belongs_to not in TEXT_FIELDS:
            _take_fact(texts, section, facts)
        elif section.belongs_to not in _OPTION_FIELDS:
            texts.add_section(section, section.belongs_to)
    texts.options = read_options(section for section in sections if section.belongs_to in _OPTION_FIELDS)
    return texts


def take_y_statement(texts: Texts, statement: YStatement) -> None:
    """The parts of a Y-statement into the fields they stand for; what was neglected is the option not chosen."""
    texts.add("context", statement.context)
    texts.add("drivers", statement.drivers)
    texts.add("outcome", statement.outcome)
    texts.add("consequences", statement.consequences)
    if statement.neglected:
        texts.options = (OptionText(option_title(statement.neglected)),)


def _take_fact(texts: Texts, section: Section, facts: Facts) -> None:
    words = section.text(3)
    taken = facts.take_words(cast("FactField", section.belongs_to), words, section.heading.text, section.heading.line)
    if not taken:
        _keep(texts, section, words)


def _keep(texts: Texts, section: Section, words: str) -> None:
    if words:
        texts.other.append(TextSection(section.heading.text, words))
