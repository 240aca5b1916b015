"""Rows of the contract as JSON has them. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any

# Beyond this a float no longer tells neighbouring whole numbers apart.
LARGEST_EXACT = 2**53


def plain_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with dates as ISO text and whole floats as integers.

    >>> plain_row({"period": date(2026, 5, 4), "value": 12.0, "low": None})
    {'period': '2026-05-04', 'value': 12, 'low': None}
    """
    return {key: _plain(value) for key, value in row.items()}


def _plain(value: Any) -> Any:  # noqa: ANN401 (whatever a column holds)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < LARGEST_EXACT:
        # A count is printed as a count; -0.0 as 0.
        return int(value)
    return value
