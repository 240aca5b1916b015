"""Since the last review: three parts that sum to the whole difference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reviews.core.restatement import NOT_SEPARABLE, since_last_review

NUMBERS = st.floats(-1e9, 1e9)
MAYBE = st.none() | NUMBERS


def since(frozen, old_definition, old_period, now, runs=True):
    return since_last_review(
        frozen=frozen,
        old_definition_today=old_definition,
        old_period_today=old_period,
        now=now,
        old_definition_runs=runs,
    )


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.booleans())
def test_the_parts_sum_to_the_total(frozen, old_definition, old_period, now, runs):
    found = since(frozen, old_definition, old_period, now, runs)
    scale = max(map(abs, (frozen, old_definition, old_period, now)))
    assert sum(part for _, part in found.parts) == pytest.approx(
        found.total, abs=1e-9 * scale + 1e-12
    )
    assert found.total == now - frozen
    assert found.is_separable is runs


@given(MAYBE, MAYBE, MAYBE, MAYBE, st.booleans())
def test_an_unknown_number_makes_its_parts_unknown_and_none_of_them_0(a, b, c, d, runs):
    found = since(a, b, c, d, runs)
    assert (found.total is None) is (a is None or d is None)
    unknown = any(part is None for _, part in found.parts)
    needed = (a, b, c, d) if runs else (a, c, d)
    assert unknown is (None in needed)
    assert bool(found.sentence) is unknown


def test_each_part_is_its_formula():
    found = since(40.0, 41.0, 44.0, 42.0)
    assert found.parts == (("late data", 1.0), ("definition", 3.0), ("real change", -2.0))
    assert found.is_restated


def test_a_definition_that_cannot_run_merges_with_late_data():
    found = since(40.0, None, 44.0, 42.0, runs=False)
    assert found.parts == ((NOT_SEPARABLE, 4.0), ("real change", -2.0))
    assert (found.late_data, found.definition, found.sentence) == (None, None, "")


def test_nothing_is_restated_where_the_old_number_stands():
    assert not since(40.0, 40.0, 40.0, 45.0).is_restated
    assert not since(40.0, None, 40.0, 45.0, runs=False).is_restated
