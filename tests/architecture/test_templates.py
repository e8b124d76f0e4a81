"""Templates compile, are used, and leave nothing to a browser's good will."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from research_hub.app import create_app
from research_hub.config import Settings

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))

_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_TAG = re.compile(r"<[a-zA-Z][^<>]*>")
_STATEMENT = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_INLINE_HANDLER = re.compile(r"\son[a-z]+\s*=")
_INLINE_STYLE = re.compile(r"\sstyle\s*=")
_RENDERED = re.compile(r"[\"']((?:[a-z_]+/)+[a-z_]+\.html)[\"']")
_UNSAFE_FILTERS = {"safe", "xmlattr"}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return create_app(Settings(data=tmp_path_factory.mktemp("templates"))).jinja_env


def test_there_are_templates_to_look_at() -> None:
    assert len(NAMES) > 50


@pytest.mark.parametrize("name", NAMES)
def test_a_template_compiles(name: str, environment: Environment) -> None:
    environment.get_template(name)


def test_every_template_is_shown_by_a_view_or_used_by_another() -> None:
    sources = [*(ROOT / "research_hub").rglob("*.py"), *TEMPLATES.rglob("*.html")]
    used = {name for path in sources for name in _RENDERED.findall(path.read_text(encoding="utf-8"))}

    assert sorted(set(NAMES) - used) == []
    assert sorted(name for name in used - set(NAMES) if name.split("/")[0] != "govuk_frontend_jinja") == []


@pytest.mark.parametrize("name", NAMES)
def test_a_template_switches_escaping_off_nowhere(name: str, environment: Environment) -> None:
    tree = environment.parse(_source(name))

    assert [each.name for each in tree.find_all(nodes.Filter) if each.name in _UNSAFE_FILTERS] == []
    assert [each.lineno for each in tree.find_all(nodes.ScopedEvalContextModifier)] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_template_holds_no_inline_script_or_style(name: str) -> None:
    for tag in _tags(name):
        assert not _INLINE_HANDLER.search(tag), f"{tag} runs a script where it stands"
        assert not _INLINE_STYLE.search(tag), f"{tag} is styled where it stands"
        assert not tag.startswith("<style"), f"{tag} holds styles"
        assert not tag.startswith("<script") or " src=" in tag, f"{tag} holds a script"


@pytest.mark.parametrize("name", NAMES)
def test_a_template_asks_no_other_machine_for_anything(name: str) -> None:
    for tag in _tags(name):
        if tag.startswith(("<script", "<link", "<img", "<iframe", "<form", "<source")):
            assert "//" not in tag.replace("http-equiv", ""), tag


@pytest.mark.parametrize("name", NAMES)
def test_every_form_that_posts_carries_a_token(name: str) -> None:
    for form in re.findall(r"<form\b.*?</form>", _COMMENT.sub("", _source(name)), re.DOTALL):
        if 'method="post"' in form:
            carried = ("csrf_token()" in form, "csrf()" in form, "hidden(" in form, "caller()" in form)
            assert any(carried), f"a form without a token in {name}: {form[:120]}"


def _source(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _tags(name: str) -> Iterator[str]:
    """The tags as they will be, with what the template computes left out."""
    text = _STATEMENT.sub("", _COMMENT.sub("", _source(name)))
    return iter(_TAG.findall(text))
