"""Same paper, same bytes: whatever the zone, language, hash seed, folder and hour."""

import os
import subprocess
import sys
import time
from pathlib import Path

from dashboard.reports.charts import chart_svg
from dashboard.reports.html import paper_html

ROOT = Path(__file__).parents[3]


def digests(cwd, **environment):
    script = Path(__file__).with_name("print_digests.py")
    found = subprocess.run(
        [sys.executable, str(script)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return dict(line.split() for line in found.stdout.splitlines())


def test_every_format_is_the_same_bytes_in_another_place_language_and_hour(tmp_path):
    here = digests(ROOT, TZ="UTC", LC_ALL="C.UTF-8", PYTHONHASHSEED="1")
    # Zips and documents know seconds, some only every second one.
    time.sleep(2.1)
    there = digests(tmp_path, TZ="Pacific/Auckland", LC_ALL="C", PYTHONHASHSEED="2")
    assert len(here) == 16
    assert here == there


def test_no_byte_depends_on_what_was_printed_before(cycle, hostile):
    first = paper_html(cycle)
    chart_svg(hostile.sections[0].shown[4])
    assert paper_html(cycle) == first
