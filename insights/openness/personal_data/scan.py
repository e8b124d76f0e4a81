"""Finds what may be personal data in a text, by fixed rules: the same text has the same hits, in their order.

A rule suspects, it does not know: each hit is masked, replaced, or justified by a person. What no rule finds may be
personal all the same, which is why a second person signs off.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from insights.openness.personal_data.known import KnownName
from insights.openness.personal_data.numbers import begins_with_a_day, is_health_number


class HitKind(StrEnum):
    EMAIL = "email"
    HEALTH_NUMBER = "health_number"
    NATIONAL_INSURANCE = "national_insurance"
    PHONE = "phone"
    BIRTH_DATE = "birth_date"
    POSTCODE = "postcode"
    CODE = "code"
    NAME = "name"


HIT_WORDS: Mapping[HitKind, str] = {
    HitKind.EMAIL: "an e-mail address",
    HitKind.HEALTH_NUMBER: "an NHS or CHI number",
    HitKind.NATIONAL_INSURANCE: "a National Insurance number",
    HitKind.PHONE: "a telephone number",
    HitKind.BIRTH_DATE: "a date of birth",
    HitKind.POSTCODE: "a UK postcode",
    HitKind.CODE: "a participant’s code",
    HitKind.NAME: "a name",
}

_EMAIL = re.compile(r"[\w.+'’-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_TEN_DIGITS = re.compile(r"(?<![\d.])\d{3}[ \-]?\d{3}[ \-]?\d{4}(?!\d)|(?<![\d.])\d{6}[ \-]?\d{4}(?!\d)")
# The letters that the numbers do without, and the two-letter beginnings that are never given out (HMRC, NIM39110).
_NATIONAL_INSURANCE = re.compile(
    r"\b(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][ \-]?\d{2}[ \-]?\d{2}[ \-]?\d{2}[ \-]?[A-D]\b",
    re.IGNORECASE,
)
# A number as people dial it: with a country, or beginning with a nought; 9 to 15 digits (ITU-T E.164).
_PHONE = re.compile(r"(?<![\w.])(?:\+|00|0|\(0)\d?(?:[ ().\-]{0,2}\d){8,14}(?![\d])")
_POSTCODE = re.compile(
    r"\b(?:GIR ?0AA|(?:[A-PR-UWYZ]\d{1,2}|[A-PR-UWYZ][A-HK-Y]\d{1,2}|[A-PR-UWYZ]\d[A-HJKPSTUW]|"
    r"[A-PR-UWYZ][A-HK-Y]\d[ABEHMNPRV-Y]) ?\d[ABD-HJLNP-UW-Z]{2})\b",
    re.IGNORECASE,
)
_DAY = (
    r"(?:\d{1,2}[./\-]\d{1,2}[./\-](?:19|20)?\d{2}|(?:19|20)\d{2}-\d{2}-\d{2}|"
    r"\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*,?\s+(?:19|20)\d{2})"
)
_BIRTH = re.compile(
    rf"\b(?:born(?:\s+on)?|date\s+of\s+birth|birth\s*day|d\.?\s?o\.?\s?b\.?)\b[^.\n]{{0,20}}?(?P<day>{_DAY})",
    re.IGNORECASE,
)
_TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame)\.?\s+(?P<name>[A-Z][\w'’\-]+(?:\s+[A-Z][\w'’\-]+)?)"
)


@dataclass(frozen=True, slots=True)
class Hit:
    """Code points [start, end) of the field's text. `key` stays the same wherever the same words stand in the field."""

    field: str
    kind: HitKind
    start: int
    end: int
    text: str
    before: str
    after: str

    @property
    def key(self) -> str:
        told = f"{self.field}\n{self.kind.value}\n{self.text.casefold()}"
        return hashlib.sha256(told.encode("utf-8", errors="replace")).hexdigest()

    @property
    def in_words(self) -> str:
        return f"looks like {HIT_WORDS[self.kind]}"


def scan(fields: Mapping[str, str], known: Sequence[KnownName] = ()) -> list[Hit]:
    """The hits of each field in the order of the text; where two overlap, the surer rule's."""
    return [hit for name, text in fields.items() for hit in _scan_text(name, text, known)]


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    return (found.span() for found in pattern.finditer(text))


def _health_numbers(text: str) -> Iterator[tuple[int, int]]:
    for start, end in _spans(_TEN_DIGITS, text):
        if is_health_number(text[start:end]) or (_is_labelled(text, start) and begins_with_a_day(text[start:end])):
            yield start, end


def _is_labelled(text: str, start: int) -> bool:
    """A CHI number that was mistyped still gives a birthday away, where the words before it say what it is."""
    return re.search(r"\b(?:CHI|NHS)\b", text[max(0, start - 30) : start]) is not None


_CONTEXT = 40
# Rules from the surest to the least sure.
_RULES: tuple[tuple[HitKind, Callable[[str], Iterator[tuple[int, int]]]], ...] = (
    (HitKind.EMAIL, lambda text: _spans(_EMAIL, text)),
    (HitKind.BIRTH_DATE, lambda text: ((found.start("day"), found.end("day")) for found in _BIRTH.finditer(text))),
    (HitKind.NATIONAL_INSURANCE, lambda text: _spans(_NATIONAL_INSURANCE, text)),
    (HitKind.HEALTH_NUMBER, _health_numbers),
    (HitKind.PHONE, lambda text: _spans(_PHONE, text)),
    (HitKind.POSTCODE, lambda text: _spans(_POSTCODE, text)),
    (HitKind.NAME, lambda text: ((found.start("name"), found.end("name")) for found in _TITLED.finditer(text))),
)


def _scan_text(field: str, text: str, known: Sequence[KnownName]) -> list[Hit]:
    taken: list[tuple[int, int, HitKind]] = []
    found = ((kind, spans(text)) for kind, spans in _RULES)
    # There may be thousands of names; to look whether one is there at all costs next to nothing.
    folded = text.casefold()
    listed = ((each.kind_of_hit, each.places(text)) for each in known if each.word.casefold() in folded)
    for kind, spans in (*found, *((HitKind(kind), places) for kind, places in listed)):
        for start, end in spans:
            if not any(start < other_end and other_start < end for other_start, other_end, _ in taken):
                taken.append((start, end, kind))
    return [_hit(field, text, *each) for each in sorted(taken)]


def _hit(field: str, text: str, start: int, end: int, kind: HitKind) -> Hit:
    before, after = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
    return Hit(field, kind, start, end, text[start:end], before, after)
