"""What is installed from the wheel works without the checkout: commands, pages, migrations and the demonstration."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("insights", "search_index", "research_hub", "templates")
FILES = ("setup.cfg", "setup.py", "pyproject.toml", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, for building writes beside its sources."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in PARTS:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, source / name)
    _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", out, source)
    return next(out.glob("research_hub-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the wheel alone was installed; what it depends on is this environment's."""
    folder = tmp_path_factory.mktemp("installed")
    _pip("install", "--no-deps", "--no-index", "--target", folder, wheel)
    return folder


@pytest.mark.parametrize(
    ("inside", "beside"),
    [
        ("research_hub/templates", "templates"),
        ("research_hub/static", "research_hub/static"),
        ("research_hub/migrations", "research_hub/migrations"),
        ("research_hub/demo", "research_hub/demo"),
        ("insights", "insights"),
        ("search_index", "search_index"),
    ],
)
def test_the_wheel_holds_every_file_of_the_checkout(inside: str, beside: str, wheel: Path) -> None:
    expected = {path.relative_to(ROOT / beside).as_posix() for path in (ROOT / beside).rglob("*") if path.is_file()}

    with ZipFile(wheel) as packed:
        held = {name.removeprefix(f"{inside}/") for name in packed.namelist() if name.startswith(f"{inside}/")}

    assert len(expected) > 3
    assert {name for name in expected if "__pycache__" not in name} - held == set()


def test_the_command_explains_itself(installed: Path, tmp_path: Path) -> None:
    said = _run(installed, tmp_path, installed / "bin" / "research-hub", "--help")

    assert "serve" in said
    assert "backup" in said


def test_a_new_installation_is_set_up_and_shows_where_to_sign_in(installed: Path, tmp_path: Path) -> None:
    _run(installed, tmp_path, installed / "bin" / "research-hub", "init")

    page = _run(installed, tmp_path, "-c", _ASK_FOR_SIGN_IN)

    where, status, style, html = page.split("\n", 3)
    assert Path(where).is_relative_to(installed)
    assert (status, style) == ("200", "200")
    assert "Sign in" in html


def test_the_demonstration_story_is_complete(installed: Path, tmp_path: Path) -> None:
    said = _run(
        installed, tmp_path, "-c", "from research_hub.demo.story import load_story; print(len(load_story().studies))"
    )

    assert int(said) > 5


_ASK_FOR_SIGN_IN = """
import research_hub
from research_hub.app import create_app
browser = create_app().test_client()
page, style = browser.get("/sign-in"), browser.get("/static/css/base.css")
print(research_hub.__file__, page.status_code, style.status_code, page.get_data(as_text=True), sep="\\n")
"""


def _pip(*arguments: Path | str) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _run(installed: Path, folder: Path, *arguments: Path | str) -> str:
    """The installed packages come before those of the checkout."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RESEARCH_HUB_")}
    done = subprocess.run(
        [sys.executable, *arguments],
        env={**environment, "PYTHONPATH": str(installed), "RESEARCH_HUB_DATA": str(folder / "data")},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
