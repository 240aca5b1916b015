"""How often the Check is right and wrong, in 2,000 runs a cell with fixed seeds.

Bars are widened by 2.6 standard errors of the simulated share, and by nothing else. The same in
full is the benchmark of this name.
"""

import json
import subprocess
import sys
from collections import Counter
from math import sqrt
from pathlib import Path

import pytest

RUNS = 2_000
MARGIN = 2.6
NEAR = 0.04
SCRIPT = Path(__file__).parents[3] / "benchmarks" / "operating_characteristics.py"

# Bar → how many cells: 4 designs by 4 autocorrelations by 2 kinds of noise, and so on.
BARS = {
    "Interval coverage": 32,
    "False improved": 32,
    "False worse": 32,
    "Either, first look": 32,
    "Either, all three looks": 32,
    "False improved under drift": 96,
    "Guard-rail passes at its margin": 32,
    "Power": 40,
    "Interval coverage, proportion": 8,
    "Interval coverage, count": 8,
    "Interval coverage, quantile": 8,
}


@pytest.fixture(scope="module")
def found():
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--runs", str(RUNS), "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_every_bar_is_shown_in_every_cell(found):
    assert Counter(row["bar"] for row in found) == BARS
    assert len({(row["bar"], row["cell"]) for row in found}) == len(found)


@pytest.mark.parametrize("bar", BARS)
def test_the_check_keeps_its_bar_in_every_cell(found, bar):
    missed = []
    for row in found:
        if row["bar"] != bar:
            continue
        share, limit = row["share"], row["limit"]
        slack = MARGIN * sqrt(share * (1 - share) / RUNS)
        is_kept = {
            "at least": share >= limit - slack,
            "at most": share <= limit + slack,
            "near": abs(share - limit) <= NEAR + slack,
        }
        if not is_kept[row["side"]]:
            missed.append(row)
    assert not missed


def test_without_the_test_of_drift_a_drift_would_pass_for_an_improvement(found):
    """The bars above are kept by the rule, not by series that never signal."""
    powers = {row["cell"]: row["share"] for row in found if row["bar"] == "Power"}
    assert powers["12/8, ρ = 0, 2σ without step 4"] > powers["12/8, ρ = 0, 2σ"] + 0.3
