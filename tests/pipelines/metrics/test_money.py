from decimal import Decimal
from fractions import Fraction

import pytest

from pipelines.metrics.money import exponent, half_even, minor_per_major


@pytest.mark.parametrize(
    ("currency", "decimals"),
    [("EUR", 2), ("usd", 2), ("JPY", 0), ("ISK", 0), ("BHD", 3), ("TND", 3), ("CLF", 4)],
)
def test_a_currency_has_the_decimals_of_iso_4217(currency, decimals):
    assert exponent(currency) == decimals
    assert minor_per_major(currency) == 10**decimals


@pytest.mark.parametrize(
    ("amount", "rounded"),
    [
        (Decimal("2.5"), 2),
        (Decimal("3.5"), 4),
        (Decimal("-2.5"), -2),
        (Decimal("2.51"), 3),
        (Fraction(5, 2), 2),
        (Fraction(1829, 12), 152),
    ],
)
def test_ties_go_to_the_even_minor_unit(amount, rounded):
    assert half_even(amount) == rounded
