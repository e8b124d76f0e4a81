"""docs/asvs.csv answers every requirement of OWASP ASVS 5.0, levels 1 and 2, and names tests and documents there are.

`asvs_levels.txt` holds the numbers of all 345 requirements of the standard with their levels, and none of its words.
"""

from __future__ import annotations

import ast
import csv
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LEVELS = Path(__file__).parent / "asvs_levels.txt"
ANSWERS = ("met", "partly", "not met", "not applicable")
HEAD = ["requirement", "level", "what it asks, in our words", "answer", "how", "shown by"]
REQUIREMENTS = 345
Row = dict[str, str]


def rows() -> list[Row]:
    with (ROOT / "docs" / "asvs.csv").open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        assert reader.fieldnames == HEAD
        return list(reader)


def levels() -> dict[str, str]:
    """The level, by number, in the order of the standard."""
    return dict(line.split() for line in LEVELS.read_text("ascii").splitlines())


def test_the_standard_has_as_many_requirements_as_were_counted_in_it() -> None:
    known = levels()

    assert len(known) == REQUIREMENTS
    assert Counter(known.values()) == {"1": 70, "2": 183, "3": 92}
    assert all(re.fullmatch(r"V\d{1,2}\.\d{1,2}\.\d{1,2}", number) for number in known)


def test_every_requirement_of_levels_1_and_2_is_answered_once_and_in_order() -> None:
    known, answered = levels(), [row["requirement"] for row in rows()]

    assert [number for number, level in known.items() if level != "3" and number not in answered] == []
    assert [number for number in answered if number not in known] == []
    assert answered == sorted(set(answered), key=list(known).index)
    assert [row["requirement"] for row in rows() if row["level"] != known[row["requirement"]]] == []


def test_answers_are_known_words_and_each_says_how_or_why_not() -> None:
    for row in rows():
        number = row["requirement"]
        assert row["answer"] in ANSWERS, number
        assert row[HEAD[2]].strip(), number
        assert row["how"].strip(), number
        assert row["answer"] != "not met" or "Needed: " in row["how"], f"{number} does not say what is needed"
        assert row["answer"] != "not applicable" or not row["shown by"], f"{number} shows what does not apply"


def test_whatever_is_said_to_be_met_is_shown_by_a_test_or_stands_in_a_document() -> None:
    for row in rows():
        shown = [each.strip() for each in row["shown by"].split(";") if each.strip()]
        if row["answer"] == "met":
            assert shown, f"{row['requirement']} is said to be met, and nothing shows it"
        for each in shown:
            assert _is_there(each), f"{row['requirement']}: there is no {each}"


@pytest.mark.parametrize(
    "missing", ["tests/architecture/test_asvs.py::test_nothing", "docs/asvs.csv", "docs/vault.md#x"]
)
def test_what_is_not_there_is_noticed(missing: str) -> None:
    assert not _is_there(missing)


def test_the_summary_in_the_page_on_security_is_what_the_answers_add_up_to() -> None:
    counted = Counter((row["level"], row["answer"]) for row in rows())
    wanted = [["Level", *(answer.capitalize() for answer in ANSWERS)]]
    wanted += [[level, *(str(counted[level, answer]) for answer in ANSWERS)] for level in ("1", "2")]

    section = (ROOT / "SECURITY.md").read_text("utf-8").partition("## OWASP ASVS 5.0")[2].partition("\n## ")[0]

    assert [cells for cells in _cells(section) if not cells[0].startswith("-")] == wanted


def test_what_is_not_met_is_told_on_the_page_on_security() -> None:
    section = (ROOT / "SECURITY.md").read_text("utf-8").partition("## OWASP ASVS 5.0")[2].partition("\n## ")[0]

    open_ones = [row["requirement"] for row in rows() if row["answer"] == "not met" and row["level"] in {"1", "2"}]

    assert [number for number in open_ones if number not in section] == []


def _is_there(shown: str) -> bool:
    """A test as `path::name`, or a heading as `path#anchor`."""
    path, is_test, name = shown.partition("::")
    if is_test:
        return (ROOT / path).is_file() and name in _tests_of(ROOT / path)
    path, _, anchor = shown.partition("#")
    return path.endswith(".md") and (ROOT / path).is_file() and anchor in _anchors_of(ROOT / path)


@cache
def _tests_of(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


@cache
def _anchors_of(path: Path) -> frozenset[str]:
    headings = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)
    return frozenset(re.sub(r"[^\w\- ]", "", each.lower()).strip().replace(" ", "-") for each in headings)


def _cells(text: str) -> Iterator[list[str]]:
    for line in text.splitlines():
        if line.startswith("|"):
            yield [cell.strip() for cell in line.strip("|").split("|")]
