"""Prints a digest of every format of the sample papers; run in processes of their own."""

import importlib.util
import locale
from datetime import date
from hashlib import sha256
from pathlib import Path

from dashboard.reports.calendar import Due, due_calendar
from dashboard.reports.html import paper_html
from dashboard.reports.markdown import paper_markdown
from dashboard.reports.pdf import paper_pdf
from dashboard.reports.slides import paper_pptx
from dashboard.reports.tables import paper_tables


def samples():
    spec = importlib.util.spec_from_file_location(
        "launchloop_sample_paper", Path(__file__).with_name("sample_paper.py")
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def digests():
    made = samples()
    dues = [
        Due("check", "c14", date(2026, 12, 7), "Check"),
        Due("review", "m3", date(2026, 12, 1), "R"),
    ]
    yield "ics", due_calendar(dues, "Team", made.PROVENANCE)
    papers = {
        "cycle": made.cycle_paper(),
        "sheet": made.sheet(made.cycle_paper()),
        "short": made.hostile_paper(longest=40),
    }
    for name, paper in papers.items():
        yield f"{name}.html", paper_html(paper)
        yield f"{name}.md", paper_markdown(paper)
        yield f"{name}.pdf", paper_pdf(paper)
        yield f"{name}.pptx", paper_pptx(paper)
        yield f"{name}.csv", b"\n".join(paper_tables(paper).values())


if __name__ == "__main__":
    locale.setlocale(locale.LC_ALL, "")
    for name, data in digests():
        print(name, sha256(data).hexdigest())  # noqa: T201 - it is what the test reads
