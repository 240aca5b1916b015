"""Measures a refresh beside a plain script: python measure.py [--events N --users N --days N].

Prints one JSON object: CPU seconds and peak memory of the plain script, of the first refresh,
and of one with a day more; and the two ratios that `make benchmark` holds us to. CPU seconds,
because wall time says more about what else runs on the machine.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from event_days import SETTINGS

HERE = Path(__file__).parent
REFRESH = (
    "import sys; from pathlib import Path; from pipelines.refresh import refresh; "
    "sys.exit(not refresh(Path(sys.argv[1])).is_good)"
)


def measured(*arguments: str) -> dict[str, float]:
    """CPU seconds and peak memory of a Python process of its own; RuntimeError if it fails."""
    environment = {**os.environ, "LAUNCHLOOP_KEY": "benchmark"}
    process = subprocess.Popen([sys.executable, *arguments], env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{arguments} ended with {process.returncode}")
    # Linux counts kilobytes, macOS bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return {
        "cpu_s": round(usage.ru_utime + usage.ru_stime, 2),
        "peak_mb": round(usage.ru_maxrss * unit / 1_000_000),
    }


def measurements(folder: Path, *, events: int, users: int, days: int) -> dict[str, object]:
    """Both ways on a workspace that is made in `folder`."""
    workspace = folder / "workspace"
    # A process of its own: what it held in memory would count for those started from here.
    measured(
        str(HERE / "event_days.py"),
        *(str(workspace / "events"), str(events), str(users), str(days + 1)),
    )
    *first, last = sorted((workspace / "events").iterdir())
    waiting = last.replace(workspace / last.name)
    (workspace / "launchloop.toml").write_text(SETTINGS, encoding="utf-8")
    size = sum(path.stat().st_size for path in first)
    plain = measured(str(HERE / "plain_script.py"), str(workspace), str(folder / "plain.duckdb"))
    full = measured("-c", REFRESH, str(workspace))
    waiting.replace(last)
    day = measured("-c", REFRESH, str(workspace))
    return {
        "files": days,
        "megabytes": round(size / 1_000_000),
        "plain": plain,
        "full": full,
        "one_day": day,
        "full_by_plain": round(full["cpu_s"] / plain["cpu_s"], 2),
        "one_day_by_full": round(day["cpu_s"] / full["cpu_s"], 3),
    }


def main() -> None:
    """Measures in a temporary folder and says what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--users", type=int, default=200_000)
    parser.add_argument("--days", type=int, default=90)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measurements(
            Path(folder), events=chosen.events, users=chosen.users, days=chosen.days
        )
    sys.stdout.write(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
