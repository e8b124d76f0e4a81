"""Rules of the house that a reader relies on and that no linter of ours knows."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("insights", "search_index", "research_hub")
VAGUE = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "misc"}
ONLY_THERE = {"commit": "research_hub/db.py", "Markup": "research_hub/web/markdown.py"}


def _modules() -> list[Path]:
    found = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    assert len(found) > 100, "the walk found too little"
    return found


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_imports_run_one_way() -> None:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]

    done = subprocess.run([*command, "--config", "setup.cfg"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_no_module_has_a_name_that_says_nothing() -> None:
    vague = [_name(path) for path in _modules() if VAGUE & {path.stem, *path.relative_to(ROOT).parts}]

    assert vague == []


def test_no_import_hides_in_a_function() -> None:
    hidden = [
        f"{_name(path)}:{inner.lineno}"
        for path in _modules()
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(function)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]

    assert hidden == []


def test_only_one_place_commits() -> None:
    found = {
        _name(path)
        for path in _modules()
        for call in _calls(path)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "commit" and _is_of_a_session(call.func.value)
    }

    assert found == {ONLY_THERE["commit"]}


def test_only_one_place_says_that_text_is_safe_html() -> None:
    found = {
        _name(path)
        for path in _modules()
        for call in _calls(path)
        if isinstance(call.func, ast.Name) and call.func.id == "Markup"
    }

    assert found == {ONLY_THERE["Markup"]}


def test_views_hold_no_try_and_no_statement() -> None:
    """A page family parses, calls and answers; what can go wrong is answered in one place, what is read in queries."""
    guilty = [
        f"{_name(path)}:{node.lineno} {function.name}"
        for path in (ROOT / "research_hub" / "web").rglob("*.py")
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef) and _is_view(function)
        for node in ast.walk(function)
        if isinstance(node, ast.Try) or (isinstance(node, ast.Call) and _called(node) in {"select", "execute"})
    ]

    assert guilty == []


def _calls(path: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call))


def _is_of_a_session(value: ast.expr) -> bool:
    """`session.commit()`, `db.session.commit()`; the index's writer commits too, to the index."""
    name = value.attr if isinstance(value, ast.Attribute) else value.id if isinstance(value, ast.Name) else ""
    return name in {"session", "unit", "connection", "db_session"}


def _is_view(function: ast.FunctionDef) -> bool:
    return any(ast.unparse(each).startswith("bp.") for each in function.decorator_list)


def _called(call: ast.Call) -> str:
    return ast.unparse(call.func).rpartition(".")[2]
