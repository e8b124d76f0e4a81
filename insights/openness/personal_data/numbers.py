"""Numbers with check digits, so that an order number is not taken for somebody's NHS or CHI number.

Both have ten digits, of which the last is 11 less the sum of the others, weighted 10 to 2, modulo 11; 11 stands for 0,
and 10 is never given out. A CHI number begins with the day of birth as DDMMYY.
"""

from __future__ import annotations

from datetime import date

_DIGITS = 10
_MODULUS = 11


def is_health_number(text: str) -> bool:
    """Whether the ten digits in the text, whatever parts them, are a valid NHS or CHI number."""
    digits = [int(char) for char in text if char.isascii() and char.isdigit()]
    if len(digits) != _DIGITS or len(set(digits)) == 1:
        return False
    weighted = sum(digit * weight for digit, weight in zip(digits, range(_DIGITS, 1, -1), strict=False))
    check = _MODULUS - weighted % _MODULUS
    return digits[-1] == (0 if check == _MODULUS else check)


def begins_with_a_day(text: str) -> bool:
    """Whether the first six digits are a day as DDMMYY, as those of every CHI number are."""
    digits = "".join(char for char in text if char.isascii() and char.isdigit())
    try:
        # 2000 is a leap year, so that the 29th of February passes in every century.
        date(2000, int(digits[2:4]), int(digits[:2]))
    except ValueError:
        return False
    return True
