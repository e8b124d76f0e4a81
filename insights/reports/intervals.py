"""Wilson's score interval for a share (Wilson 1927), which stays sensible for small numbers and at 0 % and 100 %."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

from insights.core.errors import InvalidInput


def wilson_interval(numerator: int, denominator: int, *, confidence: float = 0.95) -> tuple[float, float] | None:
    """Lower and upper bound as shares between 0 and 1; None where there is nothing to divide by.

    Raises:
        InvalidInput: when the numerator does not lie between 0 and the denominator.
    """
    if not 0 <= numerator <= denominator:
        raise InvalidInput.of("numerator", f"{numerator} of {denominator} is no share: give 0 to {denominator}.")
    if denominator == 0:
        return None
    z_squared = NormalDist().inv_cdf((1 + confidence) / 2) ** 2
    share = numerator / denominator
    centre = share + z_squared / (2 * denominator)
    reach = sqrt(z_squared * (share * (1 - share) / denominator + z_squared / (4 * denominator**2)))
    scale = 1 + z_squared / denominator
    # At the ends the bound is exact; rounding must not push it over.
    lower = 0.0 if numerator == 0 else (centre - reach) / scale
    upper = 1.0 if numerator == denominator else (centre + reach) / scale
    return lower, upper
