"""docs/asvs.csv answers each requirement once, in one of four words, and names tests that there are."""

from __future__ import annotations

import ast
import csv
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ANSWERS = {"met", "partly", "not", "not applicable"}


def rows() -> list[dict[str, str]]:
    with (ROOT / "docs" / "asvs.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_each_requirement_is_answered_once_and_in_words() -> None:
    read = rows()
    numbers = [row["requirement"] for row in read]

    assert len(numbers) == len(set(numbers)) > 90
    assert all(re.fullmatch(r"V\d{1,2}\.\d{1,2}\.\d{1,2}", number) for number in numbers)
    assert {row["answer"] for row in read} <= ANSWERS
    assert [row["requirement"] for row in read if not row["how"].strip()] == []


def test_whatever_is_said_to_be_met_names_a_test_or_a_page_that_there_is() -> None:
    for row in rows():
        shown, number = row["shown by"], row["requirement"]
        if row["answer"] == "met":
            assert shown, f"{number} is said to be met, and nothing shows it"
        if shown:
            path, _, name = shown.partition("::")
            assert (ROOT / path).is_file(), f"{number}: {path} is not there"
            assert not name or name in _tests_of(ROOT / path), f"{number}: there is no {name} in {path}"


def _tests_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
