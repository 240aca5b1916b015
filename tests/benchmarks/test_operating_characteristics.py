"""How often the Check is right and wrong, in full: every bar as it is required, not widened."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parent / "operating_characteristics.py"
NEAR = 0.04


@pytest.mark.benchmark
def test_20_000_runs_a_cell_hold_every_bar_and_every_power():
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--runs", "20000", "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    missed = []
    for row in json.loads(done.stdout):
        above = row["share"] - row["limit"]
        is_kept = {"at least": above >= 0, "at most": above <= 0, "near": abs(above) <= NEAR}
        if not is_kept[row["side"]]:
            missed.append(row)
    assert not missed
