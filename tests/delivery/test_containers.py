"""The container files say what keeps an installation safe; the checks of them run without a container engine."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from live import served

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def steps() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, each with its words; continued lines are joined, comments left out."""
    lines = [line for line in (ROOT / "Dockerfile").read_text().splitlines() if not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [(word, rest.strip()) for line in joined.splitlines() if line for word, _, rest in [line.partition(" ")]]


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    return found


def test_every_image_is_pinned_to_a_version(steps: list[tuple[str, str]], services: dict[str, Any]) -> None:
    images = [rest.split()[0] for word, rest in steps if word == "FROM"] + [each["image"] for each in services.values()]

    assert len(images) == 4
    for image in images:
        assert re.fullmatch(r"[a-z-]+:\d[\w.-]*", image), f"{image} may be another one tomorrow"


def test_the_container_does_not_run_as_root(steps: list[tuple[str, str]]) -> None:
    last_user = [rest for word, rest in steps if word == "USER"][-1]

    assert last_user == "hub"
    assert any(word == "RUN" and "--uid 10001" in rest and " hub " in f"{rest} " for word, rest in steps)
    order = [word for word, _rest in steps]
    assert order.index("USER") < order.index("CMD")


def test_data_lies_in_a_volume_and_nothing_else_is_written(
    steps: list[tuple[str, str]], services: dict[str, Any]
) -> None:
    environment = " ".join(rest for word, rest in steps if word == "ENV")

    assert ("VOLUME", '["/data"]') in steps
    assert "RESEARCH_HUB_DATA=/data" in environment
    assert "data:/data" in services["hub"]["volumes"]
    assert services["hub"]["read_only"] is True
    assert services["hub"]["cap_drop"] == ["ALL"]


def test_only_the_hub_can_be_reached_and_only_from_this_machine(
    steps: list[tuple[str, str]], services: dict[str, Any]
) -> None:
    assert ("EXPOSE", "8000") in steps
    assert services["hub"]["ports"] == ["127.0.0.1:8000:8000"]
    assert "ports" not in services["postgres"]


def test_postgresql_comes_only_when_asked_for(services: dict[str, Any]) -> None:
    assert services["postgres"]["profiles"] == ["postgres"]
    assert services["hub"]["depends_on"]["postgres"]["required"] is False


def test_no_secret_is_built_in(steps: list[tuple[str, str]], services: dict[str, Any]) -> None:
    given = [rest for word, rest in steps if word in {"ENV", "ARG"}]
    values = [f"{name}={value}" for each in services.values() for name, value in each.get("environment", {}).items()]

    for line in [*given, *values]:
        for name, value in re.findall(r"(\w*(?:PASSWORD|SECRET|TOKEN|KEY)\w*)=(\S+)", line):
            assert value.startswith("${"), f"{name} is given away"


def test_only_what_the_image_needs_is_sent_to_the_build(steps: list[tuple[str, str]]) -> None:
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    copied = {name for word, rest in steps if word == "COPY" and "--from" not in rest for name in rest.split()[:-1]}

    assert rules[0] == "*"
    assert {rule.removeprefix("!") for rule in rules if rule.startswith("!")} == copied
    for name in (".env", ".git", "instance", "tests", "secret_key"):
        assert not any(fnmatch(name, rule.removeprefix("!")) for rule in rules if rule.startswith("!"))
    assert all((ROOT / name).exists() for name in copied)


def test_the_container_sets_up_and_then_becomes_the_service(steps: list[tuple[str, str]]) -> None:
    command = json.loads(next(rest for word, rest in steps if word == "CMD"))

    assert command == ["sh", "-c", "research-hub init && exec research-hub serve"]


def test_the_health_check_passes_while_the_hub_answers_and_fails_after(
    app: Flask, steps: list[tuple[str, str]]
) -> None:
    check = next(rest for word, rest in steps if word == "HEALTHCHECK")
    command = json.loads(check[check.index("[") :])

    with served(app) as address:
        port = address.rpartition(":")[2]
        while_it_answers = _exit_code(command, port)
    after = _exit_code(command, port)

    assert (while_it_answers, after) == (0, 1)


def _exit_code(command: list[str], port: str) -> int:
    environment = {**os.environ, "PORT": port, "PYTHONPATH": str(ROOT)}
    assert command[0] == "python"
    done = subprocess.run([sys.executable, *command[1:]], env=environment, capture_output=True, check=False)
    return done.returncode
