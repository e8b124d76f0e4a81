"""Facts written as lines or as a table under the title: "* **Status:** Active", "Date: 2022-08-01", "| Scope | |"."""

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from insights.exchange.decision_files.labels import fact_label, is_free_label, plain_label
from insights.exchange.decision_files.markdown_blocks import Line, without_endings

_LABELLED = re.compile(
    r" {0,3}(?P<bullet>[*+-][ \t]+)?(?P<mark>\*\*|__|:)?(?P<label>[A-Za-z][\w()/ -]{0,40}?)"
    r"(?:\*\*|__)?[ \t]*:(?P<value>.*)$"
)
_TABLE_ROW = re.compile(r"[ \t]*\|(?P<label>[^|]*)\|(?P<value>.*)$")
_TABLE_RULE = re.compile(r"[ \t]*\|[ \t]*:?-+:?[ \t]*\|")
_FEWEST_FACTS = 2


@dataclass(frozen=True, slots=True)
class LabelledValue:
    label: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class LabelLines:
    """What the lines under a title say as label and value, and the lines that say something else.

    A blank line stands for what was taken, so that lines that were apart do not come to stand together.
    """

    values: tuple[LabelledValue, ...]
    rest: tuple[Line, ...]
    from_table: bool


def read_label_lines(lines: Sequence[Line]) -> LabelLines:
    """Labels we know anywhere; others only in a list or table together with one we know."""
    values: list[LabelledValue] = []
    rest: list[Line] = []
    from_table = False
    for run in _runs(lines):
        if not run[0].text.strip():
            rest += run
            continue
        taken, left, table = _read_run(run)
        values += taken
        rest += left
        from_table = from_table or table
    return LabelLines(tuple(values), tuple(rest), from_table)


def clean_value(value: str) -> str:
    """A value without hard breaks, trailing entities and the emphasis of its label."""
    words = value.strip()
    words = words[: without_endings(words, len(words))]
    if words.count("**") % 2:
        words = words.removeprefix("**") if words.startswith("**") else words.removesuffix("**")
    return words[: without_endings(words, len(words))].strip()


def _runs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines that stand together without a blank line, a table apart from the text around it; blank lines likewise."""
    for _, group in itertools.groupby(lines, key=lambda line: line.text.lstrip()[:1] if _is_mark(line) else "text"):
        yield list(group)


def _is_mark(line: Line) -> bool:
    return line.text.lstrip()[:1] in {"", "|"}


def _read_run(run: list[Line]) -> tuple[list[LabelledValue], list[Line], bool]:
    rows = _table_rows(run)
    if sum(fact_label(row.label) is not None for row in rows) >= _FEWEST_FACTS:
        return rows, [Line("", run[0].number)], True
    entries = _entries(run)
    is_list = any(value and fact_label(value.label) and _is_listed(lines) for value, lines in entries)
    taken, rest = [], []
    for value, lines in entries:
        if value and _counts(value, is_list=is_list and _is_listed(lines)):
            taken.append(value)
            rest.append(Line("", value.line))
        else:
            rest += lines
    return taken, rest, False


def _counts(value: LabelledValue, *, is_list: bool) -> bool:
    if plain_label(value.label).startswith("x "):
        return False
    return is_list or fact_label(value.label) is not None or is_free_label(value.label)


def _is_listed(lines: list[Line]) -> bool:
    match = _LABELLED.match(lines[0].text)
    return bool(match and (match["bullet"] or match["mark"]))


def _table_rows(run: list[Line]) -> list[LabelledValue]:
    """Rows of a table of two columns; its header counts as a row unless it is empty, its rule does not."""
    matches = [(line, _TABLE_ROW.match(line.text)) for line in run]
    rows = []
    for line, match in matches:
        value = match["value"].strip().removesuffix("|") if match else "|"
        if not match or re.search(r"(?<!\\)\|", value):
            return []
        label = clean_value(match["label"].strip().strip("*")).rstrip(":").strip()
        if _TABLE_RULE.match(line.text) or not (label or value.strip()):
            continue
        rows.append(LabelledValue(label, clean_value(value), line.number))
    return rows


def _entries(run: list[Line]) -> list[tuple[LabelledValue | None, list[Line]]]:
    """Each labelled line with the indented lines under it; a line without a label stands alone."""
    groups: list[list[Line]] = []
    for line in run:
        if groups and re.match(r"[ \t]{2,}\S", line.text) and _is_listed(groups[-1]):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [(_labelled_value(lines), lines) for lines in groups]


def _labelled_value(lines: list[Line]) -> LabelledValue | None:
    match = _LABELLED.match(lines[0].text)
    if not match or match["value"].startswith("//"):
        return None
    below = (clean_value(re.sub(r"^[ \t]*(?:[*+-][ \t]+)?", "", line.text)) for line in lines[1:])
    value = "\n".join([clean_value(match["value"]), *below]).strip()
    return LabelledValue(match["label"].strip(), value, lines[0].number)
