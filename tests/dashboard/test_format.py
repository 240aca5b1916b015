"""Numbers → words: what a reader must not misread."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import format as words


def said(text: str) -> str:
    return text.replace(words.NO_BREAK, " ")


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0.448, "share", "44.8 %"),
        (0.0, "share", "0.0 %"),
        (1.0, "share", "100.0 %"),
        (54484.0, "count", "54,484"),
        (2.345, "count", "2.35"),
        (-12.0, "points", "−12"),
        (31.52, "points", "31.5"),
        (1191.5, "EUR", "€1,191.50"),
        (48210.5, "EUR", "€48,210"),
        (-3.2, "USD", "−$3.20"),
        (1200.0, "JPY", "¥1,200"),
        (1.5, "KWD", "KWD 1.500"),
        (99.0, "CHF", "CHF 99.00"),
        (1.0, "days", "1 day"),
        (6.4, "days", "6.4 days"),
        (0.5, "hours", "0.5 hours"),
        (3.14159, "ratio", "3.14"),
        (None, "EUR", "–"),
    ],
)
def test_a_number_reads_as_its_unit_asks(value: float | None, unit: str, expected: str) -> None:
    assert said(words.number(value, unit)) == expected


def test_what_rounds_to_zero_has_no_sign() -> None:
    assert said(words.number(-0.0001, "share")) == "0.0 %"
    assert words.number(-0.001, "points") == "0"
    assert words.number(-0.001, "EUR") == "€0.00"


def test_all_decimals_of_money_where_they_are_asked_for() -> None:
    assert words.number(48210.5, "EUR", exact=True) == "€48,210.50"


def test_changes_of_shares_are_in_points_and_signed() -> None:
    assert said(words.difference(0.042, "share")) == "+4.2 pp"
    assert said(words.difference(-0.042, "share")) == "−4.2 pp"
    assert words.difference(-12.0, "EUR") == "−€12.00"


@pytest.mark.parametrize(
    ("low", "high", "unit", "expected"),
    [
        (0.19, 0.73, "share", "19–73 %"),
        (0.441, 0.447, "share", "44.1–44.7 %"),
        (-3.0, 11.0, "points", "−3 to 11"),
        (5.0, 9.0, "days", "5–9 days"),
        (5.0, None, "days", "at least 5 days"),
        (None, 9.0, "hours", "at most 9 hours"),
        (None, None, "share", ""),
    ],
)
def test_an_interval_says_which_end_is_open(
    low: float | None, high: float | None, unit: str, expected: str
) -> None:
    assert said(words.interval(low, high, unit)) == expected


def test_few_people_are_counted_and_what_is_plausible_is_said() -> None:
    assert said(words.small_share(4, 9, 0.19, 0.73)) == "4 of 9; with so few, 19–73 % are plausible"
    assert words.small_share(0, 0, None, None) == "0 of 0"


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2026, 11, 16), date(2026, 11, 17), "16 Nov 2026"),
        (date(2026, 11, 2), date(2026, 11, 9), "week of 2 Nov 2026"),
        (date(2026, 2, 1), date(2026, 3, 1), "Feb 2026"),
        (date(2026, 10, 1), date(2027, 1, 1), "Q4 2026"),
        (date(2026, 1, 1), date(2027, 1, 1), "2026"),
        (date(2026, 12, 21), date(2027, 1, 4), "21 Dec 2026–3 Jan 2027"),
        (date(2026, 2, 1), date(2026, 5, 1), "1 Feb–30 Apr 2026"),
    ],
)
def test_a_period_goes_by_its_usual_name(start: date, end: date, expected: str) -> None:
    assert words.period(start, end) == expected


def test_age_is_in_hours_up_to_two_days() -> None:
    now = datetime(2026, 11, 16, 12)
    assert words.age(datetime(2026, 11, 16, 11, 30), now) == "less than an hour old"
    assert words.age(datetime(2026, 11, 16, 11), now) == "1 hour old"
    assert words.age(datetime(2026, 11, 15), now) == "36 hours old"
    assert words.age(datetime(2026, 11, 13), now) == "3 days old"
    assert words.age(datetime(2026, 11, 17), now) == "less than an hour old"


@given(st.text())
def test_no_text_reaches_a_figure_as_a_tag(text: str) -> None:
    shown = words.figure_text(text)
    assert "<" not in shown
    assert ">" not in shown


@given(st.text(alphabet="ab *_[]()<>:$`~#!|\\{}", max_size=30))
def test_no_text_reaches_markdown_unescaped(text: str) -> None:
    shown = words.plain(text)
    bare = shown.replace("\\\\", "")
    for sign in "*_[]<>:$`~#!|{}":
        assert bare.count(sign) == bare.count(f"\\{sign}")
