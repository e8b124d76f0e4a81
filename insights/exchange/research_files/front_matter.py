"""YAML front matter, read so that no file can harm the importer and no value is lost."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import yaml

MOST_CHARACTERS = 20_000
_DEEPEST = 20
_BRACKETS = re.compile(r"[\[\]{}]")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The values, or a problem for people. Dates are kept as ISO strings."""

    values: Mapping[str, object]
    problem: str = ""


def read_front_matter(source: str) -> FrontMatter:
    """The mapping that the YAML holds; never raises.

    Aliases are refused altogether (a few lines of them unfold to gigabytes), as are other than plain values.
    """
    if len(source) > MOST_CHARACTERS:
        return FrontMatter({}, f"front matter of more than {MOST_CHARACTERS} characters")
    if _depth(source) > _DEEPEST:
        return FrontMatter({}, "nested too deeply")
    try:
        loaded = _load(source)
    except (yaml.YAMLError, RecursionError) as error:
        return FrontMatter({}, _first_line(error))
    if loaded is None:
        return FrontMatter({})
    if not isinstance(loaded, dict):
        return FrontMatter({}, "the lines between the --- fences are no list of names and values")
    return FrontMatter({str(name): _plain(value) for name, value in loaded.items()})


class _Loader(yaml.SafeLoader):
    """Dates, numbers and truth values as YAML 1.1 has them."""


class _StringLoader(yaml.BaseLoader):
    """Everything a string: for impossible dates such as 2025-02-31, on which the other stops."""


def _load(source: str) -> object:
    if "*" in source and any(isinstance(token, yaml.AliasToken) for token in yaml.scan(source, Loader=yaml.SafeLoader)):
        raise yaml.YAMLError("aliases (*name) are not read")
    try:
        return yaml.load(source, Loader=_Loader)  # noqa: S506 - a SafeLoader that refuses aliases too
    except (ValueError, OverflowError, TypeError, AttributeError):
        return yaml.load(source, Loader=_StringLoader)  # noqa: S506 - strings only


def _depth(source: str) -> int:
    """How deep brackets are open at most: the YAML scanner's time grows with the square of it."""
    deepest = depth = 0
    for sign in _BRACKETS.findall(source):
        depth = depth + 1 if sign in "[{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


def _plain(value: object, depth: int = 0) -> object:
    if depth > _DEEPEST:
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(name): _plain(inner, depth + 1) for name, inner in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(inner, depth + 1) for inner in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _first_line(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deeply"
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return f"{problem} in line {mark.line + 2}" if mark else str(problem)
