"""The oracle's own ground: nothing of the product in it, and intervals as published."""

import ast
import sys
from pathlib import Path

import pytest
from brute_force.intervals import adjusted_wald, poisson, rank_pairs, t_quantile, wilson

MODULES = sorted((Path(__file__).parent / "brute_force").glob("*.py"))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_the_oracle_imports_nothing_but_the_standard_library(module):
    tree = ast.parse(module.read_text(encoding="utf-8"))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert imported - set(sys.stdlib_module_names) <= {"brute_force"}


def test_wilson_of_eight_in_ten_is_as_published():
    # Brown, Cai and DasGupta (2001): 0.490 to 0.943.
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)


def test_the_exact_interval_of_ten_events_is_as_published():
    # Garwood (1936): 4.795 to 18.390; of none: 0 to 3.689.
    assert poisson(10, 1.0) == pytest.approx((4.7954, 18.3904), abs=1e-4)
    assert poisson(0, 1.0) == pytest.approx((0, 3.6889), abs=1e-4)


@pytest.mark.parametrize(("freedom", "t"), [(1, 12.7062), (9, 2.2622), (100, 1.9840)])
def test_students_t_is_as_in_the_tables(freedom, t):
    assert t_quantile(freedom) == pytest.approx(t, abs=1e-4)


@pytest.mark.parametrize(("n", "half_width"), [(30, 26), (100, 15), (400, 7.5)])
def test_an_nps_near_25_is_as_wide_as_the_catalogue_says(n, half_width):
    low, high = adjusted_wald(round(0.45 * n), round(0.2 * n), n)
    assert (high - low) / 2 == pytest.approx(half_width, abs=0.5)


def test_both_ends_of_p85_are_reached_from_19_durations_on():
    assert rank_pairs(85, 18)[0][1] is None
    assert rank_pairs(85, 19)[0][1] == 19
    assert rank_pairs(95, 58)[0][1] is None
    assert rank_pairs(95, 59)[0][1] == 59
