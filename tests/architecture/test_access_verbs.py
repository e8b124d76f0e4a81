"""Every verb that accounts, the vault, break-glass, subject access and reviews write is known to be access, or not."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from insights.core.base import Base
from insights.stewardship.audit.access_verbs import ACCESS_VERBS, OTHER_VERBS

ROOT = Path(__file__).parents[2]
WALKED = (
    "insights/people",
    "insights/capture/break_glass.py",
    "insights/capture/operations/studies.py",
    "insights/stewardship/access_review",
    "insights/stewardship/audit",
    "insights/stewardship/following",
    "insights/stewardship/subject_access",
    "research_hub/single_sign_on",
    "research_hub/web/account",
    "research_hub/web/people",
    "research_hub/web/stewardship/subject_access.py",
)
# These hand on a verb that whoever calls them gives: their callers are walked.
WRITERS = {"record": 2, "_record": 2, "note_look": -1}
CLASSIFIED = frozenset().union(*ACCESS_VERBS.values()) | OTHER_VERBS
# Older entries keep it; nothing writes it any more.
WRITTEN_ONCE = {"opened the form of"}


def test_every_verb_is_said_to_be_access_or_not() -> None:
    unknown = {f"{verb} ({place})" for verb, place in written() if verb not in CLASSIFIED}

    assert unknown == set(), "name it in insights/stewardship/audit/access_verbs.py"


def test_no_verb_is_known_that_nobody_writes() -> None:
    assert CLASSIFIED - {verb for verb, _place in written()} - WRITTEN_ONCE <= {"had a message sent to the address of"}


def test_a_verb_is_access_or_not_and_its_kind_exists() -> None:
    unique = frozenset().union(*(verbs for kind, verbs in ACCESS_VERBS.items() if kind in {"member", "study"}))
    kinds = {mapper.class_.KIND for mapper in Base.registry.mappers if hasattr(mapper.class_, "KIND")}

    assert unique & OTHER_VERBS == set()
    assert set(ACCESS_VERBS) <= kinds


def test_the_walk_finds_a_verb_however_it_is_given() -> None:
    found = {verb for verb, _place in written()}

    assert {"reopened", "closed", "kept the identity of", "declined access to", "searched the vault"} <= found


def written() -> Iterator[tuple[str, str]]:
    """Each verb, and where it is written."""
    for name in WALKED:
        path = ROOT / name
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            place = file.relative_to(ROOT)
            module = ".".join(place.with_suffix("").parts).removesuffix(".__init__")
            for verb in _verbs(ast.parse(file.read_text(encoding="utf-8")), module):
                yield verb, str(place)


def _verbs(tree: ast.Module, module: str) -> Iterator[str]:
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            for call in ast.walk(function):
                given = _given(call)
                if given is not None:
                    yield from _values(given, function, module)


def _given(call: ast.AST) -> ast.expr | None:
    """What a call hands to the record as its verb; None for any other call."""
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id not in WRITERS:
        return None
    named = next((each.value for each in call.keywords if each.arg == "verb"), None)
    place = WRITERS[call.func.id]
    return named or (call.args[place] if 0 <= place < len(call.args) else None)


def _values(given: ast.expr, function: ast.FunctionDef, module: str) -> Iterator[str]:
    if isinstance(given, ast.Constant):
        yield str(given.value)
    elif isinstance(given, ast.IfExp):
        yield from _values(given.body, function, module)
        yield from _values(given.orelse, function, module)
    elif isinstance(given, ast.Name) and given.id not in _parameters(function):
        local = [each for each in ast.walk(function) if _assigns(each, given.id)]
        for each in local:
            yield from _values(each.value, function, module)  # type: ignore[attr-defined]  # an assignment
        if not local:
            yield str(getattr(import_module(module), given.id))
    elif isinstance(given, ast.Subscript):
        yield str(eval(ast.unparse(given), vars(import_module(module))))
    else:
        assert isinstance(given, ast.Name), f"{module}: {ast.unparse(given)} is a verb that this walk cannot read"
        assert function.name in WRITERS, f"{module}.{function.name} hands on a verb: name it among the writers"


def _parameters(function: ast.FunctionDef) -> set[str]:
    return {each.arg for each in (*function.args.args, *function.args.kwonlyargs)}


def _assigns(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Assign) and any(isinstance(each, ast.Name) and each.id == name for each in node.targets)
