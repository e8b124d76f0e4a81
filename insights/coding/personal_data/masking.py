"""What stands in a text instead of what was found in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from insights.coding.personal_data.known import KnownName
from insights.coding.personal_data.rules import HitKind
from insights.coding.personal_data.scan import Hit, scan

MASKS: Mapping[HitKind, str] = {
    HitKind.EMAIL: "[e-mail address removed]",
    HitKind.HEALTH_NUMBER: "[health number removed]",
    HitKind.NATIONAL_INSURANCE: "[National Insurance number removed]",
    HitKind.PHONE: "[telephone number removed]",
    HitKind.BIRTH_DATE: "[date of birth removed]",
    HitKind.POSTCODE: "[postcode removed]",
    HitKind.IBAN: "[bank account removed]",
    HitKind.CARD: "[card number removed]",
    HitKind.BANK_ACCOUNT: "[bank details removed]",
    HitKind.VEHICLE: "[vehicle registration removed]",
    HitKind.ADDRESS: "[address removed]",
    HitKind.CODE: "[participant]",
    HitKind.NAME: "[name removed]",
}


def replace_hit(text: str, hit: Hit, replacement: str) -> str:
    """The text with the replacement wherever the words of the hit stand in it."""
    pieces, at = [], 0
    for each in scan({hit.field: text}, [KnownName(hit.text, hit.kind.value)]):
        if each.text.casefold() == hit.text.casefold():
            pieces += [text[at : each.start], replacement]
            at = each.end
    return "".join([*pieces, text[at:]])


def mask_all(text: str, known: Sequence[KnownName] = ()) -> str:
    """The text without anything that the rules find: for files that are made without anybody looking at each line."""
    pieces, at = [], 0
    for each in scan({"": text}, known):
        pieces += [text[at : each.start], MASKS[each.kind]]
        at = each.end
    return "".join([*pieces, text[at:]])
