"""Attributes of participants as variables of cases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID, uuid5

from insights.capture.models import Study
from insights.exchange.qda.model import Variable
from insights.people.models import Participant


def variable_of(study: Study, name: str, declared: Mapping[str, str], facts: Iterable[Mapping[str, str]]) -> Variable:
    """Of the type that was declared where all values fit it, else text."""
    values = [each[name] for each in facts if name in each]
    type_ = declared.get("type", "Text")
    fits = all(_FITS[type_](value) for value in values) if type_ in _FITS else False
    guid = declared.get("guid") or str(uuid5(UUID(study.uuid), f"variable {name}"))
    return Variable(guid, name, type_ if fits else "Text", declared.get("description", ""))


def facts_of(person: Participant) -> dict[str, str]:
    facts = {str(name): str(value) for name, value in person.attributes.items() if str(value)}
    return facts | ({"group": person.group} if person.group else {})


def _is_day(value: str) -> bool:
    try:
        return bool(date.fromisoformat(value)) and len(value) == 10  # noqa: PLR2004 - as in 2026-03-27
    except ValueError:
        return False


_FITS = {
    "Text": lambda _value: True,
    "Boolean": lambda value: value in {"true", "false"},
    "Integer": lambda value: re.fullmatch(r"[+-]?\d+", value) is not None,
    "Float": lambda value: re.fullmatch(r"[+-]?\d*\.?\d+", value) is not None,
    "Date": _is_day,
}
