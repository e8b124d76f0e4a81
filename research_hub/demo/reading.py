"""Reads the story's YAML into its records and says what is wrong in which file and key."""

from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import TypeAdapter, ValidationError

from research_hub.demo.records import Record

# What pydantic says, in words that tell a writer what to do. Any other message is shown as it comes.
_ADVICE = {
    "missing": "is missing; add it",
    "unexpected_keyword_argument": "is not a field of this record; correct the spelling or remove it",
}


# The parser in C, where it was built in, reads the story ten times as fast.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class StoryError(ValueError):
    """The story cannot be told as written: one line for each problem, with file, key and what to do."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def read_chapter(file: Path, kinds: Mapping[str, type[Record]]) -> dict[str, tuple[Record, ...]]:
    """The records of one chapter by the name of their list.

    `kinds` says which lists the chapter holds, each once, and what stands in them.
    """
    lists = _parse(file)
    problems = [
        f"{file.name}: “{name}” is not a list of this chapter; remove it" for name in lists if name not in kinds
    ]
    problems += [f"{file.name}: the list “{name}” is missing; add it" for name in kinds if name not in lists]
    if problems:
        raise StoryError(problems)
    records: dict[str, tuple[Record, ...]] = {}
    for name, kind in kinds.items():
        try:
            records[name] = tuple(TypeAdapter(list[kind]).validate_python(lists[name]))  # type: ignore[valid-type]  # the kind is only known here
        except ValidationError as error:
            problems += _problems(file, name, lists[name], error)
    if problems:
        raise StoryError(problems)
    return records


def _parse(file: Path) -> dict[str, object]:
    try:
        content = yaml.load(file.read_text(encoding="utf-8"), Loader=_OnceLoader)  # noqa: S506 - it extends a safe one
    except OSError as error:
        raise StoryError([f"{file.name}: cannot be read ({error.strerror}); put the file back"]) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise StoryError([f"{file.name}: is not YAML in UTF-8: {' '.join(str(error).split())}"]) from error
    if not isinstance(content, dict):
        raise StoryError([f"{file.name}: must hold named lists; start with a line such as “members:”"])
    return {str(name): entries for name, entries in content.items()}


class _OnceLoader(_Loader):  # type: ignore[misc,valid-type]  # which of the two parsers it is shows at run time
    """Refuses a key that stands twice in one mapping: YAML would drop the first without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:  # noqa: FBT001, FBT002 - as inherited
        seen: set[object] = set()
        for name, _ in node.value:
            if name.value in seen:
                raise yaml.MarkedYAMLError(None, None, f"“{name.value}” stands twice; keep one", name.start_mark)
            seen.add(name.value)
        mapping: dict[object, object] = super().construct_mapping(node, deep)
        return mapping


def _problems(file: Path, name: str, entries: object, error: ValidationError) -> list[str]:
    return [
        f"{file.name}: {name} › {_place(entries, problem['loc'])}: {_ADVICE.get(problem['type'], problem['msg'])}"
        for problem in error.errors(include_url=False)
    ]


def _place(entries: object, location: tuple[int | str, ...]) -> str:
    """A record is named by its key where it has one, else by its number in the list."""
    if not location:
        return "the list"
    number, *rest = location
    entry = entries[number] if isinstance(entries, list) and isinstance(number, int) else None
    named = entry.get("key") if isinstance(entry, dict) else None
    return " › ".join(str(step) for step in (named or number, *rest))
