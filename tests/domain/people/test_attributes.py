"""Attributes have keys of a fixed list; what looks like a name or a contact is asked about."""

from __future__ import annotations

import pytest

from insights.core.errors import InvalidInput
from insights.people.participants import ATTRIBUTES, personal_hint, tidy_attributes


def test_a_suggested_value_in_other_capitals_counts_with_the_suggested_one() -> None:
    assert tidy_attributes({"access_need": " Vision ", "digital_confidence": "LOW"}) == {
        "access_need": "vision",
        "digital_confidence": "low",
    }


def test_free_values_are_kept_as_they_are_and_empty_ones_left_out() -> None:
    assert tidy_attributes({"access_need": "chronic pain", "region": ""}) == {"access_need": "chronic pain"}


def test_an_attribute_that_is_not_of_the_list_is_refused_with_the_list() -> None:
    with pytest.raises(InvalidInput, match="Use one of: group, access_need"):
        tidy_attributes({"income": "low"})


@pytest.mark.parametrize(
    ("value", "looks_like"),
    [
        ("anna@example.org", "an e-mail address"),
        ("call 020 7946 0018", "a telephone number"),
        ("+44 7700 900123", "a telephone number"),
        ("Anna Kowalska", "a full name"),
        ("Mrs Okafor", "a full name"),
    ],
)
def test_names_and_contacts_strike(value: str, looks_like: str) -> None:
    assert personal_hint(value) == looks_like


@pytest.mark.parametrize(
    "value", ["North West", "South Wales", "British Sign Language", "P-7K3Q", "25 to 44", "Parent"]
)
def test_places_languages_and_codes_do_not_strike(value: str) -> None:
    assert personal_hint(value) == ""


def test_no_suggested_value_strikes() -> None:
    assert not [value for each in ATTRIBUTES for value in each.suggestions if personal_hint(value)]
