"""What may give somebody away is found by rules, and stands in the text no longer once it is masked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insights.coding.personal_data import HitKind, KnownName, is_health_number, mask_all, replace_hit, scan


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("Write to ann.smith+x@nhs.example.co.uk today", HitKind.EMAIL, "ann.smith+x@nhs.example.co.uk"),
        ("Ring 020 7946 0018 first", HitKind.PHONE, "020 7946 0018"),
        ("Ring +44 (0)7700 900123.", HitKind.PHONE, "+44 (0)7700 900123"),
        ("Ring 07700900123 now", HitKind.PHONE, "07700900123"),
        ("She lives at SW1A 1AA.", HitKind.POSTCODE, "SW1A 1AA"),
        ("at m11ae, by the park", HitKind.POSTCODE, "m11ae"),
        ("NI: QQ123456C", None, ""),
        ("her number AB 12 34 56 C is", HitKind.NATIONAL_INSURANCE, "AB 12 34 56 C"),
        ("NHS 943 476 5919 on file", HitKind.HEALTH_NUMBER, "943 476 5919"),
        ("9434765918 is an order", None, ""),
        ("born on 3 May 1961 in Leeds", HitKind.BIRTH_DATE, "3 May 1961"),
        ("DOB: 03/05/61", HitKind.BIRTH_DATE, "03/05/61"),
        ("the release of 3 May 2026", None, ""),
        ("Dr Okafor said so", HitKind.NAME, "Okafor"),
        ("Paid into 12-34-56 last week", HitKind.BANK_ACCOUNT, "12-34-56"),
        ("IBAN GB82 WEST 1234 5698 7654 32.", HitKind.IBAN, "GB82 WEST 1234 5698 7654 32"),
        ("GB82 WEST 1234 5698 7654 33 is wrong", None, ""),
        ("card 4111 1111 1111 1111", HitKind.CARD, "4111 1111 1111 1111"),
        ("order 4111 1111 1111 1112", None, ""),
        ("parked AB51 ABC outside", HitKind.VEHICLE, "AB51 ABC"),
        ("She lives at 12 Mill Lane now", HitKind.ADDRESS, "12 Mill Lane"),
        ("My daughter Emily helped", HitKind.NAME, "Emily"),
        ("My daughter and I went", None, ""),
        ("This is Universal Credit", None, ""),
        ("6 of 8 people, 75 %, version 1.2.3.4", None, ""),
    ],
)
def test_a_rule_finds_what_it_is_for_and_leaves_the_rest(text: str, kind: HitKind | None, found: str) -> None:
    hits = scan({"we_did": text})

    assert [(hit.kind, hit.text) for hit in hits] == ([] if kind is None else [(kind, found)])


def test_a_mistyped_chi_number_is_found_where_the_words_say_what_it_is() -> None:
    assert scan({"": "Her CHI number is 010190 1234."})[0].kind is HitKind.HEALTH_NUMBER
    assert scan({"": "Order 010190 1234."})[0].kind is HitKind.PHONE


def test_check_digits_part_a_health_number_from_any_ten_digits() -> None:
    assert is_health_number("943 476 5919")
    assert not is_health_number("943 476 5918")
    assert not is_health_number("0000000000")


def test_names_and_codes_of_the_studies_are_found_as_whole_words_in_any_case() -> None:
    known = [KnownName("Maya Lindqvist"), KnownName("P-07", "code")]

    hits = scan({"you_said": "P-07 told MAYA LINDQVIST; P-071 did not."}, known)

    assert [(hit.kind, hit.text) for hit in hits] == [(HitKind.CODE, "P-07"), (HitKind.NAME, "MAYA LINDQVIST")]


def test_masking_one_hit_replaces_every_place_of_it_and_nothing_else() -> None:
    text = "Ann@example.org wrote; ann@example.org and bob@example.org answered."
    hit = scan({"we_did": text})[0]

    assert replace_hit(text, hit, "[a parent]") == "[a parent] wrote; [a parent] and bob@example.org answered."


def test_the_key_of_a_hit_is_the_same_wherever_its_words_stand_in_the_field() -> None:
    first, second = (scan({"we_did": text})[0] for text in ("ann@example.org", "Then: ANN@example.org!"))

    assert first.key == second.key
    assert first.key != scan({"you_said": "ann@example.org"})[0].key


@given(st.text(max_size=300))
def test_a_masked_text_has_nothing_left_to_mask(text: str) -> None:
    masked = mask_all(text)

    assert mask_all(masked) == masked


@given(st.text(max_size=60), st.text(max_size=60))
def test_an_address_is_found_between_any_words(before: str, after: str) -> None:
    assert "canary.person" not in mask_all(f"{before} canary.person@example.org {after}")


def test_long_hostile_lines_are_read_in_one_go() -> None:
    for piece in ("0 ", "a@", "(0", "A1 ", "Mr ", "born ", "٣"):
        assert isinstance(scan({"": piece * 20_000}), list)
