"""The rules by which personal data is suspected, from the surest to the least sure.

Each rule gives the code points [start, end) of what it finds. The formats are those of the United Kingdom: postcodes by
the Royal Mail's structure, National Insurance numbers by HMRC's manual (NIM39110), vehicle registrations by the DVLA's
INF104, sort codes and accounts as banks write them, telephone numbers as people dial them (ITU-T E.164).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import TypeAlias

from insights.coding.personal_data.numbers import begins_with_a_day, is_card_number, is_health_number, is_iban


class HitKind(StrEnum):
    EMAIL = "email"
    HEALTH_NUMBER = "health_number"
    NATIONAL_INSURANCE = "national_insurance"
    IBAN = "iban"
    CARD = "card"
    BANK_ACCOUNT = "bank_account"
    PHONE = "phone"
    BIRTH_DATE = "birth_date"
    POSTCODE = "postcode"
    VEHICLE = "vehicle"
    ADDRESS = "address"
    CODE = "code"
    NAME = "name"


HIT_WORDS: Mapping[HitKind, str] = {
    HitKind.EMAIL: "an e-mail address",
    HitKind.HEALTH_NUMBER: "an NHS or CHI number",
    HitKind.NATIONAL_INSURANCE: "a National Insurance number",
    HitKind.IBAN: "an international bank account",
    HitKind.CARD: "a payment card’s number",
    HitKind.BANK_ACCOUNT: "a sort code or bank account",
    HitKind.PHONE: "a telephone number",
    HitKind.BIRTH_DATE: "a date of birth",
    HitKind.POSTCODE: "a UK postcode",
    HitKind.VEHICLE: "a vehicle’s registration",
    HitKind.ADDRESS: "a street address",
    HitKind.CODE: "a participant’s code",
    HitKind.NAME: "a name",
}

Spans: TypeAlias = Iterator[tuple[int, int]]

_EMAIL = re.compile(r"[\w.+'’-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_TEN_DIGITS = re.compile(r"(?<![\d.])\d{3}[ \-]?\d{3}[ \-]?\d{4}(?!\d)|(?<![\d.])\d{6}[ \-]?\d{4}(?!\d)")
# The letters that the numbers do without, and the two-letter beginnings that are never given out.
_NATIONAL_INSURANCE = re.compile(
    r"\b(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][ \-]?\d{2}[ \-]?\d{2}[ \-]?\d{2}[ \-]?[A-D]\b",
    re.IGNORECASE,
)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){2,8}\b")
_CARD = re.compile(r"(?<![\d.])(?:3[47]\d{2}[ \-]?\d{6}[ \-]?\d{5}|[3-6]\d{3}(?:[ \-]?\d{4}){3})(?![\d.])")
_SORT_CODE = re.compile(r"(?<![\d.\-])\d{2}[-–]\d{2}[-–]\d{2}(?![\d\-–])")
_LABELLED_ACCOUNT = re.compile(
    r"\b(?:sort\s*code|account(?:\s+(?:number|no\.?))?|acc(?:t|ount)?\.?\s*(?:no\.?|number)|a/c)\b\D{0,20}?"
    r"(?P<found>\d{2}[ \-–]?\d{2}[ \-–]?\d{2}(?!\d)|\d{8}(?!\d))",
    re.IGNORECASE,
)
# A number as people dial it: with a country, or beginning with a nought; 9 to 15 digits.
_PHONE = re.compile(r"(?<![\w.])(?:\+|00|0|\(0)\d?(?:[ ().\-]{0,2}\d){8,14}(?![\d])")
_POSTCODE = re.compile(
    r"\b(?:GIR ?0AA|(?:[A-PR-UWYZ]\d{1,2}|[A-PR-UWYZ][A-HK-Y]\d{1,2}|[A-PR-UWYZ]\d[A-HJKPSTUW]|"
    r"[A-PR-UWYZ][A-HK-Y]\d[ABEHMNPRV-Y]) ?\d[ABD-HJLNP-UW-Z]{2})\b",
    re.IGNORECASE,
)
_DAY = (
    r"(?:\d{1,2}[./\-]\d{1,2}[./\-](?:19|20)?\d{2}|(?:19|20)\d{2}-\d{2}-\d{2}|"
    r"\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*,?\s+(?:19|20)\d{2}|"
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(?:19|20)\d{2})"
)
_BIRTH = re.compile(
    rf"\b(?:born(?:\s+on)?|date\s+of\s+birth|birth\s*(?:day|date)|d\.?\s?o\.?\s?b\.?)(?=\W)[^.\n]{{0,20}}?(?P<found>{_DAY})",
    re.IGNORECASE,
)
# Since 2001: two letters, two digits of the half-year, three letters; I, Q and Z are not used in their places.
_VEHICLE = re.compile(r"\b[A-HJ-PR-Y]{2}(?:0[1-9]|[1-9]\d) ?[A-HJ-PR-Z]{3}\b")
# Older ones look like many other things, and are taken for one where the words before say so.
_LABELLED_VEHICLE = re.compile(
    r"\b(?:reg(?:istration)?(?:\s+(?:number|no\.?|plate))?|number\s*plate|licen[cs]e\s+plate)\b[^\w\n]{0,3}(?:is\s+|was\s+)?"
    r"(?P<found>[A-Z]\d{1,3} ?[A-Z]{3}|[A-Z]{3} ?\d{1,3}[A-Z]?|[A-Z]{1,3} ?\d{1,4}|\d{1,4} ?[A-Z]{1,3})\b"
)
_STREETS = r"Street|Road|Avenue|Lane|Close|Crescent|Drive|Terrace|Gardens|Grove|Place|Court|Way|Row|Mews|Hill"
_ADDRESS = re.compile(
    rf"(?<![\w.£$])(?:Flat\s+\d{{1,3}}[A-Za-z]?,?\s+)?\d{{1,4}}[A-Za-z]?,?\s+(?:[A-Z][\w'’]+\s+){{1,3}}(?:{_STREETS})\b"
)
_PERSON = r"[A-Z][\w'’\-]+(?:\s+[A-Z][\w'’\-]+){0,2}"
_TITLED = re.compile(
    rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Rev|Reverend|Cllr|Councillor)\b\.?\s+(?P<found>{_PERSON})"
)
# Words after which people tell who somebody is. Case matters in the name alone.
_TELLING = re.compile(
    r"\b(?:[Mm]y\s+(?:full\s+)?name(?:['’]s|\s+is)|[Ii]['’]?\s?a?m\s+called|[Cc]all\s+me|[Tt]his\s+is|[Nn]ame:|[Ss]poke\s+(?:to|with)|"
    r"(?:my|her|his|their|our|My|Her|His|Their|Our)\s+(?:\w+\s+)?(?:daughter|son|husband|wife|partner|mother|mum|father|dad|"
    r"sister|brother|aunt|uncle|nan|gran|grandmother|grandfather|granddaughter|grandson|friend|neighbour|carer|keyworker|"
    r"boss|manager|social\s+worker|midwife|GP|nurse),?(?:\s+(?:is|was)\s+called)?|"
    r"(?:called|named))\s+(?P<found>[A-Z][a-zà-öø-ÿ'’\-]+(?:\s+[A-Z][a-zà-öø-ÿ'’\-]+){0,2})"
)
# Words with a capital that people say there, and that are nobody.
_NOT_NAME_WORDS = """
    a an the and but so because when if it he she we they you i not just then now what that this there who how why
    great good okay ok yes no very really in on at for with from to of or as is was were be been have has had do did
    january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday universal credit council tax housing benefit personal independence payment child
    jobcentre plus citizens advice gov uk nhs hmrc dwp dvla google apple microsoft facebook whatsapp england scotland
    wales britain english welsh scottish british christmas easter part section page question step form service
"""
_NOT_NAMES = frozenset(_NOT_NAME_WORDS.split())


def _whole(pattern: re.Pattern[str], text: str) -> Spans:
    return (found.span() for found in pattern.finditer(text))


def _inner(pattern: re.Pattern[str], text: str) -> Spans:
    return (found.span("found") for found in pattern.finditer(text))


def _checked(pattern: re.Pattern[str], check: Callable[[str], bool], text: str) -> Spans:
    return (found.span() for found in pattern.finditer(text) if check(found.group()))


def _health_numbers(text: str) -> Spans:
    for start, end in _whole(_TEN_DIGITS, text):
        if is_health_number(text[start:end]) or (_is_labelled(text, start) and begins_with_a_day(text[start:end])):
            yield start, end


def _is_labelled(text: str, start: int) -> bool:
    """A CHI number that was mistyped still gives a birthday away, where the words before it say what it is."""
    return re.search(r"\b(?:CHI|NHS)\b", text[max(0, start - 30) : start]) is not None


def _sort_codes(text: str) -> Spans:
    """Three pairs of digits may be a day, too: one that can be no day, or a word of banks nearby, makes it one."""
    yield from _inner(_LABELLED_ACCOUNT, text)
    for start, end in _whole(_SORT_CODE, text):
        near = text[max(0, start - 40) : end + 40].casefold()
        if re.search(r"sort|bank|account|paid|payment", near) or not _may_be_a_day(text[start:end]):
            yield start, end


def _may_be_a_day(text: str) -> bool:
    first, middle, _last = (int(part) for part in re.split(r"\D", text))
    return 1 <= first <= 31 and 1 <= middle <= 12  # noqa: PLR2004 - days and months


def _told_names(text: str) -> Spans:
    """Of the words after 'my daughter' and the like, those that can be a name."""
    for found in _TELLING.finditer(text):
        start = end = found.start("found")
        for word in re.finditer(r"\S+", found.group("found")):
            if re.sub(r"['’]s?$", "", word.group()).casefold() in _NOT_NAMES:
                break
            end = start + word.end()
        name = re.sub(r"['’]s?$", "", text[start:end])
        if name:
            yield start, start + len(name)


Rule: TypeAlias = tuple[HitKind, Callable[[str], Spans]]

RULES: tuple[Rule, ...] = (
    (HitKind.EMAIL, lambda text: _whole(_EMAIL, text)),
    (HitKind.BIRTH_DATE, lambda text: _inner(_BIRTH, text)),
    (HitKind.NATIONAL_INSURANCE, lambda text: _whole(_NATIONAL_INSURANCE, text)),
    (HitKind.HEALTH_NUMBER, _health_numbers),
    (HitKind.IBAN, lambda text: _checked(_IBAN, is_iban, text)),
    (HitKind.CARD, lambda text: _checked(_CARD, is_card_number, text)),
    (HitKind.BANK_ACCOUNT, _sort_codes),
    (HitKind.PHONE, lambda text: _whole(_PHONE, text)),
    (HitKind.VEHICLE, lambda text: _whole(_VEHICLE, text)),
    (HitKind.VEHICLE, lambda text: _inner(_LABELLED_VEHICLE, text)),
    (HitKind.POSTCODE, lambda text: _whole(_POSTCODE, text)),
    (HitKind.ADDRESS, lambda text: _whole(_ADDRESS, text)),
    (HitKind.NAME, lambda text: _inner(_TITLED, text)),
    (HitKind.NAME, _told_names),
)
