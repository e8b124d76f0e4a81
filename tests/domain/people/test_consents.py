"""What somebody agreed to as of a day: the latest consent counts, less what was taken back."""

from __future__ import annotations

from datetime import date

import pytest

from insights.people.models import ConsentScope
from insights.people.participants import (
    ConsentFact,
    ConsentState,
    agreed_scopes,
    consent_in_words,
    people_in_words,
    standing_of,
)

BOTH = frozenset({ConsentScope.TAKE_PART, ConsentScope.QUOTE_ANONYMOUSLY})
MARCH, MAY = date(2026, 3, 2), date(2026, 5, 3)


def test_without_a_record_nothing_is_agreed_to() -> None:
    standing = standing_of([], MAY)

    assert standing.state is ConsentState.NONE
    assert consent_in_words(standing) == "no consent recorded"
    assert agreed_scopes([], MAY) == frozenset()


def test_what_was_agreed_is_said_in_words() -> None:
    standing = standing_of([ConsentFact(1, MARCH, BOTH)], MAY)

    assert consent_in_words(standing) == "agreed to take part and to be quoted"


def test_a_consent_holds_through_its_last_day_and_no_longer() -> None:
    consent = ConsentFact(1, MARCH, BOTH, expires_on=MAY)

    assert agreed_scopes([consent], MAY) == BOTH
    assert agreed_scopes([consent], date(2026, 5, 4)) == frozenset()
    assert consent_in_words(standing_of([consent], date(2026, 5, 4))) == "ran out on 3 May 2026"


def test_a_scope_that_was_taken_back_no_longer_holds_from_that_day() -> None:
    consent = ConsentFact(1, MARCH, BOTH, taken_back=((ConsentScope.QUOTE_ANONYMOUSLY, MAY),))

    assert agreed_scopes([consent], date(2026, 5, 2)) == BOTH
    assert agreed_scopes([consent], MAY) == {ConsentScope.TAKE_PART}


def test_after_everything_was_taken_back_nothing_holds_and_before_it_did() -> None:
    consent = ConsentFact(1, MARCH, BOTH, withdrawn_on=MAY)

    assert agreed_scopes([consent], date(2026, 5, 2)) == BOTH
    assert standing_of([consent], MAY).state is ConsentState.WITHDRAWN


def test_a_later_form_replaces_an_earlier_one_also_where_it_allows_less() -> None:
    earlier = ConsentFact(1, MARCH, frozenset(ConsentScope))
    later = ConsentFact(2, MAY, frozenset({ConsentScope.TAKE_PART}))

    assert agreed_scopes([later, earlier], MAY) == {ConsentScope.TAKE_PART}
    assert agreed_scopes([later, earlier], MARCH) == frozenset(ConsentScope)


def test_several_people_are_summed_up_in_a_sentence() -> None:
    quoted = standing_of([ConsentFact(1, MARCH, BOTH)], MAY)
    expired = standing_of([ConsentFact(2, MARCH, BOTH, expires_on=date(2026, 4, 1))], MAY)
    nothing = standing_of([], MAY)

    assert people_in_words([quoted] * 7 + [expired, nothing]) == (
        "7 of 9 have agreed to be quoted; 1 ran out on 1 April 2026; 1 has no consent recorded."
    )


@pytest.mark.parametrize("number", [1, 2, 7])
def test_everything_agreed_to_is_said_shortly(number: int) -> None:
    standing = standing_of([ConsentFact(number, MARCH, frozenset(ConsentScope))], MAY)

    assert consent_in_words(standing) == "agreed to everything that was asked"
