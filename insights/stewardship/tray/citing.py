"""Citations: what a record says, by whom, when, in which version, and where it stands for good (features.md N6)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from insights.stewardship.tray.row import GatheredRow

PUBLISHER = "Research Hub"

_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|])")
_BIBTEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "%": r"\%",
    "&": r"\&",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_CSL_TYPES = {"highlight": "interview", "session": "interview", "source": "report", "decision": "report"}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class Style(StrEnum):
    """The values are what files of a style end in."""

    TEXT = "txt"
    MARKDOWN = "md"
    BIBTEX = "bib"
    CSL_JSON = "json"


STYLE_NAMES: Mapping[Style, str] = {
    Style.TEXT: "Plain text",
    Style.MARKDOWN: "Markdown",
    Style.BIBTEX: "BibTeX",
    Style.CSL_JSON: "CSL-JSON",
}


@dataclass(frozen=True, slots=True)
class Citation:
    """A record with its permanent address, read on a day."""

    record: GatheredRow
    address: str
    read_on: date


def with_left_out(text: str, left_out: Sequence[str], style: Style) -> str:
    """The file with a line for each that is left out of it, in a form that programs which read the style pass over."""
    if not left_out:
        return text
    if style is Style.CSL_JSON:
        notes = [{"id": f"left-out-{n}", "type": "document", "note": line} for n, line in enumerate(left_out, start=1)]
        return json.dumps([*json.loads(text or "[]"), *notes], ensure_ascii=False, indent=2) + "\n"
    mark = {Style.BIBTEX: "% {}", Style.MARKDOWN: "*{}.*"}.get(style, "{}.")
    return "\n\n".join([text.rstrip("\n"), *(mark.format(line) for line in left_out)]).lstrip("\n") + "\n"


def cite(citations: Iterable[Citation], style: Style) -> str:
    """All of them in one text, ending in a line feed unless there are none."""
    listed = list(citations)
    if style is Style.CSL_JSON:
        return json.dumps([_csl(each) for each in listed], ensure_ascii=False, indent=2) + "\n"
    one, between = {
        Style.TEXT: (_text, "\n"),
        Style.MARKDOWN: (_markdown, "\n\n"),
        Style.BIBTEX: (_bibtex, "\n\n"),
    }[style]
    return between.join(one(each) for each in listed) + ("\n" if listed else "")


def _text(citation: Citation) -> str:
    record = citation.record
    return f"{_told(record)} {_by(record)}({_pinned(record)}). {_strength(record)}{citation.address} {_read(citation)}"


def _markdown(citation: Citation) -> str:
    record = citation.record
    told = _MARKDOWN.sub(r"\\\1", _told(record))
    by = _MARKDOWN.sub(r"\\\1", _by(record))
    return (
        f"{told} {by}([{record.ref}]({citation.address}), {_after_ref(record)}). {_strength(record)}{_read(citation)}"
    )


def _bibtex(citation: Citation) -> str:
    record, dated_on = citation.record, citation.record.dated_on
    fields = {
        "title": _escaped(_one_line(record.text)),
        "author": "{" + _escaped(record.by) + "}" if record.by else "",
        "year": "" if dated_on is None else str(dated_on.year),
        "month": "" if dated_on is None else _MONTHS[dated_on.month - 1],
        "howpublished": PUBLISHER,
        "note": _escaped(f"{_kind(record)} {_pinned(record)}{_where(record)}"),
        # An address is taken as it is: escaped, it would lead nowhere.
        "url": citation.address,
        "urldate": citation.read_on.isoformat(),
    }
    lines = [f"  {name} = {value if name == 'month' else '{' + value + '}'}" for name, value in fields.items() if value]
    return f"@misc{{{_key(record)},\n" + ",\n".join(lines) + "\n}"


def _csl(citation: Citation) -> dict[str, Any]:
    record = citation.record
    found = {
        "id": _key(record),
        "type": _CSL_TYPES.get(record.kind, "document"),
        "title": _one_line(record.text),
        "author": [{"literal": record.by}] if record.by else [],
        "issued": {} if record.dated_on is None else {"date-parts": [_parts(record.dated_on)]},
        "accessed": {"date-parts": [_parts(citation.read_on)]},
        "container-title": record.where,
        "publisher": PUBLISHER,
        "version": record.version,
        "number": record.ref,
        "note": record.strength,
        "URL": citation.address,
    }
    return {name: value for name, value in found.items() if value}


def _told(record: GatheredRow) -> str:
    text = _one_line(record.text)
    if record.is_voice:
        # What a person said in quotation marks already carries its own.
        return text if text.startswith(("“", '"', "‘")) else f"“{text}”"
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def _by(record: GatheredRow) -> str:
    """'P-7K2M, 14 October 2026, interview, Letters study ', or nothing where nobody and no day is known."""
    parts = [record.by, "" if record.dated_on is None else _day(record.dated_on), record.where]
    told = ", ".join(part for part in parts if part)
    return f"{told} " if told else ""


def _pinned(record: GatheredRow) -> str:
    return f"{record.ref}, {_after_ref(record)}"


def _after_ref(record: GatheredRow) -> str:
    return ", ".join(part for part in (record.version, record.state_words) if part) or _kind(record)


def _strength(record: GatheredRow) -> str:
    return f"{record.strength[:1].upper()}{record.strength[1:]}. " if record.strength else ""


def _read(citation: Citation) -> str:
    return f"(read {_day(citation.read_on)})"


def _where(record: GatheredRow) -> str:
    return f", {record.where}" if record.where else ""


def _kind(record: GatheredRow) -> str:
    return {"highlight": "quote", "source": "text"}.get(record.kind, record.kind)


def _key(record: GatheredRow) -> str:
    return f"{record.ref}-v{record.pin}" if record.pin else record.ref


def _escaped(text: str) -> str:
    return "".join(_BIBTEX.get(char, char) for char in text)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _parts(day: date) -> list[int]:
    return [day.year, day.month, day.day]
