"""Amounts in kept sentences read as they do on the pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import format as shown
from pipelines.reviews.core.amounts import amount, change, change_between, counted, listed, times

UNITS = [
    "share",
    "count",
    "points",
    "days",
    "hours",
    "ratio",
    "per 1,000",
    "EUR",
    "JPY",
    "CHF",
    "BHD",
]
VALUES = st.floats(-1e7, 1e7).map(lambda value: round(value, 4)) | st.floats(-2, 2)


@given(VALUES, st.sampled_from(UNITS))
def test_an_amount_is_written_as_on_the_pages(value, unit):
    assert amount(abs(value), unit) == shown.number(abs(value), unit)


def test_an_amount_below_0_has_its_sign_first():
    assert [amount(-1200.5, "EUR"), amount(-0.25, "share")] == ["−€1,200.50", "−25.0\u00a0%"]


@given(VALUES, st.sampled_from(UNITS))
def test_a_change_is_written_as_on_the_pages(value, unit):
    on_page = shown.difference(value, unit)
    is_nothing = not any(digit in on_page.split("\u00a0")[0] for digit in "123456789")
    # The page writes +0 for what is rounded to nothing; a kept sentence gives it no sign.
    assert change(value, unit) == (on_page.lstrip("+−") if is_nothing else on_page)


@pytest.mark.parametrize(
    ("low", "high", "unit", "words"),
    [
        (-0.01, 0.042, "share", "−1.0 to +4.2 pp"),
        (1.5, 2.5, "days", "+1.5 to +2.5 days"),
        (1.0, 2.5, "days", "+1 day to +2.5 days"),
        (-1200.0, 30.0, "EUR", "−€1,200.00 to +€30.00"),
        (0.0, 3.0, "count", "0 to +3"),
        (-1.0, 2.0, "per 1,000", "−1 to +2 per 1,000"),
        (0.0, 2.5, "hours", "0 to +2.5 hours"),
    ],
)
def test_an_interval_says_its_unit_once_where_it_can(low, high, unit, words):
    assert change_between(low, high, unit).replace("\u00a0", " ") == words


def test_things_are_counted_and_listed():
    assert (counted(1, "week"), counted(1200, "week")) == ("1 week", "1,200 weeks")
    assert [listed(list(names)) for names in ("", "a", "ab", "abc")] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert (times(1.2345), times(2.0)) == ("1.23", "2")
