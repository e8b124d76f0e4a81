"""What REFI-QDA has no words for: one JSON object a line, in research-hub/objects.jsonl beside the project.

Each has a "type" and the "uuid" of what it is about. What comes from outside is taken only where it is of the kind it
should be; everything else counts as not told.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

# Kinds of line that say something which is stored nowhere here, and which an export gives back as it came.
_GIVEN_BACK = ("insight",)


class Side:
    """The lines of a side file, by type."""

    def __init__(self, lines: Sequence[Mapping[str, Any]]) -> None:
        self._by_type: dict[str, list[Mapping[str, Any]]] = {}
        for line in lines:
            if isinstance(line.get("type"), str) and isinstance(line.get("uuid"), str):
                self._by_type.setdefault(line["type"], []).append(line)

    def all(self, type_: str) -> Sequence[Mapping[str, Any]]:
        return self._by_type.get(type_, [])

    def one(self, type_: str) -> Mapping[str, Any]:
        return next(iter(self.all(type_)), {})

    def by_uuid(self, type_: str) -> dict[str, Mapping[str, Any]]:
        return {line["uuid"]: line for line in self.all(type_)}

    def subjects_of_memos(self) -> dict[str, tuple[str, str]]:
        """What memos are about where a NoteRef cannot say so."""
        return {
            line["uuid"]: (str(line.get("about", "")), str(line.get("about_uuid", ""))) for line in self.all("memo")
        }

    def kept_objects(self) -> dict[str, Mapping[str, Any]]:
        return {line["uuid"]: line for type_ in _GIVEN_BACK for line in self.all(type_)}


def write_lines(lines: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """One object a line, keys in their order by name, so that the same objects are the same bytes."""
    for line in lines:
        yield json.dumps(line, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace") + b"\n"


def text_in(line: Mapping[str, Any], name: str, longest: int) -> str:
    value = line.get(name)
    return value[:longest] if isinstance(value, str) else ""


def number_in(line: Mapping[str, Any], name: str) -> int | None:
    value = line.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**31 else None


def texts_in(line: Mapping[str, Any], name: str) -> list[str]:
    value = line.get(name)
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
