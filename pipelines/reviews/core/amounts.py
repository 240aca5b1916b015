"""Amounts of a metric in words and figures, for sentences that are kept in records. Pure.

The figures are those of the dashboard, which cannot be asked from here; a test holds them equal.
"""

import re

NO_BREAK = "\u00a0"
MINUS = "\u2212"

# ISO 4217: currencies whose minor unit is not a hundredth.
_WITHOUT_MINOR = re.compile("BIF|CLP|DJF|GNF|ISK|JPY|KMF|KRW|PYG|RWF|UGX|UYI|VND|VUV|X[AOP]F")
_WITH_THOUSANDTHS = re.compile("BHD|IQD|JOD|KWD|LYD|OMR|TND")
_SIGNS = {"EUR": "€", "GBP": "£", "INR": "₹", "JPY": "¥", "USD": "$"}
# From here on cents only make a number harder to read.
_MONEY_WITHOUT_CENTS = 10_000


def amount(value: float, unit: str) -> str:
    r"""A value with its unit.

    Args:
        value: In `unit`; shares as fractions of 1.
        unit: "share", "count", "points", "days", "hours", "ratio", "per 1,000", or an ISO
            currency code.

    >>> amount(0.448, "share"), amount(6.25, "days"), amount(-1191.5, "EUR")
    ('44.8\xa0%', '6.2\xa0days', '−€1,191.50')
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
    # A currency stands before its figure, so only the end of the text can be shared.
    is_shared = noun and figure[-1].isdigit() and ends[1].endswith(f"{NO_BREAK}{noun}")
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
    sign = (MINUS if value < 0 else plus) if re.search("[1-9]", words.split(NO_BREAK)[0]) else ""
    return f"{sign}{words}"


def _unsigned(value: float, unit: str) -> str:
    if unit == "share":
        return f"{100 * value:,.1f}{NO_BREAK}%"
    if unit == "points of share":
        return f"{100 * value:,.1f}{NO_BREAK}pp"
    if re.fullmatch("[A-Z]{3}", unit):
        return _money(value, unit)
    if unit in {"days", "hours"}:
        figure = _figure(value, 1)
        return f"{figure}{NO_BREAK}{unit.removesuffix('s') if figure == '1' else unit}"
    if unit == "points":
        return _figure(value, 1)
    if unit == "per 1,000":
        return f"{_figure(value, 1)}{NO_BREAK}per{NO_BREAK}1,000"
    # Of a mean of counts three figures say enough.
    decimals = sum(value < limit for limit in (10, 100))
    return _figure(value, 0 if float(value).is_integer() else decimals)


def _money(value: float, currency: str) -> str:
    decimals = 3 if _WITH_THOUSANDTHS.fullmatch(currency) else 2
    if _WITHOUT_MINOR.fullmatch(currency) or value >= _MONEY_WITHOUT_CENTS:
        decimals = 0
    symbol = _SIGNS.get(currency, f"{currency}{NO_BREAK}")
    return f"{symbol}{value:,.{decimals}f}"


def _figure(value: float, decimals: int) -> str:
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if decimals else text
