"""Checks of values that people type, each raising InvalidInput with the field's name."""

from __future__ import annotations

import unicodedata
from enum import StrEnum
from typing import TypeVar

from insights.core.errors import InvalidInput

LONGEST_LINE = 500
LONGEST_TEXT = 200_000

Term = TypeVar("Term", bound=StrEnum)

# NUL and other controls break databases, XML and terminals; tab and line feed are text.
_KEPT_CONTROLS = {"\t", "\n"}


def clean(value: str | None) -> str:
    """NFC, line feeds only, no control characters but tab and line feed, no surrogates, no white space around."""
    text = unicodedata.normalize("NFC", (value or "").replace("\r\n", "\n").replace("\r", "\n"))
    kept = (char for char in text if char in _KEPT_CONTROLS or unicodedata.category(char) not in {"Cc", "Cs"})
    return "".join(kept).strip()


def required_line(field: str, value: str | None, *, label: str, longest: int = LONGEST_LINE) -> str:
    """One line of text that must say something."""
    text = optional_line(field, value, label=label, longest=longest)
    if not any(_says_something(char) for char in text):
        raise InvalidInput.of(field, f"Enter {label}.")
    return text


def optional_line(field: str, value: str | None, *, label: str, longest: int = LONGEST_LINE) -> str:
    text = " ".join(clean(value).split())
    if len(text) > longest:
        raise InvalidInput.of(field, f"{label[:1].upper()}{label[1:]} must be {longest} characters or fewer.")
    return text


def text_of(field: str, value: str | None, *, label: str, longest: int = LONGEST_TEXT) -> str:
    """Text of many lines, that may be empty."""
    text = clean(value)
    if len(text) > longest:
        raise InvalidInput.of(
            field, f"{label[:1].upper()}{label[1:]} must be {longest:,} characters or fewer; it has {len(text):,}."
        )
    return text


def required_text(field: str, value: str | None, *, label: str, longest: int = LONGEST_TEXT) -> str:
    text = text_of(field, value, label=label, longest=longest)
    if not any(_says_something(char) for char in text):
        raise InvalidInput.of(field, f"Enter {label}.")
    return text


def term_of(field: str, kind: type[Term], value: str | Term, *, label: str) -> Term:
    """The term of a fixed list; the message names the list's terms."""
    if value in [term.value for term in kind]:
        return kind(value)
    choices = ", ".join(term.value.replace("_", " ") for term in kind)
    raise InvalidInput.of(field, f"Choose {label}: one of {choices}.")


def _says_something(char: str) -> bool:
    # Zero-width and other format characters are not something to read.
    return unicodedata.category(char)[0] not in {"C", "Z"} and char not in {
        "\u2800",
        "\u3164",
        "\u115f",
        "\u1160",
        "\ufffd",
    }
