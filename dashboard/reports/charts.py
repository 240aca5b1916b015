"""A chart → SVG that is the same on every machine. Pure: no browser, no network, no clock.

The renderer would measure text with whatever fonts a machine has, and lay out by what it
measured. So nothing here is laid out by the renderer: places are fixed, ticks and their words
are ours, labels are cut by characters, and the family is one that only our files have.
"""

import math
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import vl_convert

from dashboard.charts.axes import value_axis
from dashboard.charts.theme import LIGHT
from dashboard.format import goal, is_currency, number
from dashboard.reports.paper import Chart, Series

FONTS = Path(__file__).with_name("fonts")
FONT = "Inter Paper"

WIDTH, HEIGHT = 720, 300
_PADDING = {"left": 64, "right": 96, "top": 30, "bottom": 30}
_PLOT_WIDTH = WIDTH - _PADDING["left"] - _PADDING["right"]
_PLOT_HEIGHT = HEIGHT - _PADDING["top"] - _PADDING["bottom"]
_VEGA_LITE = "6.4"
_SMALL = 11
_LONGEST_LABEL, _LONGEST_NAME = 34, 13
_LABEL_HEIGHT = 34
_MOST_TICKS, _MOST_DATES = 5, 7
_DOTS_UP_TO = 40
_STEPS = (1, 2, 2.5, 5, 10)

vl_convert.register_font_directory(str(FONTS))

Layer = dict[str, Any]


def chart_svg(chart: Chart) -> str:
    """The chart as SVG, 720 by 300, in the light colours of the dashboard.

    A chart without a point is drawn with its axes only; what is missing stands in its summary.
    """
    bottom, top = _range(chart)
    first, last = _span(chart)
    layers = [
        *_value_ticks(chart, bottom, top),
        *_date_ticks(first, last),
        *_baseline(chart),
        *_target(chart),
        *_changes(chart, first, last),
        *(layer for index, line in enumerate(chart.series) for layer in _line(line, index)),
        *_signals(chart),
        *_end_labels(chart),
    ]
    days = {"type": "utc", "domain": [first.isoformat(), last.isoformat()]}
    values = {"domain": [bottom, top], "zero": False, "nice": False}
    specification = {
        "width": _PLOT_WIDTH,
        "height": _PLOT_HEIGHT,
        "padding": _PADDING,
        "autosize": {"type": "none"},
        "background": LIGHT.background,
        "encoding": {
            "x": {"field": "on", "type": "temporal", "axis": None, "scale": days},
            "y": {"field": "value", "type": "quantitative", "axis": None, "scale": values},
        },
        "layer": layers,
        "config": {"aria": False, "view": {"stroke": None}, "text": {"font": FONT, "limit": 0}},
    }
    return vl_convert.vegalite_to_svg(
        specification,
        vl_version=_VEGA_LITE,
        allowed_base_urls=[],
        format_locale="en-US",
        time_format_locale="en-US",
    )


def _range(chart: Chart) -> tuple[float, float]:
    values = [point.value for line in chart.series for point in line.points]
    limits = chart.baseline
    ends = [limits.centre, limits.lower, limits.upper] if limits else []
    bottom, top = value_axis([*values, *ends, chart.target], chart.unit).get("range", (0.0, 1.0))
    return (bottom, top) if bottom < top else (bottom, bottom + 1.0)


def _span(chart: Chart) -> tuple[date, date]:
    known = chart.days or tuple(change.on for change in chart.changes)
    first, last = (known[0], known[-1]) if known else (date(2000, 1, 1), date(2000, 1, 2))
    return (first, last) if first < last else (first, first + timedelta(days=1))


def _rule(values: list[dict[str, Any]], color: str, **mark: object) -> Layer:
    return {"data": {"values": values}, "mark": {"type": "rule", "color": color, **mark}}


def _words(values: list[dict[str, Any]], color: str, **mark: object) -> Layer:
    style = {"type": "text", "color": color, "fontSize": _SMALL, "baseline": "middle", **mark}
    return {
        "data": {"values": values},
        "mark": style,
        "encoding": {"text": {"field": "words", "type": "nominal"}},
    }


def _across(layer: Layer) -> Layer:
    """A level: from the left edge to the right, at its value."""
    places = {"x": {"value": 0}, "x2": {"value": _PLOT_WIDTH}}
    return {**layer, "encoding": {**layer.get("encoding", {}), **places}}


def _at_x(layer: Layer, pixels: float) -> Layer:
    return {**layer, "encoding": {**layer.get("encoding", {}), "x": {"value": pixels}}}


def _at_y(layer: Layer, pixels: float, end: float | None = None) -> Layer:
    places: dict[str, Any] = {"y": {"value": pixels}}
    if end is not None:
        places["y2"] = {"value": end}
    return {**layer, "encoding": {**layer.get("encoding", {}), **places}}


def _value_ticks(chart: Chart, bottom: float, top: float) -> list[Layer]:
    rough = (top - bottom) / _MOST_TICKS
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * one for one in _STEPS if size * one >= rough)
    count = range(math.ceil(bottom / step - 1e-9), math.floor(top / step + 1e-9) + 1)
    ticks = [{"value": round(one * step, 12)} for one in count]
    named = [{**tick, "words": short(tick["value"], chart.unit)} for tick in ticks]
    return [
        _across(_rule(ticks, LIGHT.grid, strokeWidth=1)),
        _at_x(_words(named, LIGHT.muted, align="right", dx=-10), 0),
    ]


def _date_ticks(first: date, last: date) -> list[Layer]:
    days = (last - first).days
    count = min(_MOST_DATES, days + 1)
    places = [first + timedelta(days=round(one * days / (count - 1))) for one in range(count)]
    years = first.year != last.year
    named = [
        {"on": one.isoformat(), "words": f"{one.day} {one:%b}" + (f" {one:%y}" if years else "")}
        for one in places
    ]
    return [_at_y(_words(named, LIGHT.muted, dy=16), _PLOT_HEIGHT)]


def _baseline(chart: Chart) -> list[Layer]:
    limits = chart.baseline
    if limits is None:
        return []
    ends = [{"value": one} for one in (limits.lower, limits.upper) if one is not None]
    centre = [{"value": limits.centre}]
    return [
        _across(_rule(ends, LIGHT.muted, strokeWidth=1, strokeDash=[2, 3])),
        _across(_rule(centre, LIGHT.muted, strokeWidth=1)),
    ]


def _target(chart: Chart) -> list[Layer]:
    if chart.target is None:
        return []
    words = f"Target {goal(chart.target, chart.unit)}"
    values = [{"value": chart.target, "words": words}]
    return [
        _across(_rule(values, LIGHT.good, strokeWidth=1.75, strokeDash=[7, 4])),
        _at_x(_words(values, LIGHT.good, align="left", dx=2, dy=-9), 0),
    ]


def _changes(chart: Chart, first: date, last: date) -> list[Layer]:
    days = (last - first).days
    layers: list[Layer] = []
    for index, change in enumerate(one for one in chart.changes if first <= one.on <= last):
        words = _cut(change.label, _LONGEST_LABEL)
        values = [{"on": change.on.isoformat(), "words": words}]
        # In the right half a label reads to the left, so that none leaves the picture.
        is_late = (change.on - first).days * 2 > days
        align, aside = ("right", -5) if is_late else ("left", 5)
        height = -10 - 12 * (index % 2)
        layers += [
            _at_y(_rule(values, LIGHT.muted, strokeWidth=1, strokeDash=[3, 3]), -16, _PLOT_HEIGHT),
            _at_y(_words(values, LIGHT.muted, align=align, dx=aside), height),
        ]
    return layers


def _line(line: Series, index: int) -> list[Layer]:
    color = LIGHT.categorical[index % len(LIGHT.categorical)]
    rows: list[dict[str, Any]] = []
    stretch = 0
    for point in line.points:
        if point.value is None:
            stretch += 1
            continue
        rows.append({"on": point.on.isoformat(), "value": point.value, "stretch": stretch})
    lonely = [row for row in rows if sum(one["stretch"] == row["stretch"] for one in rows) == 1]
    dots = rows if len(rows) <= _DOTS_UP_TO else lonely
    drawn: Layer = {
        "data": {"values": rows},
        "mark": {"type": "line", "color": color, "strokeWidth": 2.5, "strokeJoin": "round"},
        # A gap stays a gap: each stretch of known values is a line of its own.
        "encoding": {"detail": {"field": "stretch", "type": "nominal"}},
    }
    mark = {"type": "point", "filled": True, "opacity": 1, "size": 22, "color": color}
    return [drawn, {"data": {"values": dots}, "mark": mark}]


def _signals(chart: Chart) -> list[Layer]:
    values = [
        {"on": one.on.isoformat(), "value": one.value}
        for one in chart.signals
        if one.value is not None
    ]
    ring = {"type": "point", "filled": False, "opacity": 1, "size": 110, "strokeWidth": 1.75}
    return [{"data": {"values": values}, "mark": {**ring, "color": LIGHT.text}}]


def _end_labels(chart: Chart) -> list[Layer]:
    """The newest value of every series at its height, then the baseline where there is room."""
    bottom, top = _range(chart)
    layers: list[Layer] = []
    taken: list[float] = []
    for index, line in enumerate(chart.series):
        known = [point.value for point in line.points if point.value is not None]
        if not known:
            continue
        height = _free(_PLOT_HEIGHT * (top - known[-1]) / (top - bottom), taken)
        taken.append(height)
        is_alone = len(chart.series) == 1
        color = LIGHT.text if is_alone else LIGHT.categorical[index % len(LIGHT.categorical)]
        layers.append(
            _end(short(known[-1], chart.unit), height, color, fontSize=15, fontWeight=600)
        )
        if not is_alone:
            layers.append(_end(_cut(line.name, _LONGEST_NAME), height, color, dy=15))
    if chart.baseline is not None:
        height = _PLOT_HEIGHT * (top - chart.baseline.centre) / (top - bottom)
        if height == _free(height, taken):
            words = f"Base {short(chart.baseline.centre, chart.unit)}"
            layers.append(_end(words, height, LIGHT.muted))
    return layers


def _end(words: str, height: float, color: str, **mark: object) -> Layer:
    label = _words([{"words": words}], color, align="left", dx=10, **mark)
    return _at_y(_at_x(label, _PLOT_WIDTH), height)


def _free(height: float, taken: list[float]) -> float:
    """The nearest height below that no other label covers."""
    for other in sorted(taken):
        if abs(other - height) < _LABEL_HEIGHT:
            height = other + _LABEL_HEIGHT
    return height


def short(value: float, unit: str) -> str:
    """A value beside an axis: its title says the unit, and large numbers lose their tail.

    >>> short(14.7, "per 1,000"), short(1_250_000, "USD"), short(-12_500, "count")
    ('14.7', '$1.25M', '−12.5k')
    """
    sayable = unit if unit == "share" or is_currency(unit) else "count"
    words = number if sayable == "count" else goal
    for size, least, sign in ((1e9, 1e9, "bn"), (1e6, 1e6, "M"), (1e3, 1e4, "k")):
        if abs(value) >= least:
            return words(value / size, sayable) + sign
    return words(value, sayable)


def _cut(text: str, longest: int) -> str:
    """One line of at most so many characters; the whole text stands in the summary."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"
