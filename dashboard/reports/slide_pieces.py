"""Blocks → pieces that fit on a slide: what is too long goes on, nothing is left out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pptx.slide import Slide

from dashboard.charts.theme import LIGHT
from dashboard.reports.paper import Block, Bullets, Chart, Fact, Facts, Grid, Prose, Quote
from dashboard.reports.slide_chart import native_chart
from dashboard.reports.slide_text import (
    CELL_MARGIN,
    card,
    card_height,
    cell_width,
    height,
    lines,
    row_height,
    table,
    widths,
)
from dashboard.reports.slide_text import write as write_text

WIDTH, LEFT = 12.13, 0.6
_GAP = 0.18
# One value alone is no banner: its card is as wide as one of two.
_FEWEST_CARDS, _CARDS_A_ROW = 2, 4
_CHART_SHARE = 0.6
_ABREAST = 2
_CHART_HEIGHT = 2.4
# Cards above a chart, its title and its summary stay on its slide.
_BESIDE_A_CHART = 2.75
_BODY, _QUOTE, _SMALL, _CELLS, _FIGURES = 15, 18, 10, 12, 9
_LINE = 1.22 / 72


Row = tuple[str, ...]


@dataclass(frozen=True)
class Piece:
    """What stays together on a slide.

    Attributes:
        height: In inches, the gap below it included.
        draw: Puts it on a slide, so many inches from the top.
    """

    height: float
    draw: Callable[[Slide, float], None]


def pieces(block: Block, room: float) -> list[Piece]:
    """A block as pieces none of which is higher than a slide has room.

    Args:
        block: Any block; rules stand at the foot and give no piece.
        room: Inches between head and foot.
    """
    match block:
        case Prose():
            text = "\n".join(block.paragraphs)
            return _under(block.title, _text(text, room), room)
        case Bullets():
            signs = [f"{place}.  " if block.ordered else "•  " for place in _from_one(block.items)]
            listed = "\n".join(sign + item for sign, item in zip(signs, block.items, strict=True))
            return _under(block.title, _text(listed, room), room)
        case Quote():
            source = _text(block.source, room, size=12, tone=LIGHT.muted) if block.source else []
            return [*_text(f"“{block.text}”", room, size=_QUOTE), *source]
        case Facts():
            return _cards(block, room)
        case Grid():
            note = _text(block.note, room, size=12, tone=LIGHT.muted) if block.note else []
            return [*_under(block.caption, _table(block, room), room), *note]
        case Chart():
            return _chart(block, room)
    return []


def _from_one(items: Sequence[object]) -> range:
    return range(1, len(items) + 1)


def _under(title: str, body: list[Piece], room: float) -> list[Piece]:
    """A title and what it is of; it never stands alone at the end of a slide."""
    head = _text(title, room, size=13, bold=True, gap=0.06) if title else []
    if not head or not body or head[-1].height + body[0].height > room:
        return [*head, *body]
    last, first = head[-1], body[0]

    def draw(slide: Slide, top: float) -> None:
        last.draw(slide, top)
        first.draw(slide, top + last.height)

    return [*head[:-1], Piece(last.height + first.height, draw), *body[1:]]


def _text(
    text: str,
    room: float,
    *,
    size: float = _BODY,
    bold: bool = False,
    tone: str = LIGHT.text,
    gap: float = _GAP,
) -> list[Piece]:
    most = max(1, int((room - gap) / (size * _LINE)))
    found: list[Piece] = []
    for part in _parts(text, size, most):
        high = height(part, WIDTH, size)

        def draw(slide: Slide, top: float, part: str = part, high: float = high) -> None:
            write_text(slide, (LEFT, top, WIDTH, high), part, size, bold=bold, tone=tone)

        found.append(Piece(high + gap, draw))
    return found


def _parts(text: str, size: float, most: int) -> Iterator[str]:
    """The text itself where it fits on a slide; else its lines, a slide's worth at a time."""
    broken = lines(text, WIDTH, size)
    if len(broken) <= most:
        yield text
        return
    for start in range(0, len(broken), most):
        yield "\n".join(broken[start : start + most])


def _cards(block: Facts, room: float) -> list[Piece]:
    count = max(_FEWEST_CARDS, min(_CARDS_A_ROW, len(block.items)))
    each = (WIDTH - _GAP * (count - 1)) / count
    found: list[Piece] = []
    for start in range(0, len(block.items), _CARDS_A_ROW):
        row = block.items[start : start + _CARDS_A_ROW]
        high = max(card_height(fact, each) for fact in row)
        if high > room:
            words = "\n".join(f"{one.label}: {one.value} {one.note}".strip() for one in row)
            found += _text(words, room)
            continue

        def draw(slide: Slide, top: float, row: Sequence[Fact] = row, high: float = high) -> None:
            for place, fact in enumerate(row):
                card(slide, (LEFT + place * (each + _GAP), top, each, high), fact)

        found.append(Piece(high + _GAP, draw))
    return found


def _table(grid: Grid, room: float) -> list[Piece]:
    columns = widths(grid, WIDTH)
    found: list[Piece] = []
    for rows, high in _slices(grid, grid.words, columns, room - _GAP, _CELLS):
        found.append(Piece(high + _GAP, _table_at(grid, rows, columns, LEFT, _CELLS)))
    return found


def _table_at(
    grid: Grid, rows: Sequence[Sequence[str]], columns: Sequence[float], left: float, size: float
) -> Callable[[Slide, float], None]:
    return lambda slide, top: table(slide, (left, top), grid, rows, columns, size)


def _slices(
    grid: Grid, rows: Sequence[Row], columns: Sequence[float], room: float, size: float
) -> list[tuple[list[Row], float]]:
    """Rows by the slide, with the height of their table; a row higher than a slide is broken."""
    head = row_height([column.name for column in grid.columns], columns, size)
    found: list[tuple[list[Row], float]] = []
    taken: list[Row] = []
    used = head
    for row in _broken(rows, columns, room - head, size):
        high = row_height(row, columns, size)
        if taken and used + high > room:
            found.append((taken, used))
            taken, used = [], head
        taken.append(row)
        used += high
    return [*found, (taken, used)]


def _broken(
    rows: Sequence[Row], columns: Sequence[float], room: float, size: float
) -> Iterator[Row]:
    most = max(1, int((room - 2 * CELL_MARGIN) / (size * _LINE)))
    for row in rows:
        cells = [
            lines(cell, cell_width(width), size) for cell, width in zip(row, columns, strict=True)
        ]
        tallest = max(map(len, cells))
        if tallest <= most:
            yield row
            continue
        for start in range(0, tallest, most):
            yield tuple("\n".join(cell[start : start + most]) for cell in cells)


def _chart(chart: Chart, room: float) -> list[Piece]:
    """Picture and newest figures beside each other; older figures go on below or behind."""
    wide = WIDTH * _CHART_SHARE
    beside = WIDTH - wide - _GAP
    high = min(max(_CHART_HEIGHT, room - _BESIDE_A_CHART), room - _GAP)
    grid = chart.table
    columns = widths(grid, beside)
    first, *others = _slices(grid, grid.words, columns, high, _FIGURES)
    left = [row for rows, _ in others for row in rows]
    rest = _slices(grid, left, columns, room - _GAP, _FIGURES) if left else []
    shown = _table_at(grid, first[0], columns, LEFT + wide + _GAP, _FIGURES)

    def draw(slide: Slide, top: float) -> None:
        if chart.days:
            native_chart(slide, (LEFT, top, wide, high), chart)
        shown(slide, top)

    older = [
        _abreast(grid, rest[place : place + _ABREAST], columns)
        for place in range(0, len(rest), _ABREAST)
    ]
    said = _text(chart.summary, room, size=_SMALL, tone=LIGHT.muted)
    return [*_under(chart.title, [Piece(high + _GAP, draw)], room), *said, *older]


def _abreast(
    grid: Grid, slices: Sequence[tuple[list[Row], float]], columns: Sequence[float]
) -> Piece:
    """Tables of the same columns side by side, read one after the other."""
    drawn = [
        _table_at(grid, rows, columns, LEFT + place * (WIDTH + _GAP) / _ABREAST, _FIGURES)
        for place, (rows, _) in enumerate(slices)
    ]

    def draw(slide: Slide, top: float) -> None:
        for each in drawn:
            each(slide, top)

    return Piece(max(high for _, high in slices) + _GAP, draw)
