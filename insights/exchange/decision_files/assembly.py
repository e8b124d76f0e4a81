"""The parts of a file put together into one document."""

import datetime as dt
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import cast

from insights.exchange.decision_files.dates import DateReading, read_date, read_date_in_name
from insights.exchange.decision_files.documents import DecisionDocument, DecisionFormat, TextSection
from insights.exchange.decision_files.facts import Facts
from insights.exchange.decision_files.front_matter import flow_text
from insights.exchange.decision_files.label_lines import LabelLines, read_label_lines
from insights.exchange.decision_files.labels import plain_label
from insights.exchange.decision_files.markdown_blocks import fenced, joined, settled
from insights.exchange.decision_files.notes import NoteSources, take_notes
from insights.exchange.decision_files.references import references_in, without_repeats
from insights.exchange.decision_files.sections import SectionedText, sort_into_sections
from insights.exchange.decision_files.source import (
    DATE_WORDS_KEY,
    FORMAT_KEY,
    NUMBER_KEY,
    STATUS_WORDS_KEY,
    TITLE_KEY,
    SourceFile,
)
from insights.exchange.decision_files.statuses import StatusReading, read_status
from insights.exchange.decision_files.texts import gather_texts, take_y_statement
from insights.exchange.decision_files.titles import TitleReading, number_in_name, read_title
from insights.exchange.decision_files.y_statement import read_y_statement

_MADR_HEADINGS = frozenset({"context and problem statement", "decision outcome"})


@dataclass(frozen=True, slots=True)
class Assembled:
    """`has_facts` tells whether the file itself gave a status, a date, people, a reference or a Y-statement."""

    document: DecisionDocument
    has_facts: bool


def assemble(source: SourceFile) -> Assembled:
    own = source.own()
    foreign_title = flow_text(source.front.values.get("title"))
    title = read_title(source.name, source.blocks, own.get(TITLE_KEY, ""), foreign_title)
    sorted_text = sort_into_sections(source.blocks, title)
    labels = read_label_lines(sorted_text.preamble)
    facts = _take_facts(source, own, labels)
    texts = gather_texts(sorted_text.sections, facts, title)
    preamble = settled(joined(line.text for line in labels.rest))
    statement = None if texts.fields or texts.options else read_y_statement(preamble)
    if statement:
        take_y_statement(texts, statement)
        preamble = statement.before
    status = _read_status(facts, own)
    date = _read_dates(source.name, facts, title, status.words)
    texts.other[:0] = _oddities(source, title, facts, preamble, date.reading.value)
    sources = NoteSources(source, title, facts, labels, texts, status.reading, date.reading, date.from_elsewhere)
    form = _form(source, sorted_text, labels, is_y_statement=statement is not None)
    references = references_in(status.words, texts.get("more_information"))
    document = DecisionDocument(
        name=source.name,
        format=cast("DecisionFormat", own.get(FORMAT_KEY, form)),
        number=own.get(NUMBER_KEY) or title.number or number_in_name(source.name),
        title=title.title,
        status=status.reading.status,
        status_text=status.words,
        decided_on=date.reading.value,
        date_text=own.get(DATE_WORDS_KEY) or date.words,
        decision_makers=facts.lists.get("decision_makers", ()),
        consulted=facts.lists.get("consulted", ()),
        informed=facts.lists.get("informed", ()),
        context=texts.get("context"),
        drivers=texts.get("drivers"),
        options=texts.options,
        outcome=texts.get("outcome"),
        consequences=texts.get("consequences"),
        confirmation=texts.get("confirmation"),
        more_information=texts.get("more_information"),
        supersedes=without_repeats([*facts.lists.get("supersedes", ()), *references.supersedes]),
        superseded_by=without_repeats([*facts.lists.get("superseded_by", ()), *references.superseded_by]),
        other_sections=tuple(texts.other),
        front_matter=facts.front_matter,
        notes=take_notes(sources),
        sha256=source.sha256,
    )
    return Assembled(document, facts.found or statement is not None)


@dataclass(frozen=True, slots=True)
class _Status:
    reading: StatusReading
    words: str


@dataclass(frozen=True, slots=True)
class _Date:
    """`from_elsewhere` tells in words where the date was found if it has no place of its own in the file."""

    reading: DateReading
    words: str = ""
    from_elsewhere: str = ""


def _take_facts(source: SourceFile, own: dict[str, str], labels: LabelLines) -> Facts:
    facts = Facts()
    facts.take_front_matter(source.front.values, own)
    if DATE_WORDS_KEY in own:
        facts.take_words("date", own[DATE_WORDS_KEY], DATE_WORDS_KEY)
    facts.take_label_lines(labels.values)
    return facts


def _read_status(facts: Facts, own: dict[str, str]) -> _Status:
    words = facts.words.get("status", "")
    return _Status(read_status(words), own.get(STATUS_WORDS_KEY, words))


def _read_dates(name: str, facts: Facts, title: TitleReading, status_text: str) -> _Date:
    """The date given as such; else one in the title, in the status, in the file's name, in this order."""
    words = facts.words.get("date", "")
    reading = read_date(words)
    if reading.value:
        return _Date(reading, "" if words == reading.value.isoformat() else words)
    if title.date:
        return _Date(DateReading(title.date), words)
    in_status = read_date(status_text)
    if in_status.value:
        return _Date(in_status, words, "the date is taken from the status")
    in_name = read_date_in_name(PurePosixPath(name).stem)
    return _Date(DateReading(in_name), words, "the date is taken from the file's name" if in_name else "")


def _form(source: SourceFile, text: SectionedText, labels: LabelLines, *, is_y_statement: bool) -> str:
    headings = {plain_label(section.heading.text) for section in text.sections}
    if source.is_rst:
        return "rst"
    if labels.from_table:
        return "rfc-table"
    if is_y_statement:
        return "y-statement"
    if headings & _MADR_HEADINGS:
        return "madr"
    return "nygard" if headings & {"decision", "status"} else "other"


def _oddities(
    source: SourceFile, title: TitleReading, facts: Facts, preamble: str, decided_on: dt.date | None
) -> list[TextSection]:
    """Text without a section of its own, first what stands under the title."""
    front = source.front
    under_title = "\n\n".join(filter(None, [preamble, *facts.leftover_lines]))
    found = [
        TextSection("", under_title),
        TextSection("Heading in the file", settled(title.replaced)),
        TextSection("Front matter that could not be read", fenced(front.raw, "yaml") if front.problem else ""),
        TextSection("Comments in the front matter", fenced("\n".join(front.comments)) if front.comments else ""),
    ]
    if title.date and title.date != decided_on:
        found.append(TextSection("Date in the title", title.date.isoformat()))
    return [section for section in found if section.body] + facts.leftover_sections
