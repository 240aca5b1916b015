"""A chart as PowerPoint's own: its numbers can be opened and edited. Measures are inches."""

import math
import re
from typing import Any

from pptx.chart.chart import Chart as NativeChart
from pptx.chart.data import CategoryChartData
from pptx.chart.series import LineSeries
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE
from pptx.enum.dml import MSO_LINE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.slide import Slide
from pptx.util import Inches, Pt

from dashboard.charts.axes import value_axis
from dashboard.charts.theme import LIGHT
from dashboard.format import is_currency
from dashboard.reports.paper import Chart
from dashboard.reports.slide_text import color
from dashboard.table_text import guarded

_LONGEST_NAME = 60
_MOST_LABELS = 8
# Programs draw about so many steps on an axis; from a tenth on one decimal tells them apart.
_STEPS, _TENTH = 6, 0.1
# The writer of workbooks takes these for links, as it takes "=" for a formula.
_LINK = re.compile(r"(https?|ftps?|file|mailto|internal|external):|\{=", re.IGNORECASE)


def native_chart(slide: Slide, box: tuple[float, float, float, float], chart: Chart) -> None:
    """The chart with its limits and target as series of their own, and its alternative text."""
    # The package's types are partly missing and partly wrong here.
    data: Any = CategoryChartData(number_format=_number_format(chart.unit))  # type: ignore[no-untyped-call]
    data.categories = chart.days
    for line in chart.series:
        values = {point.on: point.value for point in line.points}
        data.add_series(_name(line.name), [values.get(on) for on in chart.days])
    for name, level in _levels(chart):
        data.add_series(name, [level] * len(chart.days))
    left, top, width, high = (Inches(one) for one in box)
    shapes = slide.shapes
    frame: Any = shapes.add_chart(XL_CHART_TYPE.LINE_MARKERS, left, top, width, high, data)
    frame.name = chart.title[:100]
    frame._element.nvGraphicFramePr.cNvPr.set("descr", chart.summary)  # noqa: SLF001
    _axes(frame.chart, chart)
    _styles(frame.chart, chart)


def _levels(chart: Chart) -> list[tuple[str, float]]:
    limits = chart.baseline
    named = [
        ("Baseline", limits.centre if limits else None),
        ("Lower limit", limits.lower if limits else None),
        ("Upper limit", limits.upper if limits else None),
        ("Target", chart.target),
    ]
    return [(name, level) for name, level in named if level is not None]


def _name(text: str) -> str:
    line = " ".join(text.split())[:_LONGEST_NAME]
    return f"'{line}" if _LINK.match(line) else guarded(line)


def _number_format(unit: str) -> str:
    """Of the figures behind the chart. `#,##0.##` would leave a point behind whole numbers."""
    if unit == "share":
        return "0.0%"
    return f'#,##0.00" {unit}"' if is_currency(unit) else "General"


def _tick_format(unit: str, span: float) -> str:
    """As many decimals as keep the steps of an axis apart.

    >>> _tick_format("share", 0.4), _tick_format("share", 0.04), _tick_format("count", 2.5)
    ('0%', '0.0%', '#,##0.0')
    """
    steps = span / _STEPS * (100 if unit == "share" else 1)
    decimals = 0 if steps >= 1 else 1 if steps >= _TENTH else 2
    digits = "0" + ("." + "0" * decimals if decimals else "")
    return f"{digits}%" if unit == "share" else f"#,##{digits}"


def _axes(native: NativeChart, chart: Chart) -> None:
    native.has_title = False
    native.font.size, native.font.color.rgb = Pt(10), color(LIGHT.muted)
    native.has_legend = True
    native.legend.position, native.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    days, values = native.category_axis, native.value_axis
    days.tick_labels.number_format, days.tick_labels.number_format_is_linked = "d mmm yy", False
    days.format.line.color.rgb = color(LIGHT.grid)
    days.has_major_gridlines = False
    values.major_gridlines.format.line.color.rgb = color(LIGHT.grid)
    values.major_gridlines.format.line.width = Pt(0.75)
    values.format.line.fill.background()
    known = [point.value for line in chart.series for point in line.points]
    levels = [level for _, level in _levels(chart)]
    low, high = value_axis([*known, *levels], chart.unit).get("range", (0.0, 1.0))
    values.minimum_scale, values.maximum_scale = low, high
    values.tick_labels.number_format = _tick_format(chart.unit, high - low)
    values.tick_labels.number_format_is_linked = False
    _space_days(days, chart)


def _space_days(axis: Any, chart: Chart) -> None:  # noqa: ANN401  the package has no type for it
    """A day's label now and then: left to itself, a program may print every day."""
    span = (chart.days[-1] - chart.days[0]).days
    every = max(1, math.ceil(span / _MOST_LABELS))
    unit = axis._element.find(qn("c:baseTimeUnit"))  # noqa: SLF001 - no public door
    if unit is None:
        return
    for name, value in (("majorUnit", str(every)), ("majorTimeUnit", "days")):
        following = parse_xml(f'<c:{name} {nsdecls("c")} val="{value}"/>')
        unit.addnext(following)
        unit = following


def _styles(native: NativeChart, chart: Chart) -> None:
    levels = [name for name, _ in _levels(chart)]
    for index, series in enumerate(native.plots[0].series):
        series.smooth = False
        if index < len(chart.series):
            _draw(series, LIGHT.categorical[index % len(LIGHT.categorical)], 2.25)
            _mark_signals(series, chart, index)
        else:
            name = levels[index - len(chart.series)]
            is_target = name == "Target"
            _draw(series, LIGHT.good if is_target else LIGHT.muted, 1.5 if is_target else 1)
            series.marker.style = XL_MARKER_STYLE.NONE
            if name != "Baseline":
                series.format.line.dash_style = MSO_LINE.DASH if is_target else MSO_LINE.ROUND_DOT


def _draw(series: LineSeries, tone: str, width: float) -> None:
    series.format.line.color.rgb, series.format.line.width = color(tone), Pt(width)
    series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 5
    series.marker.format.fill.solid()
    series.marker.format.fill.fore_color.rgb = color(tone)
    series.marker.format.line.color.rgb = color(tone)


def _mark_signals(series: LineSeries, chart: Chart, index: int) -> None:
    signals = {point.on for point in chart.series[index].points if point.signal}
    for place, on in enumerate(chart.days):
        if on in signals:
            marker = series.points[place].marker
            marker.style, marker.size = XL_MARKER_STYLE.CIRCLE, 9
            marker.format.fill.solid()
            marker.format.fill.fore_color.rgb = color(LIGHT.background)
            marker.format.line.color.rgb = color(LIGHT.text)
