"""Numbers with check digits, so that an order number is not taken for somebody's NHS or CHI number or their account.

NHS and CHI numbers have ten digits, of which the last is 11 less the sum of the others, weighted 10 to 2, modulo 11; 11
stands for 0, and 10 is never given out. A CHI number begins with the day of birth as DDMMYY. An IBAN, turned so that
its first four signs stand last and read with A as 10 to Z as 35, leaves 1 when divided by 97 (ISO 13616). The digits of
a payment card pass the test of Luhn (ISO/IEC 7812-1).
"""

from __future__ import annotations

from datetime import date

_DIGITS = 10
_MODULUS = 11
_IBAN_MODULUS = 97
_IBAN_LENGTHS = range(15, 35)


def is_health_number(text: str) -> bool:
    """Whether the ten digits in the text, whatever parts them, are a valid NHS or CHI number."""
    digits = _digits(text)
    if len(digits) != _DIGITS or len(set(digits)) == 1:
        return False
    weighted = sum(digit * weight for digit, weight in zip(digits, range(_DIGITS, 1, -1), strict=False))
    check = _MODULUS - weighted % _MODULUS
    return digits[-1] == (0 if check == _MODULUS else check)


def begins_with_a_day(text: str) -> bool:
    """Whether the first six digits are a day as DDMMYY, as those of every CHI number are."""
    digits = "".join(map(str, _digits(text)))
    try:
        # 2000 is a leap year, so that the 29th of February passes in every century.
        date(2000, int(digits[2:4]), int(digits[:2]))
    except ValueError:
        return False
    return True


def is_iban(text: str) -> bool:
    plain = "".join(char for char in text.upper() if char.isascii() and char.isalnum())
    if len(plain) not in _IBAN_LENGTHS or not plain[:2].isalpha() or not plain[2:4].isdigit():
        return False
    turned = plain[4:] + plain[:4]
    return int("".join(str(int(char, 36)) for char in turned)) % _IBAN_MODULUS == 1


def is_card_number(text: str) -> bool:
    digits = _digits(text)
    if len(set(digits)) == 1:
        return False
    doubled = [sum(divmod(2 * digit, 10)) if place % 2 else digit for place, digit in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def _digits(text: str) -> list[int]:
    return [int(char) for char in text if char.isascii() and char.isdigit()]
