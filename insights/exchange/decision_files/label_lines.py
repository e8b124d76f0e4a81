"""Facts written as lines or as a table under the title: "* **Status:** Active", "Date: 2022-08-01", "| Scope | |"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from insights.exchange.decision_files.labels import fact_label, is_free_label, plain_label
from insights.exchange.decision_files.markdown_blocks import Line

_LABELLED = re.compile(
    r" {0,3}(?P<bullet>[*+-][ \t]+)?(?P<mark>\*\*|__|:)?(?P<label>[A-Za-z][\w()/ -]{0,40}?)"
    r"(?:\*\*|__)?[ \t]*:(?P<value>.*)$"
)
_TABLE_ROW = re.compile(r"[ \t]*\|(?P<label>[^|]*)\|(?P<value>.*?)\|?[ \t]*$")
_TABLE_RULE = re.compile(r"[ \t]*\|[ \t]*:?-+:?[ \t]*\|")
_FEWEST_FACTS = 2


@dataclass(frozen=True, slots=True)
class LabelledValue:
    label: str
    value: str
    line: int


@dataclass(frozen=True, slots=True)
class LabelLines:
    """What the lines under a title say as label and value, and the lines that say something else."""

    values: tuple[LabelledValue, ...]
    rest: tuple[Line, ...]
    from_table: bool


def read_label_lines(lines: Sequence[Line]) -> LabelLines:
    """Labels we know anywhere; others only in a list or table together with one we know."""
    values: list[LabelledValue] = []
    rest: list[Line] = []
    from_table = False
    for run in _runs(lines):
        taken, left, table = _read_run(run)
        values += taken
        rest += left
        from_table = from_table or table
    return LabelLines(tuple(values), tuple(rest), from_table)


def clean_value(value: str) -> str:
    """A value without hard breaks, trailing entities and the emphasis of its label."""
    before, after = "", value.strip()
    while before != after:
        before = after
        after = after.removesuffix("&#x20;").removesuffix("\\").strip()
        after = after.removeprefix("**").strip() if after.count("**") % 2 else after
        after = after.removesuffix("**").strip() if after.count("**") % 2 else after
    return after


def _runs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines that stand together without a blank line; each blank line is a run of its own."""
    run: list[Line] = []
    for line in lines:
        if line.text.strip():
            run.append(line)
            continue
        if run:
            yield run
        yield [line]
        run = []
    if run:
        yield run


def _read_run(run: list[Line]) -> tuple[list[LabelledValue], list[Line], bool]:
    rows = _table_rows(run)
    if sum(fact_label(row.label) is not None for row in rows) >= _FEWEST_FACTS:
        return rows, [], True
    entries = _entries(run)
    is_list = any(value and fact_label(value.label) and _is_listed(lines) for value, lines in entries)
    taken, rest = [], []
    for value, lines in entries:
        if value and _counts(value, is_list=is_list and _is_listed(lines)):
            taken.append(value)
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
        if not match or re.search(r"(?<!\\)\|", match["value"]):
            return []
        label = clean_value(match["label"].strip().strip("*")).rstrip(":").strip()
        if _TABLE_RULE.match(line.text) or not (label or match["value"].strip()):
            continue
        rows.append(LabelledValue(label, clean_value(match["value"]), line.number))
    return rows


def _entries(run: list[Line]) -> list[tuple[LabelledValue | None, list[Line]]]:
    """Each labelled line with the indented lines under it; a line without a label stands alone."""
    entries: list[tuple[LabelledValue | None, list[Line]]] = []
    for line in run:
        match = _LABELLED.match(line.text)
        head, lines = entries[-1] if entries else (None, [])
        if head and re.match(r"[ \t]{2,}\S", line.text) and _is_listed(lines):
            entries[-1] = (_continued(head, line.text), [*lines, line])
        elif match and not match["value"].startswith("//"):
            value = LabelledValue(match["label"].strip(), clean_value(match["value"]), line.number)
            entries.append((value, [line]))
        else:
            entries.append((None, [line]))
    return entries


def _continued(head: LabelledValue, text: str) -> LabelledValue:
    item = clean_value(re.sub(r"^[ \t]*(?:[*+-][ \t]+)?", "", text))
    return LabelledValue(head.label, f"{head.value}\n{item}".strip(), head.line)
