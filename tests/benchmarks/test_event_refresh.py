"""A refresh stays within sight of a plain script, and one more day costs a tenth of all days."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

MEASURE = Path(__file__).parent / "measure.py"


def measured(*options: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, str(MEASURE), *options], capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_benchmark_runs_both_ways_on_a_few_events():
    found = measured("--events", "20000", "--users", "400", "--days", "5")
    assert found["files"] == 5
    assert all(found[way]["cpu_s"] > 0 for way in ("plain", "full", "one_day"))


@pytest.mark.benchmark
def test_ten_million_events_stay_within_the_bars():
    found = measured()
    assert found["full_by_plain"] <= 3, found
    assert found["one_day_by_full"] <= 0.10, found
    assert found["full"]["peak_mb"] < 4000, found
