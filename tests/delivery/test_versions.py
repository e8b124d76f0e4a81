"""What the hub is made of can be told, and each of its floors has a reason and holds what is tested."""

from __future__ import annotations

import configparser
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]


def required() -> dict[str, Requirement]:
    """What setup.cfg asks for, by name."""
    setup = configparser.ConfigParser(inline_comment_prefixes=(), comment_prefixes=("#",))
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    lines = [line for line in setup["options"]["install_requires"].splitlines() if line.strip()]
    return {canonicalize_name(Requirement(line).name): Requirement(line) for line in lines}


def pinned() -> dict[str, str]:
    text = (ROOT / "constraints.txt").read_text("utf-8")
    return {canonicalize_name(name): version for name, version in re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE)}


def reasons() -> dict[str, tuple[str, str]]:
    """By name: the floor and the reason, as docs/versions.md tells them."""
    rows = re.findall(
        r"^\| `([\w.-]+)` \| ([^|]+) \| ([^|]+) \|$", (ROOT / "docs" / "versions.md").read_text(), re.MULTILINE
    )
    return {canonicalize_name(name): (floor.strip(), reason.strip()) for name, floor, reason in rows}


def test_what_is_tested_is_within_what_is_asked_for() -> None:
    versions = pinned()
    for name, requirement in required().items():
        assert name in versions, f"{name} is in no line of constraints.txt"
        assert requirement.specifier.contains(versions[name], prereleases=True), f"{requirement}, but {versions[name]}"


def test_every_floor_has_a_reason_and_no_reason_lacks_a_floor() -> None:
    told, asked = reasons(), required()

    assert told.keys() == asked.keys()
    for name, (floor, reason) in told.items():
        assert floor.replace(" ", "") == ",".join(sorted(str(asked[name].specifier).split(","), reverse=True)), name
        assert len(reason) > 15, f"{name}: “{reason}” is no reason"


@pytest.mark.slow
def test_the_bill_of_materials_names_every_package_with_its_version(tmp_path: Path) -> None:
    target = tmp_path / "sbom.json"
    subprocess.run([sys.executable, ROOT / "tools" / "sbom.py", target], check=True, capture_output=True)

    made = json.loads(target.read_text("utf-8"))
    named = {canonicalize_name(each["name"]): each.get("version") for each in made["components"]}

    assert made["bomFormat"] == "CycloneDX"
    assert set(pinned()) - set(named) == set()
    assert {"govuk-frontend", "source-serif-4"} <= named.keys()
    assert all(named.values())
