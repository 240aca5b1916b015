"""The PDF, read back: every page has its foot, and text from data is text."""

import importlib.util
from pathlib import Path

import pytest

from dashboard.reports.pdf import paper_pdf
from dashboard.reports.printable import printable

_spec = importlib.util.spec_from_file_location(
    "launchloop_pdf_words", Path(__file__).with_name("pdf_words.py")
)
pdf_words = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(pdf_words)


def squeezed(text):
    """Without blanks and places to break: a PDF keeps neither where a line ends."""
    return "".join(text.replace("\u200b", "").split())


def pages(data):
    return [squeezed(page) for page in pdf_words.Document(data).pages()]


@pytest.fixture(scope="module")
def cycle_pdf(cycle):
    return paper_pdf(cycle)


@pytest.fixture(scope="module")
def cycle_pages(cycle_pdf):
    return pages(cycle_pdf)


@pytest.fixture(scope="module")
def hostile_pages(hostile):
    return pages(paper_pdf(hostile))


def test_a_paper_has_a_cover_and_a_page_for_each_item(cycle, cycle_pages):
    assert len(cycle_pages) == 1 + len(cycle.sections)
    for section, page in zip(cycle.sections, cycle_pages[1:], strict=True):
        assert squeezed(section.heading) in page


def test_every_page_prints_snapshot_date_rule_restatement_and_number(cycle, cycle_pages):
    origin = cycle.provenance
    for number, page in enumerate(cycle_pages, start=1):
        assert squeezed(f"Snapshot {origin.short_id} · data as of 16 Nov 2026") in page
        assert squeezed(f"Restated: {origin.restatement}") in page
        assert page.endswith(f"{number}/{len(cycle_pages)}")
    for section, page in zip(cycle.sections, cycle_pages[1:], strict=True):
        assert squeezed(f"Rule: {section.rule}") in page


def test_a_charts_page_has_its_words_and_all_its_figures(samples, cycle_pages):
    chart = samples.activation_chart()
    assert squeezed(chart.summary) in cycle_pages[2]
    for row in chart.table.words:
        assert squeezed("".join(row)) in cycle_pages[2]


def test_the_document_was_made_when_its_numbers_were_frozen(cycle_pdf):
    assert b"(D:20261117084012Z)" in cycle_pdf
    assert b"/Lang" in cycle_pdf
    assert b"/StructTreeRoot" in cycle_pdf


# The reader of these tests knows no order but from left to right, and fonts have no rocket.
PLAIN = [0, 1, 2, 3, 4, 5, 6, 10, 11, 12, 13, 14, 15]


@pytest.mark.parametrize("place", PLAIN)
def test_text_that_means_something_to_typst_is_printed_as_it_is(samples, hostile_pages, place):
    assert squeezed(printable(samples.HOSTILE[place])) in "".join(hostile_pages)


def test_every_page_of_hostile_text_keeps_its_foot(hostile_pages):
    for number, page in enumerate(hostile_pages, start=1):
        assert squeezed('Snapshot <b>#id</b>"\\ · data as of 16 Nov 2026') in page
        assert page.endswith(f"{number}/{len(hostile_pages)}")
