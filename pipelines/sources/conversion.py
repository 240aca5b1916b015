"""Text → typed value, as SQL: every rule of conversion that does not depend on a whole column.

Each function returns an SQL expression over a text expression that is null where the cell is
missing. A result of null on a filled cell means "cannot be read as that type".
"""

from collections.abc import Sequence

from pipelines.engines.duckdb import quoted
from pipelines.sources.zones_sql import clock_of, offset_of, zone_of

# Always missing, whatever the source (imports.md 1.4). Numeric codes only if declared.
MISSING = ("", "NA", "N/A", "n/a", "null", "NULL", "None", "-", "?")

_ISO = r"\d{4}-\d{1,2}-\d{1,2}([T ]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?"
_NO_INSTANT = "cast(null as timestamptz)"
# How a text ends that says its own zone.
OFFSET = r"(Z|z|UTC|GMT|[+-]\d{2}(:?\d{2})?)$"
# How mappings call the numbers that spreadsheets count days by, from 1899-12-30.
DAY_NUMBER = "spreadsheet"
# 2100-01-01 in microseconds: what lies beyond is seconds read as something else.
_LAST_MICROS = 4_102_444_800_000_000
_BLANKS = "\\s\u00a0\u202f"
_CURRENCY_SIGNS = {"€": "EUR", "£": "GBP", "¥": "JPY"}
# A dollar sign stands for many currencies, but not for these.
_NO_DOLLARS = ("EUR", "GBP", "JPY", "CHF", "CNY", "SEK", "NOK", "DKK", "PLN")
_TIME_FORMATS = (
    "",
    " %H:%M",
    " %H:%M:%S",
    " %H:%M:%S.%f",
    " %I:%M %p",
    " %I:%M:%S %p",
    "T%H%M%S",
    ", %H:%M",
    ", %H:%M:%S",
    ", %I:%M %p",
    ", %I:%M:%S %p",
)
_DAY_FORMATS = {
    # %y before %Y: DuckDB's %Y reads "26" as the year 26.
    "dmy": ("%d/%m/%y", "%d.%m.%y", "%d-%m-%y", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y",
            "%d/%b/%y", "%d-%b-%y", "%d/%b/%Y", "%d-%b-%Y", "%d %b %Y", "%d %B %Y"),
    "mdy": ("%m/%d/%y", "%m-%d-%y", "%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y", "%b %d, %Y", "%B %d, %Y"),
    "ymd": ("%Y/%m/%d", "%Y.%m.%d", "%Y%m%d"),
}  # fmt: skip


def trimmed(raw: str) -> str:
    """The text without blanks around it; looking for one first halves the time of typing."""
    may_have = f"starts_with({raw}, ' ') or ends_with({raw}, ' ') or strlen({raw}) <> length({raw})"
    return f"case when {may_have} then trim({raw}) else {raw} end"


def present(text: str, missing: Sequence[str] = ()) -> str:
    """The trimmed text, null where the cell counts as missing."""
    words = ", ".join(quoted(word) for word in (*MISSING, *missing))
    return f"case when {text} in ({words}) then null else {text} end"


def folded(text: str) -> str:
    """The text as labels are compared: composed letters, no case, `ß` as `ss`."""
    return f"replace(lower(nfc_normalize({text})), 'ß', 'ss')"


def boolean(text: str) -> str:
    """True and false in the usual spellings."""
    return (
        f"case when lower({text}) in ('true', 't', '1', '1.0', 'yes', 'y') then true "
        f"when lower({text}) in ('false', 'f', '0', '0.0', 'no', 'n') then false end"
    )


def whole_number(text: str, decimal: str = ".") -> str:
    """An integer; `4.0` and `1,234` are one, `4.5` is not (a cast would round it in silence)."""
    whole = "'[+-]?\\d+(\\.0+)?'"
    number = plain_number(text, decimal)
    return (
        f"case when {quoted(decimal)} = '.' and regexp_full_match({text}, {whole}) "
        f"then try_cast(split_part({text}, '.', 1) as bigint) "
        f"when regexp_full_match({number}, {whole}) "
        f"then try_cast(split_part({number}, '.', 1) as bigint) end"
    )


def plain_number(text: str, decimal: str = ".") -> str:
    """The text of a number with `.` as decimal mark and nothing else, null if it is none.

    Strips currency signs, codes and group marks; `(12.00)` is negative.
    """
    group = "," if decimal == "." else "."
    bare = f"regexp_replace({text}, '[€$£¥]|^[A-Z]{{3}}|[A-Z]{{3}}$', '', 'g')"
    signed = f"regexp_replace({bare}, '^\\((.*)\\)$', '-\\1')"
    trimmed = f"regexp_replace({signed}, '^([+-]?)[{_BLANKS}]+|[{_BLANKS}]+$', '\\1', 'g')"
    separator = f"[\\{group}''{_BLANKS}]"
    # No group begins with 0: 0,123 is a decimal even where `,` parts thousands.
    whole = f"([1-9]\\d{{0,2}}({separator}\\d{{3}})+|\\d*)"
    pattern = f"^[+-]?{whole}(\\{decimal}\\d+)?$"
    number = f"replace(regexp_replace({trimmed}, '{separator}', '', 'g'), {quoted(decimal)}, '.')"
    # `[+-]?\d+(\.\d+)?` first: nearly every cell is that, and it costs a third.
    return (
        f"case when {quoted(decimal)} = '.' and regexp_full_match({text}, '[+-]?\\d+(\\.\\d+)?') "
        f"then {text} when regexp_matches({trimmed}, '{pattern}') "
        f"and regexp_matches({text}, '\\d') then {number} end"
    )


def stated_currency(text: str) -> str:
    """The ISO code that an amount bears itself ("12.00 USD", "€ 5"), null if none."""
    signs = " ".join(
        f"when contains({text}, '{sign}') then '{code}'" for sign, code in _CURRENCY_SIGNS.items()
    )
    code = f"regexp_extract({text}, '^([A-Z]{{3}})\\b|\\b([A-Z]{{3}})$', 0)"
    return f"coalesce(nullif({code}, ''), case {signs} end)"


def contradicts(text: str, currency: str) -> str:
    """SQL: an amount says itself that it is of another currency."""
    no_dollars = ", ".join(map(quoted, _NO_DOLLARS))
    return (
        f"(coalesce({stated_currency(text)} <> upper({currency}), false) "
        f"or (contains({text}, '$') and upper({currency}) in ({no_dollars})))"
    )


def decimal_number(text: str, decimal: str, sql_type: str) -> str:
    """A double or exact decimal; small ones are often written as `1e-05`."""
    scientific = f"regexp_full_match({text}, '[+-]?\\d+(\\.\\d+)?[eE][+-]?\\d+')"
    plain = f"try_cast({plain_number(text, decimal)} as {sql_type})"
    return f"case when {scientific} then try_cast({text} as {sql_type}) else {plain} end"


def minor_units(text: str, decimal: str, exponent: str, currency: str) -> str:
    """Major units as text → whole minor units.

    Null where a fraction would be left over, or the text names another currency.

    Args:
        text: The amount.
        decimal: Its decimal mark.
        exponent: SQL giving the currency's number of decimals (ISO 4217).
        currency: SQL of the currency.
    """
    exact = f"try_cast({plain_number(text, decimal)} as decimal(30, 6))"
    scaled = f"({exact} * cast(pow(10, {exponent}) as bigint))"
    return (
        f"case when {scaled} = round({scaled}, 0) and not {contradicts(text, currency)} "
        f"then try_cast({scaled} as bigint) end"
    )


def instant(text: str, zone: str | None) -> str:
    """ISO 8601 → TIMESTAMPTZ. A text without offset takes the zone; null without a zone.

    A cast to TIMESTAMP would drop `+0800` without a word, so text with an offset only ever
    becomes TIMESTAMPTZ.
    """
    local = f"timezone({quoted(zone)}, try_cast({text} as timestamp))" if zone else _NO_INSTANT
    return (
        f"case when ends_with({text}, 'Z') then try_cast({text} as timestamptz) "
        f"when {is_naive(text)} then {local} "
        f"when regexp_full_match({text}, '{_ISO}[+-]\\d{{2}}:?\\d{{2}}') "
        f"then try_cast({text} as timestamptz) "
        f"when {is_naive(clock_of(text))} then {_with_offset(clock_of(text), text)} end"
    )


def is_naive(text: str) -> str:
    """Whether an ISO text bears neither offset nor zone; a cast would pass over ` EST` or ` PM`."""
    return f"regexp_full_match({text}, '{_ISO}')"


def _with_offset(local: str, text: str) -> str:
    """SQL of a local time at the offset that the text bears; null if it bears none."""
    return f"try_cast(concat({local}, nullif({offset_of(text)}, '')) as timestamptz)"


def zoned(text: str, patterns: Sequence[str], zone: str | None) -> str:
    """Text in one of several strptime patterns, with or without a zone behind → TIMESTAMPTZ."""
    listed = ", ".join(quoted(pattern) for pattern in patterns)
    clock = clock_of(text)
    parsed = _pivoted(clock, f"try_strptime({clock}, [{listed}])", patterns)
    local = f"timezone({quoted(zone)}, {parsed})" if zone else _NO_INSTANT
    written = f"strftime({parsed}, '%Y-%m-%d %H:%M:%S.%f')"
    return f"case when {zone_of(text)} = '' then {local} else {_with_offset(written, text)} end"


def epoch(text: str, unit: str) -> str:
    """Seconds, milliseconds or microseconds since 1970 → TIMESTAMPTZ; null beyond 2100."""
    factor = {"epoch_s": 1_000_000, "epoch_ms": 1_000, "epoch_us": 1}[unit]
    micros = f"try_cast({text} as decimal(24, 6)) * {factor}"
    return (
        f"case when {micros} between 0 and {_LAST_MICROS} "
        f"then make_timestamptz(cast({micros} as bigint)) end"
    )


def is_day_number(text: str) -> str:
    """SQL: a text that a spreadsheet may have made of a date of 1954 to 2064."""
    return (
        f"(regexp_full_match({text}, '\\d{{5}}(\\.\\d+)?') "
        f"and try_cast({text} as double) between 20000 and 60000)"
    )


def day_number(text: str) -> str:
    """Days since 1899-12-30, with a fraction for the time → TIMESTAMP without zone."""
    micros = f"cast(round(try_cast({text} as double) * 86400) as bigint) * 1000000"
    return f"(timestamp '1899-12-30 00:00:00' + to_microseconds({micros}))"


def formatted(text: str, patterns: Sequence[str], zone: str | None) -> str:
    """Text in one of several strptime patterns → TIMESTAMPTZ; naive ones take the zone."""
    listed = ", ".join(quoted(pattern) for pattern in patterns)
    parsed = _pivoted(text, f"try_strptime({text}, [{listed}])", patterns)
    if list(patterns) == [DAY_NUMBER]:
        parsed = f"case when {is_day_number(text)} then {day_number(text)} end"
    if any("%z" in pattern for pattern in patterns):
        return f"try_cast({parsed} as timestamptz)"
    return f"timezone({quoted(zone)}, {parsed})" if zone else "cast(null as timestamptz)"


def _pivoted(text: str, parsed: str, patterns: Sequence[str]) -> str:
    """Years of two digits pivot at 70; strptime takes 69 for 1969."""
    if not any("%y" in pattern for pattern in patterns):
        return parsed
    is_early = f"year({parsed}) = 1969 and not contains({text}, '1969')"
    return f"case when {is_early} then {parsed} + interval 100 year else {parsed} end"


def day_patterns(order: str, *, with_time: bool) -> list[str]:
    """strptime patterns of one order of day, month and year."""
    times = _TIME_FORMATS if with_time else ("",)
    return [day + clock for day in _DAY_FORMATS[order] for clock in times]


def day(text: str) -> str:
    """ISO date → DATE; a full ISO instant gives the day it names, never through UTC."""
    return (
        f"case when regexp_matches({text}, '^\\d{{4}}-\\d{{2}}-\\d{{2}}([T ]|$)') "
        f"then try_cast(left({text}, 10) as date) end"
    )


def formatted_day(text: str, patterns: Sequence[str]) -> str:
    """Text in one of several strptime patterns → DATE."""
    if list(patterns) == [DAY_NUMBER]:
        return f"case when {is_day_number(text)} then cast({day_number(text)} as date) end"
    listed = ", ".join(quoted(pattern) for pattern in patterns)
    parsed = _pivoted(text, f"try_strptime({text}, [{listed}])", patterns)
    return f"cast({parsed} as date)"


def epoch_day(text: str, unit: str, zone: str | None) -> str:
    """Seconds or milliseconds since 1970 → the DATE of that instant in a zone, UTC if None."""
    return f"cast(timezone({quoted(zone or 'UTC')}, {epoch(text, unit)}) as date)"


def text_list(text: str, separator: str | None) -> str:
    """A JSON array, or parts between the separator (`;` or `,` if none is declared)."""
    if separator:
        parts = f"string_split({text}, {quoted(separator)})"
    else:
        parts = f"string_split_regex({text}, '\\s*[;,]\\s*')"
    trimmed_parts = f"list_transform({parts}, lambda part: trim(part))"
    filled = f"list_filter({trimmed_parts}, lambda part: part <> '')"
    # With a declared separator a bracket may begin a part of its own.
    is_array = f"{text} like '[%]' and json_valid({text})" if separator else f"{text} like '[%'"
    return f"case when {is_array} then try_cast({text} as json)::varchar[] else {filled} end"


def masked(text: str) -> str:
    """Free text without e-mail addresses, phone numbers and long runs of digits."""
    without_mail = f"regexp_replace({text}, '[\\w.+-]+@[\\w-]+\\.[\\w.]+', '[e-mail]', 'g')"
    phone = "\\+\\d[\\d ()/-]{6,}\\d|\\b0\\d{2,}[ )/-][\\d ()/-]{4,}\\d|\\d{9,}"
    return f"regexp_replace({without_mail}, '{phone}', '[number]', 'g')"
