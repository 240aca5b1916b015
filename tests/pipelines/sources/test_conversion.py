"""Conversions of text, one by one, against Python's own reading of the same text."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.engines.duckdb import Session
from pipelines.sources import conversion

SESSION = Session()
HERE = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


def value(expression: str, *texts):
    """The values of an expression over a column `text`."""
    listed = ", ".join(f"(${number})" for number in range(1, len(texts) + 1))
    sql = f"select {expression} from (values {listed}) as given (text)"
    found = [row[0] for row in SESSION.rows(sql, list(texts))]
    return found[0] if len(texts) == 1 else found


def moment(expression: str, text: str):
    found = value(f"epoch_us({expression})", text)
    return None if found is None else datetime.fromtimestamp(0, UTC) + timedelta(microseconds=found)


MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(2099, 12, 30))
OFFSETS = st.integers(-14 * 4, 14 * 4).map(lambda n: timezone(timedelta(minutes=15 * n)))


@HERE
@given(MOMENTS, OFFSETS, st.sampled_from(["T", " "]), st.booleans())
def test_iso_instants_with_an_offset_are_what_python_reads(naive, offset, gap, has_colon):
    told = naive.replace(tzinfo=offset)
    text = told.isoformat(gap)
    if not has_colon:
        text = text[:-3] + text[-2:]
    assert moment(conversion.instant("text", None), text) == told


@HERE
@given(MOMENTS, st.sampled_from(["Z", " UTC"]))
def test_utc_is_understood_in_its_spellings(naive, ending):
    text = naive.isoformat() + ending
    assert moment(conversion.instant("text", "Asia/Tokyo"), text) == naive.replace(tzinfo=UTC)


@HERE
@given(MOMENTS, st.sampled_from(["Europe/Berlin", "Asia/Kolkata", "America/New_York", "UTC"]))
def test_naive_instants_take_the_zone(naive, zone):
    found = moment(conversion.instant("text", zone), naive.isoformat())
    local = found.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    # In the hour that a change of clocks skips, no instant shows the time that was written.
    skipped = naive.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).astimezone(ZoneInfo(zone))
    assert local == naive or skipped.replace(tzinfo=None) != naive


@HERE
@given(MOMENTS)
def test_naive_instants_without_a_zone_are_nothing(naive):
    assert value(conversion.instant("text", None), naive.isoformat()) is None
    assert value(conversion.is_naive("text"), naive.isoformat())


@HERE
@given(st.text(max_size=30))
def test_no_text_at_all_breaks_a_conversion(text):
    text = text.replace("\x00", "")
    for expression in (
        conversion.present("text"),
        conversion.boolean("text"),
        conversion.whole_number("text"),
        conversion.plain_number("text"),
        conversion.plain_number("text", ","),
        conversion.decimal_number("text", ".", "DOUBLE"),
        conversion.minor_units("text", ".", "2", "'EUR'"),
        conversion.instant("text", "Europe/Berlin"),
        conversion.epoch("text", "epoch_s"),
        conversion.day("text"),
        conversion.formatted("text", conversion.day_patterns("dmy", with_time=True), "UTC"),
        conversion.formatted("text", [conversion.DAY_NUMBER], "UTC"),
        conversion.text_list("text", None),
        conversion.stated_currency("text"),
        conversion.masked("text"),
    ):
        value(expression, text)


@HERE
@given(st.dates(date(1970, 1, 1), date(2068, 12, 31)))
def test_days_in_every_order_are_what_was_written(day):
    for order, patterns in (
        ("dmy", ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%y", "%d/%b/%y", "%d %B %Y")),
        ("mdy", ("%m/%d/%Y", "%m-%d-%y", "%b %d, %Y")),
        ("ymd", ("%Y/%m/%d", "%Y.%m.%d", "%Y%m%d")),
    ):
        expression = conversion.formatted_day(
            "text", conversion.day_patterns(order, with_time=False)
        )
        for pattern in patterns:
            assert value(expression, day.strftime(pattern)) == day


@HERE
@given(st.decimals(-(10**9), 10**9, places=2, allow_nan=False))
def test_amounts_in_every_spelling_become_the_same_minor_units(amount):
    minor = int(amount * 100)
    plain, grouped = f"{amount:.2f}", f"{amount:,.2f}"
    german = grouped.translate(str.maketrans(",.", ".,"))
    for text in (plain, grouped, f"{grouped} EUR", f"€{plain}", f"  {plain}".strip()):
        assert value(conversion.minor_units("text", ".", "2", "'EUR'"), text) == minor
    for text in (german, f"{german} €", german.replace(".", "\u202f"), german.replace(".", "'")):
        assert value(conversion.minor_units("text", ",", "2", "'EUR'"), text) == minor
    if amount > 0:
        bracketed = f"({grouped})"
        assert value(conversion.minor_units("text", ".", "2", "'EUR'"), bracketed) == -minor


@HERE
@given(st.decimals(-(10**6), 10**6, places=6, allow_nan=False))
def test_decimals_stay_exact(number):
    found = value(conversion.decimal_number("text", ".", "DECIMAL(24,12)"), str(f"{number:.6f}"))
    assert found == Decimal(f"{number:.6f}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("4", 4), ("4.0", 4), ("-4", -4), ("+4", 4), ("4.5", None), ("1e3", None), ("4,0", None),
     ("17850.5", None), ("99999999999999999999", None)],
)  # fmt: skip
def test_a_whole_number_is_never_rounded(text, expected):
    assert value(conversion.whole_number("text"), text) == expected


@pytest.mark.parametrize(
    ("text", "decimal", "expected"),
    [
        ("1.234", ".", "1.234"),
        ("1.234", ",", "1234"),
        ("1,234", ".", "1234"),
        ("1,234", ",", "1.234"),
        ("0,123", ".", None),
        ("0.123", ",", None),
        ("1,23,4", ".", None),
        ("12 34", ".", None),
        ("12 345.6", ".", "12345.6"),
        ("1'234.50", ".", "1234.50"),
        ("CHF 12.50", ".", "12.50"),
        ("$ -5", ".", "-5"),
        ("(12.00)", ".", "-12.00"),
        ("5.", ".", None),
        (".5", ".", ".5"),
        ("-", ".", None),
        ("1.2.3", ".", None),
        ("12a", ".", None),
    ],
)
def test_numbers_of_either_mark(text, decimal, expected):
    assert value(conversion.plain_number("text", decimal), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("true", True), ("T", True), ("1", True), ("1.0", True), ("Yes", True), ("false", False),
     ("F", False), ("0", False), ("NO", False), ("ja", None), ("2", None)],
)  # fmt: skip
def test_booleans(text, expected):
    assert value(conversion.boolean("text"), text) is expected


@pytest.mark.parametrize("text", ["a b", " a", "a ", "\u00a0a", "a\u2003", "é", " ", "", "\ta"])
def test_blanks_around_a_text_go_as_trim_takes_them(text):
    assert value(conversion.trimmed("text"), text) == value("trim(text)", text)


@pytest.mark.parametrize("text", [*conversion.MISSING, "  ", " NA "])
def test_words_for_missing_are_missing(text):
    assert value(conversion.present(f"({conversion.trimmed('text')})"), text) is None


@pytest.mark.parametrize("text", ["0", "-1", "999", "nan", "NULLABLE", "none of it"])
def test_codes_that_nobody_declared_are_values(text):
    assert value(conversion.present("text"), text) == text
    assert value(conversion.present("text", [text]), text) is None


@pytest.mark.parametrize(
    ("text", "currency", "contradicts"),
    [("12 USD", "USD", False), ("12 USD", "EUR", True), ("USD 12", "usd", False),
     ("$12", "USD", False), ("$12", "CAD", False), ("$12", "EUR", True), ("€12", "EUR", False),
     ("€12", "USD", True), ("12.50", "JPY", False)],
)  # fmt: skip
def test_an_amount_may_not_contradict_its_currency(text, currency, contradicts):
    assert value(conversion.contradicts("text", f"'{currency}'"), text) is contradicts


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2025-03-09", date(2025, 3, 9)), ("2025-03-09T16:00:00-08:00", date(2025, 3, 9)),
     ("2025-03-09 23:59", date(2025, 3, 9)), ("2025-02-30", None), ("09.03.2025", None)],
)  # fmt: skip
def test_a_day_never_passes_through_utc(text, expected):
    assert value(conversion.day("text"), text) == expected


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [("1767225600", "epoch_s", "2026-01-01"), ("1767225600000", "epoch_ms", "2026-01-01"),
     ("1767225600000", "epoch_s", None), ("x", "epoch_s", None), ("-5", "epoch_s", None)],
)  # fmt: skip
def test_epochs(text, unit, expected):
    found = moment(conversion.epoch("text", unit), text)
    assert (found and found.date().isoformat()) == expected


@pytest.mark.parametrize(
    ("text", "separator", "expected"),
    [("a; b,c", None, ["a", "b", "c"]), ('["a, b", "c"]', None, ["a, b", "c"]),
     ("a, b|c", "|", ["a, b", "c"]), ("[not json", None, None)],
)  # fmt: skip
def test_lists(text, separator, expected):
    assert value(conversion.text_list("text", separator), text) == expected


def test_masking_leaves_no_address_and_no_number():
    text = "Call +49 170 1234567 or mail Ada.L@example.org, order 123456789"
    assert value(conversion.masked("text"), text) == (
        "Call [number] or mail [e-mail], order [number]"
    )
