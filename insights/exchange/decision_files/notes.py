"""What a person should know about a reading: every guess, and everything kept without being understood."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from insights.exchange.decision_files.dates import DateReading
from insights.exchange.decision_files.documents import ReadingNote
from insights.exchange.decision_files.facts import Facts
from insights.exchange.decision_files.label_lines import LabelLines
from insights.exchange.decision_files.source import EVIDENCE_KEY, SourceFile
from insights.exchange.decision_files.statuses import StatusReading
from insights.exchange.decision_files.texts import Texts
from insights.exchange.decision_files.titles import LONG_TITLE, TitleReading

_SHORT = 80  # characters of a text that are quoted in a note


@dataclass(frozen=True, slots=True)
class NoteSources:
    source: SourceFile
    title: TitleReading
    facts: Facts
    labels: LabelLines
    texts: Texts
    status: StatusReading
    date: DateReading
    date_from: str


def take_notes(found: NoteSources) -> tuple[ReadingNote, ...]:
    return (*_about_the_file(found), *_about_the_title(found), *_about_facts(found), *_about_what_is_kept(found))


def _about_the_file(found: NoteSources) -> Iterator[ReadingNote]:
    if found.source.encoding:
        yield ReadingNote("guessed", f"the text is not UTF-8 and was read as {found.source.encoding}")
    if PurePosixPath(found.source.name).parent.name.casefold() in {"template", "templates"}:
        yield ReadingNote("guessed", "the file lies among templates, but it is filled in: taken as a decision")
    if found.source.is_rst:
        yield ReadingNote(
            "guessed", "headings and code are brought into Markdown, other reStructuredText stays as written"
        )
    if found.source.front.problem:
        what = f"the front matter cannot be read ({found.source.front.problem}); it is kept as text"
        yield ReadingNote("not understood", what, 1)


def _about_the_title(found: NoteSources) -> Iterator[ReadingNote]:
    title = found.title
    line = title.block.heading.line if title.block and title.block.heading else None
    if title.guess:
        yield ReadingNote("guessed", f"{title.guess}: “{_short(title.title)}”", line)
    if len(title.title) > LONG_TITLE:
        yield ReadingNote("guessed", f"the title has {len(title.title):,} characters and may be a paragraph", line)


def _about_facts(found: NoteSources) -> Iterator[ReadingNote]:
    facts = found.facts
    status, date = facts.words.get("status", ""), facts.words.get("date", "")
    if status and found.status.status is None:
        yield ReadingNote("not understood", f"the status “{_short(status)}” is none we know", facts.lines.get("status"))
    elif status and not found.status.sure:
        what = f"the status “{_short(status)}” is read as {found.status.status}"
        yield ReadingNote("guessed", what, facts.lines.get("status"))
    if date and (found.date.value is None or found.date_from):
        yield ReadingNote("not understood", f"the date “{_short(date)}” cannot be read", facts.lines.get("date"))
    if found.date.guess:
        yield ReadingNote("guessed", found.date.guess, facts.lines.get("date"))
    if found.date_from:
        yield ReadingNote("guessed", f"{found.date_from}: {found.date.value}")
    if facts.labels.get("decision_makers", "").startswith("author"):
        yield ReadingNote("guessed", "the authors are taken as decision makers", facts.lines.get("decision_makers"))


def _about_what_is_kept(found: NoteSources) -> Iterator[ReadingNote]:
    lines = {value.label: value.line for value in found.labels.values}
    for key in found.facts.front_matter:
        if key != EVIDENCE_KEY:
            yield ReadingNote("not understood", f"“{_short(key)}” is kept in the front matter", lines.get(key))
    headings = {block.heading.text: block.heading.line for block in found.source.blocks if block.heading}
    for section in found.texts.other:
        if section.heading:
            what = f"the section “{_short(section.heading)}” is kept under its own heading"
            yield ReadingNote("not understood", what, headings.get(section.heading))
        else:
            yield ReadingNote("not understood", f"text under the title is kept there: “{_short(section.body)}”")


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _SHORT else words[: _SHORT - 1] + "…"
