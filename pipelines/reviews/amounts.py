"""Amounts of a metric in words and figures, for sentences that are kept in records. Pure."""

import re

NO_BREAK = "\u00a0"
MINUS = "\u2212"

# ISO 4217: currencies whose minor unit is not a hundredth.
_WITHOUT_MINOR = re.compile("BIF|CLP|DJF|GNF|ISK|JPY|KMF|KRW|PYG|RWF|UGX|UYI|VND|VUV|X[AOP]F")
_SIGNS = {"EUR": "€", "GBP": "£", "INR": "₹", "JPY": "¥", "USD": "$"}
# From here on decimals only make a number harder to read.
_LARGE = 1_000
_SMALL = 10


def amount(value: float, unit: str) -> str:
    r"""A value with its unit.

    Args:
        value: In `unit`; shares as fractions of 1.
        unit: "share", "count", "points", "days", "hours", "ratio", "per 1,000", or an ISO
            currency code.

    >>> amount(0.448, "share"), amount(6.25, "days"), amount(-1191.5, "EUR")
    ('44.8\xa0%', '6.25\xa0days', '−€1,191.50')
    """
    return _signed(value, unit, plus="")


def change(value: float, unit: str) -> str:
    r"""A change with its sign; of shares in percentage points, never in per cent.

    >>> change(0.042, "share"), change(-3.0, "count")
    ('+4.2\xa0pp', '−3')
    """
    return _signed(value, unit.replace("share", "points of share"), plus="+")


def change_between(low: float, high: float, unit: str) -> str:
    r"""An interval of a change, the unit said once.

    >>> change_between(-0.01, 0.042, "share"), change_between(1.5, 2.5, "days")
    ('−1.0 to +4.2\xa0pp', '+1.5 to +2.5\xa0days')
    """
    ends = [change(end, unit) for end in (low, high)]
    figure, _, noun = ends[0].partition(NO_BREAK)
    is_shared = noun and figure[1:2].isdigit() and ends[1].endswith(f"{NO_BREAK}{noun}")
    return f"{figure if is_shared else ends[0]} to {ends[1]}"


def times(ratio: float) -> str:
    """How many times as large something is.

    >>> times(1.2345)
    '1.23'
    """
    return _figure(ratio, 2)


def counted(count: int, noun: str) -> str:
    """A number of things.

    >>> counted(1, "week"), counted(12, "week")
    ('1 week', '12 weeks')
    """
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def listed(parts: list[str]) -> str:
    """Names in one phrase.

    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def _signed(value: float, unit: str, *, plus: str) -> str:
    words = _unsigned(abs(value), unit)
    # What is rounded to nothing has no sign.
    sign = (MINUS if value < 0 else plus) if re.search("[1-9]", words) else ""
    return f"{sign}{words}"


def _unsigned(value: float, unit: str) -> str:
    if unit == "share":
        return f"{100 * value:,.1f}{NO_BREAK}%"
    if unit == "points of share":
        return f"{100 * value:,.1f}{NO_BREAK}pp"
    if re.fullmatch("[A-Z]{3}", unit):
        decimals = 0 if _WITHOUT_MINOR.fullmatch(unit) or value >= _SMALL * _LARGE else 2
        symbol = _SIGNS.get(unit, f"{unit}{NO_BREAK}")
        return f"{symbol}{value:,.{decimals}f}"
    figure = _figure(value, 0 if value >= _LARGE else 1 if value >= _SMALL else 2)
    if unit in {"days", "hours"}:
        return f"{figure}{NO_BREAK}{unit.removesuffix('s') if figure == '1' else unit}"
    return f"{figure}{NO_BREAK}per{NO_BREAK}1,000" if unit == "per 1,000" else figure


def _figure(value: float, decimals: int) -> str:
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if decimals else text
