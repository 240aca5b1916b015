"""A paper on one sheet of A3: two halves on a page, and a second page before anything is lost."""

import importlib.util
import re
from pathlib import Path

import pytest

from dashboard.reports.html import paper_html
from dashboard.reports.pdf import paper_pdf
from dashboard.reports.printable import printable

_spec = importlib.util.spec_from_file_location(
    "launchloop_pdf_words_of_sheets", Path(__file__).with_name("pdf_words.py")
)
pdf_words = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(pdf_words)

# ISO 216, in points of a 72nd inch, long edge first.
A3 = (1190.55, 841.89)
# The reader of these tests knows no order but from left to right, and fonts have no rocket.
PLAIN = [0, 1, 2, 3, 4, 5, 6, 10, 11, 12, 13, 14, 15]


def squeezed(text):
    return "".join(text.replace("\u200b", "").split())


def pages(data):
    return [squeezed(page) for page in pdf_words.Document(data).pages()]


def sizes(data):
    found = re.findall(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", data)
    return [(float(width), float(height)) for width, height in found]


@pytest.fixture(scope="module")
def small(samples):
    return samples.small_sheet()


@pytest.fixture(scope="module")
def small_pdf(small):
    return paper_pdf(small)


def test_a_cycle_is_one_page_of_a3_on_its_long_edge(small_pdf):
    assert sizes(small_pdf) == [pytest.approx(A3, abs=0.1)]
    assert len(pages(small_pdf)) == 1


def test_the_page_has_everything_that_the_paper_says(small, small_pdf):
    (page,) = pages(small_pdf)
    assert squeezed(small.title) in page
    assert squeezed(small.lead) in page
    for section in small.sections:
        assert squeezed(section.heading) in page
    (chart,) = small.charts
    assert squeezed(chart.summary) in page
    for row in chart.table.words:
        assert squeezed("".join(row)) in page


def test_its_foot_has_every_rule_once_with_snapshot_restatement_and_number(small, small_pdf):
    (page,) = pages(small_pdf)
    origin = small.provenance
    rules = {rule for section in small.sections for rule in section.rules}
    for rule in rules:
        assert page.count(squeezed(rule)) == 1
    assert squeezed(f"Restated: {origin.restatement}") in page
    assert page.endswith(squeezed(f"Snapshot {origin.short_id} · data as of 16 Nov 2026"
                                  " · Simulated data 1 / 1"))  # fmt: skip


def test_longer_texts_go_on_on_a_second_sheet_and_nothing_is_lost(samples):
    paper = samples.sheet(samples.long_paper())
    data = paper_pdf(paper)
    found = pages(data)
    assert len(found) > 1
    assert sizes(data) == [pytest.approx(A3, abs=0.1)] * len(found)
    whole = "".join(found)
    for place in range(500):
        # As heading, text, quote, card, list, cell and lead; a rule stands on every page.
        assert len(re.findall(rf"word{place}(?!\d)", whole)) >= 7
    for number, page in enumerate(found, start=1):
        assert page.endswith(f"{number}/{len(found)}")


@pytest.mark.parametrize("place", PLAIN)
def test_text_that_means_something_to_typst_is_printed_as_it_is(samples, hostile_pages, place):
    assert squeezed(printable(samples.HOSTILE[place])) in hostile_pages


@pytest.fixture(scope="module")
def hostile_pages(samples, hostile):
    return "".join(pages(paper_pdf(samples.sheet(hostile))))


def test_html_has_two_halves_and_each_figure_once(small):
    text = paper_html(small).decode()
    assert text.startswith("<!doctype html>")
    left, right = text.index('<div class="left">'), text.index('<div class="right">')
    headings = [text.index(f"</span> {section.heading}") for section in small.sections]
    assert left < headings[0] < right < headings[1] < headings[2]
    assert text.count("<svg") == 1
    assert text.count('<table class="figures"') == 1
    assert "@page  { size: A3 landscape" in text


def test_html_of_hostile_text_on_a_sheet_has_no_tag_of_it(samples, hostile):
    text = paper_html(samples.sheet(hostile)).decode()
    assert "<script" not in text
    assert text.count("</style>") == 1
    assert "x" * 4000 in text
