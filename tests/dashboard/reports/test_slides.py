"""The slides, opened again: charts that can be edited, a foot on each, no text lost."""

from collections import Counter
from io import BytesIO
from zipfile import ZipFile

import pytest
from pptx import Presentation
from pptx.util import Inches

from dashboard.reports.printable import printable
from dashboard.reports.slides import paper_pptx


def texts(slide):
    found = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    for shape in slide.shapes:
        if shape.has_table:
            found += [cell.text for row in shape.table.rows for cell in row.cells]
    return found


def charts(deck):
    return [shape for slide in deck.slides for shape in slide.shapes if shape.has_chart]


def squeezed(text):
    return "".join(text.split())


@pytest.fixture(scope="module")
def data(cycle):
    return paper_pptx(cycle)


@pytest.fixture(scope="module")
def deck(data):
    return Presentation(BytesIO(data))


@pytest.fixture(scope="module")
def hostile_data(samples):
    return paper_pptx(samples.hostile_paper(longest=100))


def test_every_slide_has_a_title_and_its_whole_foot(cycle, deck):
    count = len(deck.slides)
    rules = {section.heading: section.rule for section in cycle.sections}
    for number, slide in enumerate(deck.slides, start=1):
        said = "\n".join(texts(slide))
        title = slide.shapes.title.text_frame.text
        assert f"Rule: {rules.get(title, 'each slide names its own.')}" in said
        assert f"Restated: {cycle.provenance.restatement}" in said
        assert f"Snapshot {cycle.provenance.short_id} · data as of 16 Nov 2026" in said
        assert f"{number} / {count}" in said
    assert [*dict.fromkeys(s.shapes.title.text_frame.text for s in deck.slides)] == [
        cycle.title,
        *rules,
    ]


def test_a_chart_is_native_with_its_limits_and_says_what_it_shows(samples, deck):
    first = charts(deck)[0]
    series = {line.name: list(line.values) for line in first.chart.plots[0].series}
    assert list(series) == ["Activation rate", "Baseline", "Lower limit", "Upper limit", "Target"]
    assert series["Activation rate"] == list(samples.BEFORE + samples.AFTER)
    assert set(series["Target"]) == {0.45}
    described = first._element.nvGraphicFramePr.cNvPr.get("descr")
    assert described == samples.activation_chart().summary


def test_all_figures_of_a_chart_stand_in_tables(samples, deck):
    rows = {
        tuple(cell.text for cell in row.cells)
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_table
        for row in shape.table.rows
    }
    assert set(samples.activation_chart().table.words) <= rows


@pytest.mark.parametrize("which", ["data", "hostile_data"])
def test_nothing_leaves_the_slide(which, request):
    opened = Presentation(BytesIO(request.getfixturevalue(which)))
    assert (opened.slide_width, opened.slide_height) == (Inches(13.333), Inches(7.5))
    for slide in opened.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= opened.slide_width
            assert shape.top + shape.height <= opened.slide_height


def test_hostile_text_is_text(samples, hostile_data):
    opened = Presentation(BytesIO(hostile_data))
    said = squeezed("".join(one for slide in opened.slides for one in texts(slide)))
    for one in samples.HOSTILE:
        if len(one) <= 100:
            assert squeezed(printable(one)) in said


def test_four_thousand_characters_go_on_over_slides_and_none_is_lost(samples):
    paper = samples.long_paper()
    opened = Presentation(BytesIO(paper_pptx(paper)))
    assert len(opened.slides) > 2
    said = Counter(
        "\n".join(one for slide in opened.slides for one in texts(slide))
        .translate({0x201C: None, 0x201D: None})
        .split()
    )
    # Lead, heading, four blocks, two cells and the rule.
    assert min(said[word] for word in samples.NUMBERED.split()) >= 9
    for slide in opened.slides:
        for shape in slide.shapes:
            assert shape.top + shape.height <= opened.slide_height


def test_no_workbook_in_the_slides_holds_a_formula_or_a_link(hostile_data):
    with ZipFile(BytesIO(hostile_data)) as slides:
        books = [name for name in slides.namelist() if name.endswith(".xlsx")]
        assert len(books) > 10
        for name in books:
            with ZipFile(BytesIO(slides.read(name))) as book:
                sheet = book.read("xl/worksheets/sheet1.xml")
                assert b"<f>" not in sheet
                assert b"hyperlink" not in sheet


def test_every_time_inside_is_the_freezes(data):
    with ZipFile(BytesIO(data)) as slides:
        assert {member.date_time for member in slides.infolist()} == {(2026, 11, 17, 8, 40, 12)}
        for name in slides.namelist():
            if name.endswith(".xlsx"):
                with ZipFile(BytesIO(slides.read(name))) as book:
                    assert b"2026-11-17T08:40:12Z</dcterms:created>" in book.read(
                        "docProps/core.xml"
                    )
        core = slides.read("docProps/core.xml")
    assert core.count(b"2026-11-17T08:40:12Z") == 2
