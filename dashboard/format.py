"""Numbers → words. Pure; "%" and currency signs exist only here."""

import re
from datetime import date, datetime, timedelta

NO_BREAK = "\u00a0"
MINUS = "\u2212"
DASH = "\u2013"

# ISO 4217: currencies whose minor unit is not a hundredth.
_WITHOUT_MINOR = re.compile("BIF|CLP|DJF|GNF|ISK|JPY|KMF|KRW|PYG|RWF|UGX|UYI|VND|VUV|X[AOP]F")
_WITH_THOUSANDTHS = re.compile("BHD|IQD|JOD|KWD|LYD|OMR|TND")
_SIGNS = {"EUR": "€", "GBP": "£", "INR": "₹", "JPY": "¥", "USD": "$"}

# From here on cents only make a card's number harder to read.
_MONEY_WITHOUT_CENTS = 10_000
# Of a ramp between two whole numbers nobody meant the decimals.
_WHOLE_FROM = 10
_WIDE_SHARE_INTERVAL = 0.03
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
_MONTHS_A_QUARTER, _MONTHS_A_YEAR = 3, 12
_TOO_LONG_FOR_HOURS = timedelta(hours=48)


def is_currency(unit: str) -> bool:
    """Whether a unit is a currency's ISO code.

    >>> is_currency("EUR"), is_currency("share")
    (True, False)
    """
    return re.fullmatch(r"[A-Z]{3}", unit) is not None


def number(value: float | None, unit: str, *, exact: bool = False) -> str:
    r"""A value in words and figures; a dash where it is unknown.

    Args:
        value: In `unit`; shares as fractions of 1.
        unit: "share", "count", "points", "days", "hours", "ratio", "per 1,000", or an ISO
            currency code.
        exact: All decimals of money, however large it is.

    >>> number(0.448, "share"), number(54484.0, "count"), number(1191.5, "EUR")
    ('44.8\xa0%', '54,484', '€1,191.50')
    >>> number(6.0, "days"), number(1.0, "days"), number(None, "share")
    ('6\xa0days', '1\xa0day', '–')
    """
    if value is None:
        return DASH
    if is_currency(unit):
        return _money(value, unit, exact=exact)
    if unit == "share":
        return f"{_rounded(100 * value, 1, keep=True)}{NO_BREAK}%"
    if unit in {"days", "hours"}:
        figure = _rounded(value, 1)
        noun = unit.removesuffix("s") if figure == "1" else unit
        return f"{figure}{NO_BREAK}{noun}"
    if unit == "points":
        return _rounded(value, 1)
    if unit == "per 1,000":
        return f"{_rounded(value, 1)}{NO_BREAK}per{NO_BREAK}1,000"
    return _rounded(value, 0 if float(value).is_integer() else _decimals(value))


def goal(value: float, unit: str) -> str:
    r"""A number that somebody chose: without decimals that nobody meant.

    >>> goal(0.45, "share"), goal(0.455, "share"), goal(485.33, "count")
    ('45\xa0%', '45.5\xa0%', '485')
    """
    if unit == "count":
        value = round(value) if abs(value) >= _WHOLE_FROM else value
    return number(value, unit).replace(f".0{NO_BREAK}%", f"{NO_BREAK}%").replace(".00", "")


def difference(value: float, unit: str) -> str:
    r"""A change with its sign; changes of shares in percentage points, never in per cent.

    >>> difference(0.042, "share"), difference(-3.0, "count")
    ('+4.2\xa0pp', '−3')
    """
    if unit == "share":
        words = f"{_rounded(100 * abs(value), 1, keep=True)}{NO_BREAK}pp"
    else:
        words = number(abs(value), unit)
    return f"{MINUS if value < 0 else '+'}{words}"


def interval(low: float | None, high: float | None, unit: str) -> str:
    r"""The 95 % interval in words; an open end is said to be open, and no interval is "".

    >>> interval(0.19, 0.73, "share"), interval(5.0, None, "days")
    ('19–73\xa0%', 'at least 5\xa0days')
    """
    if low is None and high is None:
        return ""
    if high is None:
        return f"at least {number(low, unit)}"
    if low is None:
        return f"at most {number(high, unit)}"
    if unit == "share":
        return f"{_percent_pair(low, high)}{NO_BREAK}%"
    if unit in {"days", "hours"}:
        return f"{_rounded(low, 1)}{DASH}{_rounded(high, 1)}{NO_BREAK}{unit}"
    if unit == "per 1,000":
        return f"{_rounded(low, 1)}{DASH}{number(high, unit)}"
    # A dash between signed numbers reads as one more minus.
    joiner = " to " if min(low, high) < 0 else DASH
    return f"{number(low, unit)}{joiner}{number(high, unit)}"


def small_share(total: float, n: int, low: float | None, high: float | None) -> str:
    r"""A share of too few, as counts with what is plausible.

    >>> small_share(4, 9, 0.19, 0.73)
    '4 of 9; with so few, 19–73\xa0% are plausible'
    """
    plausible = interval(low, high, "share")
    counts = f"{_rounded(total, 0)} of {n:,}"
    return f"{counts}; with so few, {plausible} are plausible" if plausible else counts


def day(value: date) -> str:
    """A date that no reader takes for another.

    >>> day(date(2026, 11, 6))
    '6 Nov 2026'
    """
    return f"{value.day} {value:%b %Y}"


def period(start: date, end: date) -> str:
    """A half-open period by its usual name.

    >>> period(date(2026, 11, 1), date(2026, 12, 1)), period(date(2026, 11, 2), date(2026, 11, 9))
    ('Nov 2026', 'week of 2 Nov 2026')
    >>> period(date(2026, 10, 5), date(2026, 10, 19))
    '5 Oct–18 Oct 2026'
    """
    months = 12 * (end.year - start.year) + end.month - start.month
    if end - start <= _DAY:
        return day(start)
    if end - start == _WEEK:
        return f"week of {day(start)}"
    if start.day == end.day == 1:
        if months == 1:
            return f"{start:%b %Y}"
        if months == _MONTHS_A_QUARTER and start.month % _MONTHS_A_QUARTER == 1:
            return f"Q{(start.month + 2) // _MONTHS_A_QUARTER} {start.year}"
        if months == _MONTHS_A_YEAR and start.month == 1:
            return str(start.year)
    last = end - _DAY
    first = f"{start.day} {start:%b}" if start.year == last.year else day(start)
    return f"{first}{DASH}{day(last)}"


def age(since: datetime, now: datetime) -> str:
    """How old something is, in the largest unit that is not misleading.

    >>> age(datetime(2026, 11, 16, 6), datetime(2026, 11, 16, 9, 40))
    '3 hours old'
    """
    passed = max(now - since, timedelta(0))
    if passed < timedelta(hours=1):
        return "less than an hour old"
    if passed < _TOO_LONG_FOR_HOURS:
        return f"{counted(int(passed.total_seconds() // 3600), 'hour')} old"
    return f"{counted(passed.days, 'day')} old"


def counted(count: int, noun: str) -> str:
    """A number of things.

    >>> counted(1, "item"), counted(1200, "item")
    ('1 item', '1,200 items')
    """
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def plain(text: str) -> str:
    r"""Text from data for Streamlit's Markdown: shown as it is, never read as markup.

    >>> plain("*all* of :red[it] for $5")
    '\\*all\\* of \\:red\\[it\\] for \\$5'
    """
    # A space that does not break stays: "45 %" is one word.
    joined = re.sub(rf"[^\S{NO_BREAK}]+", " ", text).strip()
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])", r"\\\1", joined)


def plain_in_label(text: str) -> str:
    r"""Text from data within the label of a field: as `plain`, for what can be markup in a line.

    A screen reader says a label as it is written, so "Crash-free" gets no sign that it needs not.

    >>> plain_in_label("Crash-free, *all* of :red[it]")
    'Crash-free, \\*all\\* of \\:red\\[it\\]'
    """
    return re.sub(r"([\\`*_\[\]<>~$:&])", r"\\\1", " ".join(text.split()))


def figure_text(text: str) -> str:
    """Text from data for a figure: Plotly reads tags in every label, so none may be left.

    >>> figure_text('<a href="x">v2</a> & more')
    '&lt;a href="x"&gt;v2&lt;/a&gt; &amp; more'
    """
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return " ".join(safe.split())


def _decimals(value: float) -> int:
    """Of a mean of counts: three figures say enough."""
    return sum(abs(value) < limit for limit in (10, 100))


def _percent_pair(low: float, high: float) -> str:
    # Whole per cents say enough, unless rounding is a good part of the width.
    decimals = 0 if high - low >= _WIDE_SHARE_INTERVAL else 1
    return f"{100 * low:.{decimals}f}{DASH}{100 * high:.{decimals}f}"


def _money(value: float, currency: str, *, exact: bool) -> str:
    decimals = 2
    if _WITHOUT_MINOR.fullmatch(currency):
        decimals = 0
    elif _WITH_THOUSANDTHS.fullmatch(currency):
        decimals = 3
    if abs(value) >= _MONEY_WITHOUT_CENTS and not exact:
        decimals = 0
    amount = f"{abs(value):,.{decimals}f}"
    sign = MINUS if value < 0 and float(amount.replace(",", "")) else ""
    symbol = _SIGNS.get(currency)
    return f"{sign}{symbol}{amount}" if symbol else f"{sign}{currency}{NO_BREAK}{amount}"


def _rounded(value: float, decimals: int, *, keep: bool = False) -> str:
    text = f"{value:,.{decimals}f}"
    if decimals and not keep:
        text = text.rstrip("0").rstrip(".")
    if text.startswith("-"):
        # A rounded −0.0 is nothing, and has no sign.
        text = f"{MINUS}{text[1:]}" if text.strip("-0.,") else text[1:]
    return text
