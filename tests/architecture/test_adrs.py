"""Our own decisions are kept by the rules that the product asks of others: its reader understands each of them."""

from __future__ import annotations

from datetime import date
from itertools import count
from pathlib import Path

import pytest

from insights.exchange.decision_files import DecisionDocument, read_decision_file

ROOT = Path(__file__).parents[2]
RECORDS = sorted((ROOT / "docs" / "adr").glob("*.md"))

each_record = pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)


@each_record
def test_the_products_own_reader_understands_the_record(path: Path) -> None:
    record = _read(path)

    assert path.read_text("utf-8").splitlines()[6] == f"# {record.title}"
    assert (record.format, record.status, record.decided_on) == ("madr", "accepted", date(2026, 11, 23))
    assert record.context
    assert record.outcome
    assert record.consequences


@each_record
def test_the_reader_finds_nothing_that_it_has_to_guess_or_cannot_place(path: Path) -> None:
    record = _read(path)

    assert [note.what for note in record.notes] == []
    assert record.other_sections == ()


@each_record
def test_the_option_chosen_is_one_of_those_considered(path: Path) -> None:
    record = _read(path)

    options = [option.title for option in record.options if option.title]
    assert len(options) > 1
    assert sum(f'Chosen option: "{option}"' in record.outcome for option in options) == 1


def test_records_are_numbered_without_gaps() -> None:
    numbers = [path.name[:4] for path in RECORDS]

    assert numbers
    assert numbers == [f"{number:04}" for number, _ in zip(count(1), numbers, strict=False)]


def _read(path: Path) -> DecisionDocument:
    reading = read_decision_file(f"docs/adr/{path.name}", path.read_bytes())
    assert isinstance(reading, DecisionDocument), reading
    return reading
