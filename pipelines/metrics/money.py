"""Minor units and major units: how many decimals a currency has (ISO 4217)."""

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

DEFAULT_EXPONENT = 2
# ISO 4217, list one of 2024-06-25: every currency whose number of decimals is not 2.
EXPONENTS = {
    **dict.fromkeys(
        ("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI",
         "VND", "VUV", "XAF", "XOF", "XPF"),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}  # fmt: skip


def exponent(currency: str) -> int:
    """Decimals of a currency's major unit.

    >>> exponent("EUR"), exponent("JPY"), exponent("BHD")
    (2, 0, 3)
    """
    return EXPONENTS.get(currency.upper(), DEFAULT_EXPONENT)


def minor_per_major(currency: str) -> int:
    """How many minor units make one major unit.

    >>> minor_per_major("JPY")
    1
    """
    return int(10 ** exponent(currency))


def half_even(amount: Decimal | Fraction) -> int:
    """The nearest whole number of minor units; a tie goes to the even one.

    >>> half_even(Decimal("2.5")), half_even(Decimal("3.5")), half_even(Fraction(1829, 12))
    (2, 4, 152)
    """
    if isinstance(amount, Fraction):
        return round(amount)
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
