"""References from one decision to another, as they are written in running text and in lists."""

import re
from dataclasses import dataclass

_BRACKETS = {"[": "]", "(": ")"}
_SUPERSEDED_BY = re.compile(r"\b(?:superseded|superceded|replaced)[ \t]+by:?[ \t]+(?P<what>\S.*)", re.IGNORECASE)
_SUPERSEDES = re.compile(r"[\W_]*(?:supersedes|supercedes|replaces):?[ \t]+(?P<what>\S.*)", re.IGNORECASE)
_LISTED = re.compile(
    r"[ \t]*[*+-][ \t]+(?:\[ADR[^\]]*\][ \t]+)?"
    r"(?:(?P<by>superseded by|replaced by)|(?P<over>supersedes|replaces)):?[ \t]+(?P<what>\S.*)",
    re.IGNORECASE,
)
_NONE = frozenset({"", "n/a", "na", "none", "-", "–", "—", "tbd"})


@dataclass(frozen=True, slots=True)
class TextReferences:
    supersedes: tuple[str, ...] = ()
    superseded_by: tuple[str, ...] = ()


def references_in(status_text: str, more_information: str) -> TextReferences:
    """What a status ("Superseded by [x](y.md)") and a list of links ("* Supersedes [x](y.md)") refer to."""
    newer: list[str] = []
    older: list[str] = []
    for line in status_text.split("\n"):
        by = _SUPERSEDED_BY.search(line)
        over = _SUPERSEDES.match(line)
        newer += split_list(by["what"]) if by else []
        older += split_list(over["what"]) if over else []
    for line in more_information.split("\n"):
        match = _LISTED.match(line)
        if match:
            (newer if match["by"] else older).extend(split_list(match["what"]))
    return TextReferences(without_repeats(older), without_repeats(newer))


def split_list(words: str) -> list[str]:
    """Parts between commas, semicolons and line ends, but not those within brackets; "N/A" is no part."""
    parts: list[list[str]] = [[]]
    closing: list[str] = []
    for character in words:
        if closing and character == closing[-1]:
            closing.pop()
        elif character in _BRACKETS:
            closing.append(_BRACKETS[character])
        if character == "\n" or (character in ",;" and not closing):
            parts.append([])
            closing.clear()
        else:
            parts[-1].append(character)
    cleaned = ("".join(part).strip().rstrip(".").strip() for part in parts)
    return [part for part in cleaned if part.casefold() not in _NONE]


def split_people(words: str) -> list[str]:
    """Names from "A, B and C" or a list; a linked name keeps its handle in brackets."""
    plain = re.sub(r"\[([^\[\]\n]*)\]\(([^()\n]*)\)", r"\1 (\2)", words)
    plain = re.sub(r"(?m)^[ \t]*(?:[*+-]|[0-9]{1,3}[.)])[ \t]+", "", plain).replace("&#x20;", " ")
    plain = re.sub(r"[ \t]+and[ \t]+", ", ", plain)
    return [" ".join(part.split()) for part in split_list(plain)]


def without_repeats(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
