"""Text, cards and tables on a slide, and how much room they take. Measures are inches."""

from collections.abc import Sequence
from textwrap import wrap
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.slide import Slide
from pptx.table import _Cell
from pptx.text.text import TextFrame
from pptx.util import Inches, Pt

from dashboard.charts.theme import LIGHT
from dashboard.reports.paper import Fact, Grid

# Widths differ from machine to machine; a little wide is a line too many, never one too few.
_EM_A_CHARACTER = 0.53
_LINE_HEIGHT = 1.22
_POINTS_AN_INCH = 72
_FIRST_WIDE = "\u2e80"
_NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
_LINE_BELOW = (
    f'<a:lnB {nsdecls("a")} w="9525"><a:solidFill>'
    f'<a:srgbClr val="{LIGHT.grid[1:].upper()}"/></a:solidFill></a:lnB>'
)
CELL_MARGIN, CELL_SIDE = 0.06, 0.08
CARD_PADDING = 0.12


def color(name: str) -> RGBColor:
    """A colour of the dashboard."""
    return RGBColor(*bytes.fromhex(name.removeprefix("#")))  # type: ignore[no-untyped-call]


def lines(text: str, width: float, size: float) -> list[str]:
    """The text as the lines that it will roughly break into.

    Args:
        text: Any text; its own line breaks stay.
        width: Of the box, in inches.
        size: Of the type, in points.
    """
    widest = sum(1 for sign in text if sign >= _FIRST_WIDE) / max(len(text), 1)
    each = size * _EM_A_CHARACTER * (1 + widest) / _POINTS_AN_INCH
    return [
        line
        for paragraph in text.split("\n")
        for line in (wrap(paragraph, max(1, int(width / each)), break_on_hyphens=False) or [""])
    ]


def height(text: str, width: float, size: float) -> float:
    """How high a text is."""
    return len(lines(text, width, size)) * size * _LINE_HEIGHT / _POINTS_AN_INCH


def write(
    slide: Slide,
    box: tuple[float, float, float, float],
    words: str,
    size: float,
    *,
    bold: bool = False,
    tone: str = LIGHT.text,
    align: PP_ALIGN = PP_ALIGN.LEFT,
) -> None:
    """A text in a box (left, top, width, height), without a frame and without its own margins."""
    frame = slide.shapes.add_textbox(*(Inches(one) for one in box)).text_frame
    fill(frame, words, size, bold=bold, tone=tone, align=align)


def fill(
    frame: TextFrame,
    words: str,
    size: float,
    *,
    bold: bool = False,
    tone: str = LIGHT.text,
    align: PP_ALIGN = PP_ALIGN.LEFT,
) -> None:
    """A text in a frame that is there already."""
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Inches(0)
    frame.vertical_anchor = MSO_ANCHOR.TOP
    for place, line in enumerate(words.split("\n")):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()  # type: ignore[no-untyped-call]
        paragraph.alignment = align
        run = paragraph.add_run()
        run.text = line
        run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, color(tone)


def card_height(fact: Fact, width: float) -> float:
    """How high a card is."""
    inner = width - 2 * CARD_PADDING
    texts = ((fact.label, 11), (fact.value, 20), (fact.note, 11))
    return 2 * CARD_PADDING + sum(height(text, inner, size) for text, size in texts if text)


def card(slide: Slide, box: tuple[float, float, float, float], fact: Fact) -> None:
    """A value with its name, in a thin frame."""
    left, top, width, high = box
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *(Inches(one) for one in box))
    shape.fill.background()
    shape.shadow.inherit = False
    shape.line.color.rgb, shape.line.width = color(LIGHT.grid), Pt(0.75)
    inner, down = width - 2 * CARD_PADDING, top + CARD_PADDING
    for words, size, bold in (
        (fact.label, 11, False),
        (fact.value, 20, True),
        (fact.note, 11, False),
    ):
        if words:
            room = height(words, inner, size)
            tone = LIGHT.text if bold else LIGHT.muted
            write(
                slide, (left + CARD_PADDING, down, inner, room), words, size, bold=bold, tone=tone
            )
            down += room


def widths(grid: Grid, width: float) -> list[float]:
    """How a table's width is shared: by what stands in its columns, within reason."""
    longest = [
        max([len(column.name), *(len(row[place]) for row in grid.words)])
        for place, column in enumerate(grid.columns)
    ]
    wanted = [min(max(one, 7), 40) for one in longest]
    return [width * one / sum(wanted) for one in wanted]


def cell_width(width: float) -> float:
    """What a column leaves for its text."""
    return width - 2 * CELL_SIDE


def row_height(cells: Sequence[str], columns: Sequence[float], size: float) -> float:
    """How high a row of a table is."""
    pairs = zip(cells, columns, strict=True)
    tallest = max((height(cell, cell_width(room), size) for cell, room in pairs), default=0.0)
    return tallest + 2 * CELL_MARGIN


def table(
    slide: Slide,
    place: tuple[float, float],
    grid: Grid,
    rows: Sequence[Sequence[str]],
    columns: Sequence[float],
    size: float,
) -> None:
    """Rows of a grid as a table that can be edited, its head first."""
    heads = [column.name for column in grid.columns]
    heights = [row_height(cells, columns, size) for cells in (heads, *rows)]
    box = (*place, sum(columns), sum(heights))
    count = len(rows) + 1, len(columns)
    frame = slide.shapes.add_table(*count, *(Inches(one) for one in box))
    frame.name = grid.caption[:100]
    drawn: Any = frame.table
    style = drawn._tbl.tblPr.find(qn("a:tableStyleId"))  # noqa: SLF001 - no public door
    if style is not None:
        style.text = _NO_STYLE
    for index, room in enumerate(columns):
        drawn.columns[index].width = Inches(room)
    for down, cells in enumerate((heads, *rows)):
        drawn.rows[down].height = Inches(heights[down])
        for across, words in enumerate(cells):
            is_figure = bool(grid.columns[across].unit)
            _cell(drawn.cell(down, across), words, size, is_head=down == 0, is_figure=is_figure)


def _cell(cell: _Cell, words: str, size: float, *, is_head: bool, is_figure: bool) -> None:
    cell.margin_left = cell.margin_right = Inches(CELL_SIDE)
    cell.margin_top = cell.margin_bottom = Inches(CELL_MARGIN)
    cell.text_frame.text = words
    for paragraph in cell.text_frame.paragraphs:
        paragraph.alignment = PP_ALIGN.RIGHT if is_figure else PP_ALIGN.LEFT
        paragraph.font.size = Pt(size)
        paragraph.font.color.rgb = color(LIGHT.muted if is_head else LIGHT.text)
    cell._tc.get_or_add_tcPr().append(parse_xml(_LINE_BELOW))  # noqa: SLF001
