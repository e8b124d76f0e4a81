"""What runs text as code, or is weak as cryptography, is called nowhere, or in the one place that is named here."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / "research_hub" / "static" / "js").rglob("*.js"))
# Names as they are called; what is before the dot counts where it is given.
RUNS_TEXT = {
    *("eval", "exec", "compile", "__import__", "os.system", "os.popen", "render_template_string"),
    *(
        "pickle.loads",
        "pickle.load",
        "marshal.loads",
        "marshal.load",
        "shelve.open",
        "yaml.unsafe_load",
        "jinja_env.from_string",
    ),
}
WEAK = {
    "hashlib.md5",
    "hashlib.sha1",
    "hashlib.new",
    "MD5",
    "SHA1",
    "ECB",
    "CBC",
    "CTR",
    "PKCS1v15",
    "Blowfish",
    "TripleDES",
}
# A loader of ours that takes plain values alone, and refuses aliases.
SAFE_LOADERS = {"_Loader", "_StringLoader", "_OnceLoader"}


def test_nothing_that_was_typed_is_run_as_code() -> None:
    assert [f"{place} calls {name}" for place, name, _call in _calls() if name in RUNS_TEXT] == []


def test_no_shell_is_given_words_to_run() -> None:
    shells = [
        place
        for place, _name, call in _calls()
        for word in call.keywords
        if word.arg == "shell" and not (isinstance(word.value, ast.Constant) and word.value.value is False)
    ]

    assert shells == []


def test_yaml_is_read_into_plain_values_alone() -> None:
    for place, name, call in _calls():
        if name in {"yaml.load", "yaml.load_all"}:
            loaders = {ast.unparse(word.value) for word in call.keywords if word.arg == "Loader"}
            assert loaders <= SAFE_LOADERS, place
            assert loaders, place


def test_no_weak_cipher_or_hash_is_used_and_nothing_secret_is_drawn_from_a_weak_generator() -> None:
    weak = [f"{place} calls {name}" for place, name, _call in _calls() if WEAK & {name, _last(name)}]
    drawn = [
        str(path.relative_to(ROOT))
        for path in _modules()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if (isinstance(node, ast.Import) and any(each.name == "random" for each in node.names))
        or (isinstance(node, ast.ImportFrom) and node.module == "random")
    ]

    assert weak == []
    assert drawn == []


def test_scripts_write_text_as_text_and_take_no_message_from_other_windows() -> None:
    assert len(SCRIPTS) > 20
    for path in SCRIPTS:
        text = path.read_text("utf-8")
        found = re.findall(
            r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\s*\(|new Function|window\.postMessage|"
            r"window\.addEventListener\(\"message\"|__proto__|document\.domain|srcdoc)",
            text,
        )
        assert found == [], path.name


def _calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Place, what is called, and the call."""
    for path in _modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", _name_of(node.func), node


def _name_of(called: ast.expr) -> str:
    if isinstance(called, ast.Attribute):
        return f"{called.value.id if isinstance(called.value, ast.Name) else '?'}.{called.attr}"
    return called.id if isinstance(called, ast.Name) else ""


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _modules() -> list[Path]:
    return [
        path
        for package in ("insights", "research_hub", "search_index")
        for path in sorted((ROOT / package).rglob("*.py"))
    ]
