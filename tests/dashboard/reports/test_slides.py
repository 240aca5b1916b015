"""The slides, opened again: charts that can be edited, a foot on each, no text lost."""

from collections import Counter
from datetime import date, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from pptx import Presentation
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches

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


# Widths of Helvetica, which Arial shares, in thousandths of an em (Adobe's core font metrics).
WIDTHS = {
    222: "ijl",
    278: " !,./:;\\[]fIt",
    333: "()-r",
    500: "Jcksvxyz",
    556: "#$0123456789?L_abdeghnopqu",
    584: "+<=>~",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1015: "@",
}
WIDTH_OF = {sign: width for width, signs in WIDTHS.items() for sign in signs}


def wide(text):
    """How wide a text is in the slides' own face, in ems; signs outside of the list are wide."""
    return sum(WIDTH_OF.get(sign, 600) for sign in text) / 1000


def drawn_lines(text, size, width):
    """How many lines a text takes in a box of so many inches."""
    room = width * 72 / size
    count = 0
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if wide(longer) > room and line:
                count, line = count + 1, word
            else:
                line = longer
        count += 1
    return count


def boxes(slide):
    """(left, top, right, bottom) in inches of all that shows words, figures or a picture."""
    return [
        tuple(Emu(edge).inches for edge in (shape.left, shape.top, shape.left + shape.width,
                                            shape.top + shape.height))
        for shape in slide.shapes
        if shape.has_chart or shape.has_table or (shape.has_text_frame and shape.text_frame.text)
    ]  # fmt: skip


@pytest.mark.parametrize("which", ["data", "hostile_data"])
def test_nothing_stands_on_anything_else(which, request):
    for slide in Presentation(BytesIO(request.getfixturevalue(which))).slides:
        found = boxes(slide)
        for place, one in enumerate(found):
            for other in found[:place]:
                across = min(one[2], other[2]) - max(one[0], other[0])
                down = min(one[3], other[3]) - max(one[1], other[1])
                assert across < 0.01 or down < 0.01, (one, other)


def test_every_text_fits_its_box_and_every_cell_its_row(deck):
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_text_frame and shape.text_frame.text:
                size = shape.text_frame.paragraphs[0].runs[0].font.size.pt
                count = drawn_lines(shape.text_frame.text, size, shape.width.inches)
                assert count * size * 1.2 / 72 <= shape.height.inches + 0.02
            if shape.has_table:
                for row in shape.table.rows:
                    for cell, column in zip(row.cells, shape.table.columns, strict=True):
                        size = cell.text_frame.paragraphs[0].font.size.pt
                        room = Emu(column.width - cell.margin_left - cell.margin_right).inches
                        high = drawn_lines(cell.text, size, room) * size * 1.2 / 72
                        margins = Emu(cell.margin_top + cell.margin_bottom).inches
                        assert high + margins <= row.height.inches + 0.02, cell.text


def test_axes_hold_every_value_and_name_days_and_steps_that_can_be_told_apart(samples, deck):
    first, second = (shape.chart for shape in charts(deck))
    for native, chart in ((first, samples.activation_chart()), (second, samples.tickets_chart())):
        low, high = native.value_axis.minimum_scale, native.value_axis.maximum_scale
        shown = [value for line in native.plots[0].series for value in line.values]
        assert all(low <= value <= high for value in shown if value is not None)
        # As workbooks count them.
        found = [date(1899, 12, 30) + timedelta(float(day)) for day in native.plots[0].categories]
        assert found == list(chart.days)
        axis = native.category_axis._element
        every = int(axis.find(qn("c:majorUnit")).get("val"))
        assert axis.find(qn("c:majorTimeUnit")).get("val") == "days"
        assert 4 <= (chart.days[-1] - chart.days[0]).days / every <= 8
    assert first.value_axis.tick_labels.number_format == "0%"
    # A sign for "if there is one" leaves a point behind whole numbers: "14.".
    for native in (first, second):
        assert ".#" not in native.value_axis.tick_labels.number_format
        for line in native.plots[0].series:
            code = line._element.find(f".//{qn('c:formatCode')}").text
            assert ".#" not in code


def test_older_figures_stand_two_tables_beside_each_other(samples):
    series = samples.weekly("Activation rate", samples.BEFORE * 5)
    chart = samples.Chart("Activation rate a week", "share", (series,))
    section = samples.Section("Sixty weeks", (chart,))
    paper = samples.Paper("Long", "Test", "Lead", samples.PROVENANCE, (section,))
    slides = Presentation(BytesIO(paper_pptx(paper))).slides
    tables = [[shape for shape in slide.shapes if shape.has_table] for slide in slides]
    assert max(map(len, tables)) == 2
    rows = {
        tuple(cell.text for cell in row.cells)
        for found in tables
        for shape in found
        for row in shape.table.rows
    }
    assert set(chart.table.words) <= rows
