"""The attributes of participants: a fixed list of keys, so that studies can be counted together; values are free.

The suggested values are the ones that a list of who was *not* heard names. They follow what public bodies ask for when
they recruit: access needs, assistive technology, digital confidence (GOV.UK digital inclusion scale, in three steps),
region, language and age, each no finer than a report needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from insights.core.checks import optional_line
from insights.core.errors import InvalidInput

LONGEST_VALUE = 200
GROUP = "group"


@dataclass(frozen=True, slots=True)
class Attribute:
    """`expected` says that a group of which nobody was heard is worth naming; `hint` stands under the field."""

    key: str
    label: str
    hint: str
    suggestions: tuple[str, ...] = ()
    expected: bool = True


ATTRIBUTES: tuple[Attribute, ...] = (
    Attribute(GROUP, "Group", "Who they are to the service, for example parent, nurse, person who was invited."),
    Attribute(
        "access_need",
        "Access need",
        "What has to be thought of for them, in a word or two. Never a diagnosis.",
        ("vision", "hearing", "physical", "dyslexia", "neurodivergent", "mental health", "language", "none"),
    ),
    Attribute(
        "assistive_technology",
        "Assistive technology",
        "What they used in the session.",
        ("screen reader", "magnifier", "voice control", "switch or keyboard only", "captions", "none"),
    ),
    Attribute(
        "digital_confidence",
        "Digital confidence",
        "How sure of themselves they are online, as they put it.",
        ("low", "medium", "high"),
    ),
    Attribute("region", "Region", "A region or nation, no smaller place.", expected=False),
    Attribute("language", "Language", "The language in which they prefer to be spoken to.", expected=False),
    Attribute(
        "age_band", "Age band", "In bands, never the age itself.", ("under 25", "25 to 44", "45 to 64", "65 and over")
    ),
)

_BY_KEY: Mapping[str, Attribute] = {attribute.key: attribute for attribute in ATTRIBUTES}


def attribute_of(key: str) -> Attribute:
    """Raises InvalidInput for a key that is not of the list."""
    found = _BY_KEY.get(key)
    if found is None:
        keys = ", ".join(_BY_KEY)
        raise InvalidInput.of("attribute", f"“{key}” is not an attribute of participants. Use one of: {keys}.")
    return found


def attribute_label(key: str) -> str:
    found = _BY_KEY.get(key)
    return key.replace("_", " ").capitalize() if found is None else found.label


def tidy_value(attribute: Attribute, value: str) -> str:
    """One line; a suggested value in whatever case becomes the suggested one, so that both count together."""
    line = optional_line(attribute.key, value, label=attribute.label.lower(), longest=LONGEST_VALUE)
    return next((each for each in attribute.suggestions if each.casefold() == line.casefold()), line)


def tidy_attributes(given: Mapping[str, Any]) -> dict[str, str]:
    """The attributes beside the group, without empty ones. Raises InvalidInput for unknown keys and long values."""
    tidied = {key: tidy_value(attribute_of(key), str(value or "")) for key, value in given.items() if key != GROUP}
    return {key: value for key, value in tidied.items() if value}
