"""What can be set, run or allowed is written down, and what is written down as done is tested."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from insights.core.access import Permission, Role
from research_hub.cli import main
from research_hub.config import Settings

ROOT = Path(__file__).parents[2]
FEATURES = ROOT.parent / "shared" / "product" / "features.md"
# The rows that the first release brings.
WANTED = set(
    re.findall(
        r"\w+",
        "A1 A2 A3 A4 A5 A7 A8 A9 B1 B2 B3 B4 B5 B6 C1 C2 C3 C4 C5 C6 C7 D1 D2 D3 D4 D5 D6 D7 E1 E2 E3 E4 E5 E6 E7 E8 "
        "F1 F2 F3 F4 F5 G1 G2 G3 G4 G5 G6 G7 G8 G9 G10 G11 H1 H2 H3 H4 "
        "I1 I2 I3 I4 I5 I6 J1 J3 J5 K1 K2 K3 L1 L2 L3 L4 L5 L6 L7 M2 "
        "N3 N4 N5 N6 O1 O2 O3 O4",
    )
)
_LINE = re.compile(r"^\|\s*([A-Z]+\d+)\s*\|(.*)\|\s*$", re.MULTILINE)
_TEST = re.compile(r"(tests/[\w/.-]+\.py)::([\w\[\]-]+)")


def _read(name: str) -> str:
    path = ROOT / "docs" / name
    assert path.is_file(), f"docs/{name} is missing; it says what every user of it needs to know"
    return path.read_text(encoding="utf-8")


def test_every_setting_is_documented_by_the_name_under_which_it_is_set() -> None:
    documented = _read("settings.md")

    missing = [
        name
        for key, field in Settings.model_fields.items()
        for name in [str(field.validation_alias or f"RESEARCH_HUB_{key.upper()}")]
        if f"`{name}`" not in documented
    ]

    assert missing == []


def test_every_command_and_each_of_its_options_is_documented() -> None:
    documented = _read("command-line.md")

    missing = []
    for path, command in _commands(main, "research-hub"):
        if path not in documented:
            missing.append(path)
        options = [each for each in command.params if isinstance(each, click.Option)]
        missing += [f"{path} {option.opts[0]}" for option in options if option.opts[0] not in documented]

    assert missing == []


def test_every_permission_and_role_is_documented() -> None:
    documented = _read("permissions.md").lower()

    assert [each.value for each in Permission if each.value not in documented] == []
    assert [each.value for each in Role if each.value.replace("_", " ") not in documented.replace("_", " ")] == []


def test_every_row_that_is_done_names_a_test_that_exists() -> None:
    text = _read("traceability.md")

    lines = _LINE.findall(text)
    assert {row for row, _rest in lines} >= WANTED, sorted(WANTED - {row for row, _rest in lines})
    for row, rest in lines:
        tests = _TEST.findall(rest)
        assert tests, f"{row} names no test"
        for path, name in tests:
            assert (ROOT / path).is_file(), f"{row} names {path}, which does not exist"
            assert name.split("[")[0] in _tests_in(ROOT / path), f"{row} names {path}::{name}, which does not exist"


@pytest.mark.skipif(not FEATURES.exists(), reason="the list of features lies beside the checkout, and is absent here")
def test_every_row_that_is_done_is_a_row_of_the_list() -> None:
    known = set(re.findall(r"^\| ([A-Z]+\d+) \|", FEATURES.read_text(encoding="utf-8"), re.MULTILINE))

    assert {row for row, _rest in _LINE.findall(_read("traceability.md"))} <= known


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for target in _targets(path)
        if not (path.parent / target).exists()
    ]

    assert broken == []


def _targets(path: Path) -> list[str]:
    text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    found = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)
    return [target for target in found if "://" not in target and not target.startswith("mailto:")]


def _commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield path, command
        return
    for name, inner in command.commands.items():
        yield from _commands(inner, f"{path} {name}")


def _tests_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
