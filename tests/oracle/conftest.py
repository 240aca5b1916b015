"""The sample workspace, refreshed once, and how its answers are held against the oracle's."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from pipelines.read import query

# The oracle's modules stand beside this file and know nothing of the product.
sys.path.insert(0, str(Path(__file__).parent))

from brute_force.answer import Cell, Key
from brute_force.exports import Exports
from brute_force.people import Usage

SAMPLE = Path(__file__).parents[2] / "sample_data" / "workspace"
TOLERANCE = 1e-9
# Of 2,000 resamples 2.5 % lie beyond a bound; two draws of them differ by half a percent.
TAIL, SAME_TAIL = 0.025, 0.015
# A running period has no total, and what "nothing" sums to is not said.
WITH_TOTAL = {"ok", "too_few"}
Rows = Mapping[Key, Mapping[str, Any]]


@pytest.fixture(scope="session")
def published(refreshed_sample) -> Path:
    return refreshed_sample


@pytest.fixture(scope="session")
def exports() -> Exports:
    return Exports(SAMPLE)


@pytest.fixture(scope="session")
def usage(exports) -> Usage:
    return Usage(exports)


@pytest.fixture
def ask(published):
    """Asks `query`; the rows by their keys, as text."""

    def rows(metric: str, *keys: str, **asked: Any) -> Rows:
        answer = query(published, metric, **asked)
        return {tuple(str(row[key]) for key in keys): row for row in answer["rows"]}

    return rows


@pytest.fixture
def same():
    """Asserts that an answer has exactly the expected rows and every number in them."""

    def check(answered: Rows, expected: Mapping[Key, Cell]) -> None:
        assert set(answered) == set(expected)
        wrong = [
            f"{key}: {problem}"
            for key, cell in expected.items()
            for problem in differences(answered[key], cell)
        ]
        assert wrong == []

    return check


def differences(row: Mapping[str, Any], cell: Cell) -> Iterator[str]:
    """What a row says otherwise than it must."""
    if row["status"] != cell.status:
        yield f"status {row['status']}, must be {cell.status}"
    names = ("value", "n", "total") if cell.status in WITH_TOTAL else ("value", "n")
    for name in names:
        if not is_close(row[name], getattr(cell, name)):
            yield f"{name} {row[name]}, must be {getattr(cell, name)}"
    shown = (row["low"], row["high"])
    if cell.draws:
        if not (
            cuts_a_tail(cell.draws, shown[0], TAIL) and cuts_a_tail(cell.draws, shown[1], 1 - TAIL)
        ):
            yield f"interval {shown} does not hold 95 % of the resamples"
    elif not any(
        is_close(shown[0], low) and is_close(shown[1], high) for low, high in cell.intervals
    ):
        yield f"interval {shown}, must be {' or '.join(map(str, cell.intervals))}"


def cuts_a_tail(draws: tuple[float, ...], bound: float, wanted: float) -> bool:
    """Whether a bound stands where so large a part of the resamples lies below it."""
    reach = TOLERANCE * max(1.0, abs(bound))
    below = sum(draw < bound - reach for draw in draws) / len(draws)
    up_to = sum(draw <= bound + reach for draw in draws) / len(draws)
    return below <= wanted + SAME_TAIL and up_to >= wanted - SAME_TAIL


def is_close(shown: float | None, expected: float | None) -> bool:
    """Equal but for the order in which floating sums were added; null only if null."""
    if shown is None or expected is None:
        return shown is expected
    return abs(shown - expected) <= TOLERANCE * max(1.0, abs(expected))
