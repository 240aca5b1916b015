"""Figures draw the rows, and only what the rows allow."""

import json
import tomllib
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType

import plotly.graph_objects as go
import plotly.io
import polars as pl
import pytest

import dashboard
from dashboard.charts.ageing import ageing
from dashboard.charts.axes import value_axis
from dashboard.charts.cohort_grid import MOST_CELLS, cohort_grid
from dashboard.charts.funnel_bars import funnel_bars
from dashboard.charts.histogram import histogram
from dashboard.charts.markers import marker_layers
from dashboard.charts.range_bars import Range, range_bars
from dashboard.charts.segment_lines import largest_segments, segment_lines
from dashboard.charts.sparkline import sparkline
from dashboard.charts.stacked_bars import Part, stacked_bars
from dashboard.charts.step_lines import step_lines
from dashboard.charts.theme import DARK, LIGHT, THEMES
from dashboard.charts.trend import trend
from dashboard.facts import Marker, Subject, Target

RATE = Subject("activation_rate", "Activation rate", "share", "up", "", "")
LIFE = (Part("returning", "Returning", 0), Part("dormant", "Dormant", 5, is_loss=True))
EVIL = '<a href="javascript:alert(1)">v2</a>'


def named(figure: go.Figure, name: str) -> go.Scatter:
    return next(trace for trace in figure.data if trace.name == name)


def test_the_line_is_the_settled_values_and_ends_where_they_end(rows: ModuleType) -> None:
    points = rows.activation()
    line = named(trend(points, RATE, LIGHT), "Activation rate")
    assert list(line.y[:-1]) == points["value"].to_list()[:-1]
    assert line.y[-1] is None
    assert line.x[0] == "2026-05-04"


def test_the_band_is_low_to_high_and_missing_where_there_is_none(rows: ModuleType) -> None:
    points = rows.activation()
    figure = trend(points, RATE, LIGHT)
    assert list(named(figure, "95 % interval").y) == points["high"].to_list()
    assert list(named(figure, "lower end").y) == points["low"].to_list()
    bare = points.with_columns(low=pl.lit(None, pl.Float64), high=pl.lit(None, pl.Float64))
    assert [trace.name for trace in trend(bare, RATE, LIGHT).data] == ["Activation rate"]


def test_what_is_not_settled_is_shaded_and_not_drawn(rows: ModuleType) -> None:
    points = rows.activation()
    shade = trend(points, RATE, LIGHT).layout.shapes[-1]
    assert (shade.type, shade.x0, shade.x1) == ("rect", "2026-10-19", "2026-10-26")
    assert not trend(points.head(20), RATE, LIGHT).layout.shapes


def test_periods_of_too_few_are_dots_off_the_line(rows: ModuleType) -> None:
    points = rows.activation(10).with_columns(
        status=pl.when(pl.int_range(pl.len()) == 4).then(pl.lit("too_few")).otherwise("status")
    )
    figure = trend(points, RATE, LIGHT)
    assert named(figure, "Activation rate").y[4] is None
    dots = named(figure, "too few to judge")
    assert list(dots.y) == [points["value"][4]]
    assert dots.marker.color == LIGHT.background


def test_a_constant_target_runs_through_and_a_ramp_follows_its_points(rows: ModuleType) -> None:
    points = rows.activation()
    flat = named(trend(points, RATE, LIGHT, target=Target(0.45)), "target")
    assert list(flat.y) == [0.45, 0.45]
    ramp = Target(0.45, line=((date(2026, 6, 1), 0.40), (date(2026, 9, 1), 0.45)))
    drawn = named(trend(points, RATE, LIGHT, target=ramp), "target")
    assert list(zip(drawn.x, drawn.y, strict=True)) == [("2026-06-01", 0.40), ("2026-09-01", 0.45)]


def test_a_ramp_is_named_by_the_value_that_is_in_force_now(rows: ModuleType) -> None:
    ramp = Target(0.42, line=((date(2026, 6, 1), 0.40), (date(2026, 12, 1), 0.45)))
    figure = trend(rows.activation(), RATE, LIGHT, target=ramp)
    texts = [label.text for label in figure.layout.annotations]
    assert "Target<br>42\u00a0%" in texts
    assert not any("45" in text for text in texts if text.startswith("Target"))


def test_the_name_of_a_target_does_not_lie_on_the_newest_value(rows: ModuleType) -> None:
    points = rows.activation()
    newest = points.filter(pl.col("status") == "ok")["value"].drop_nulls()[-1]
    figure = trend(points, RATE, LIGHT, target=Target(newest - 0.001))
    low, high = figure.layout.yaxis.range
    places = {label.text: label.y for label in figure.layout.annotations}
    target = next(y for text, y in places.items() if text.startswith("Target"))
    assert (newest - target) / (high - low) > 0.1


def test_a_first_period_of_too_few_stands_clear_of_the_axis(rows: ModuleType) -> None:
    points = rows.activation(10).with_columns(
        status=pl.when(pl.int_range(pl.len()) == 0).then(pl.lit("too_few")).otherwise("status")
    )
    assert trend(points, RATE, LIGHT).layout.xaxis.range[0] < str(points["period"][0])


def test_ticks_of_few_periods_stand_on_their_first_days(rows: ModuleType) -> None:
    points = rows.activation(7)
    axis = trend(points, RATE, LIGHT).layout.xaxis
    starts = [str(day) for day in points["period"]]
    assert list(axis.tickvals) == starts[::2]
    assert axis.ticktext[0].endswith("<br>2026")
    assert "<br>" not in axis.ticktext[1]
    assert trend(rows.activation(20), RATE, LIGHT).layout.xaxis.tickvals is None


def test_neighbouring_markers_share_a_label_and_all_are_on_hover() -> None:
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    markers = [Marker(first + timedelta(days=days), f"v{days}") for days in (40, 45, 50, 300, 900)]
    layers = marker_layers(markers, first, last, LIGHT)
    assert [label["text"] for label in layers.annotations] == ["v40 +2", "v300"]
    assert len(layers.shapes) == 4
    assert len(layers.traces[0]["text"]) == 4


def test_an_incident_is_the_only_marker_in_red() -> None:
    day = date(2026, 3, 1)
    for kind, color in (("release", LIGHT.muted), ("incident", LIGHT.bad)):
        layers = marker_layers([Marker(day, "x", kind)], day, day + timedelta(days=9), LIGHT)
        assert layers.shapes[0]["line"]["color"] == color


def test_dormant_people_are_positive_in_the_rows_and_below_zero_in_the_figure(
    rows: ModuleType,
) -> None:
    figure = stacked_bars(rows.lifecycle(), LIFE, "count", LIGHT)
    dormant = rows.lifecycle().filter(pl.col("component") == "dormant")["value"]
    assert list(named(figure, "Dormant").y) == [-value for value in dormant]
    low, high = figure.layout.yaxis.range
    assert low < -dormant.max()
    assert high > 0


def test_the_grid_leaves_out_age_zero_and_colours_only_what_may_be_judged(
    rows: ModuleType,
) -> None:
    figure = cohort_grid(rows.cohorts(), "week", LIGHT)
    heat, words = figure.data
    assert list(heat.x) == list(range(1, 12))
    assert heat.z[6][1] is None
    colours = dict(zip(words.text, words.textfont.color, strict=True))
    assert colours["<sup>4</sup>/<sub>9</sub>"] == LIGHT.muted


def test_a_grid_shows_the_newest_cohorts_that_fit(rows: ModuleType) -> None:
    figure = cohort_grid(rows.cohorts(60), "week", LIGHT)
    assert len(figure.data[1].text) <= MOST_CELLS
    assert figure.layout.yaxis.ticktext[-1] == "14 Jun 2027"


def test_a_funnel_may_repeat_a_step_and_says_what_share_of_the_step_before_went_on(
    rows: ModuleType,
) -> None:
    figure = funnel_bars(rows.funnel(), LIGHT)
    bars = figure.data[1]
    assert list(bars.y) == [1, 2, 3, 4]
    assert list(bars.x) == [900 / 900, 420 / 900, 279 / 900, 96 / 900]
    texts = [label.text for label in figure.layout.annotations]
    assert texts[1:4:2] == ["2. sign_up", "4. sign_up"]
    assert "66.4\u00a0% of step 2" in texts[6]


def test_burn_up_draws_steps_that_end_on_the_last_known_day(rows: ModuleType) -> None:
    pace = ((date(2026, 10, 5), 0.0), (date(2026, 10, 16), 37.0))
    figure = step_lines(rows.burn_up(), "points", LIGHT, ideal=pace)
    done = named(figure, "Done")
    assert (done.line.shape, done.x[-1], done.y[-1]) == ("hv", "2026-10-14", 21.0)
    assert figure.layout.xaxis.range[1] == "2026-10-16"


def test_fewer_than_five_sprints_are_dots_without_a_range(rows: ModuleType) -> None:
    few = range_bars(rows.sprints(4), "points", LIGHT)
    assert few.data[0].type == "scatter"
    assert not few.layout.shapes
    more = range_bars(rows.sprints(8), "points", LIGHT, following=Range(22, 36, 0.78))
    assert more.data[0].type == "bar"
    assert (more.layout.shapes[0].y0, more.layout.shapes[0].y1) == (22, 36)
    assert "78\u00a0% likely" in more.layout.annotations[0].text


def test_items_of_one_stage_and_age_stand_beside_each_other(rows: ModuleType) -> None:
    figure = ageing(rows.ageing_items(), ("In Progress", "Review"), LIGHT)
    spots = list(zip(figure.data[0].x, figure.data[0].y, strict=True))
    assert len(set(spots)) == 5


def test_bins_stand_in_the_order_of_their_numbers(rows: ModuleType) -> None:
    shuffled = rows.active_days().sample(fraction=1, shuffle=True, seed=3)
    assert list(histogram(shuffled, "active days", "share", LIGHT).data[0].x) == list(range(1, 29))


def test_the_largest_segments_have_a_line_each(rows: ModuleType) -> None:
    points = rows.by_platform()
    assert largest_segments(points) == ["ios", "unknown", "web"]
    assert len(segment_lines(points, RATE, LIGHT).data) == 3


def test_a_sparkline_needs_three_periods_and_leaves_out_the_open_one(rows: ModuleType) -> None:
    assert sparkline(rows.activation(3), RATE, "#123456") is None
    course = sparkline(rows.activation(5), RATE, "#123456")
    assert course is not None
    assert course.alt.startswith("Activation rate, 4 periods: 34.0")
    assert course.svg.count("#123456") == 3


def empty(rows: ModuleType, **more: pl.DataType) -> pl.DataFrame:
    return rows.frame([], **more)


DRAWN: dict[str, Callable[[ModuleType], go.Figure]] = {
    "trend": lambda r: trend(empty(r), RATE, LIGHT, target=Target(0.4), markers=[]),
    "stacked_bars": lambda r: stacked_bars(empty(r, component=pl.String), LIFE, "count", LIGHT),
    "cohort_grid": lambda r: cohort_grid(empty(r, cohort=pl.Date, age=pl.Int64), "week", LIGHT),
    "funnel_bars": lambda r: funnel_bars(empty(r, component=pl.String, step=pl.Int64), LIGHT),
    "step_lines": lambda r: step_lines(empty(r, component=pl.String), "points", LIGHT),
    "histogram": lambda r: histogram(empty(r, component=pl.String), "days", "share", LIGHT),
    "range_bars": lambda r: range_bars(empty(r, label=pl.String), "points", LIGHT),
    "segment_lines": lambda r: segment_lines(empty(r, segment=pl.String), RATE, LIGHT),
}


@pytest.mark.parametrize("shape", DRAWN)
def test_a_figure_without_rows_is_empty_and_not_an_error(shape: str, rows: ModuleType) -> None:
    plotly.io.to_json(DRAWN[shape](rows), validate=False)


def test_text_from_data_is_never_a_tag_in_a_figure(rows: ModuleType) -> None:
    items = rows.ageing_items().with_columns(label=pl.lit(EVIL))
    steps = rows.funnel().with_columns(component=pl.lit(EVIL))
    sprints = rows.sprints().with_columns(label=pl.lit(EVIL))
    platforms = rows.by_platform().with_columns(segment=pl.lit(EVIL))
    marker = [Marker(date(2026, 7, 1), EVIL)]
    figures = [
        ageing(items, ("In Progress", "Review"), LIGHT),
        funnel_bars(steps, LIGHT),
        range_bars(sprints, "points", LIGHT),
        segment_lines(platforms, RATE, LIGHT),
        trend(rows.activation(), RATE, LIGHT, markers=marker),
        stacked_bars(rows.lifecycle(), (Part("new", EVIL, 0),), "count", LIGHT, markers=marker),
    ]
    for figure in figures:
        assert "<a " not in plotly.io.to_json(figure, validate=False).replace("\\u003c", "<")


def test_an_axis_does_not_make_small_changes_look_large() -> None:
    low, high = value_axis([0.44, 0.45], "share")["range"]
    assert high - low > 0.10
    assert value_axis([10.0, 100.0], "count")["range"][0] == 0
    assert value_axis([90.0, 100.0], "count", from_zero=True)["range"][0] == 0
    assert value_axis([0.1, 0.5], "share")["ticktext"][1].endswith("\u00a0%")


def test_an_axis_of_nothing_or_of_zeros_still_has_a_length() -> None:
    assert "range" not in value_axis([None], "count")
    for unit in ("share", "count", "EUR"):
        low, high = value_axis([0.0, 0.0], unit, from_zero=True)["range"]
        assert low <= 0 <= high
        low, high = value_axis([5.0, 5.0], unit)["range"]
        assert low < 5 < high


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_figures_have_the_colours_of_the_page(mode: str) -> None:
    config = Path(dashboard.__file__).parent / ".streamlit" / "config.toml"
    theme = tomllib.loads(config.read_text())["theme"][mode]
    ours = THEMES[mode]
    assert theme["textColor"] == ours.text
    assert theme["backgroundColor"] == ours.background
    assert theme["secondaryBackgroundColor"] == ours.surface
    assert theme["borderColor"] == ours.grid
    assert theme["grayTextColor"] == ours.muted
    assert theme["greenColor"] == ours.good
    assert theme["redColor"] == ours.bad
    assert tuple(theme["chartCategoricalColors"]) == ours.categorical
    assert tuple(theme["chartSequentialColors"]) == ours.sequential
    assert ours.line == ours.categorical[0]


def test_a_dark_figure_differs_in_colours_only(rows: ModuleType) -> None:
    light = json.loads(plotly.io.to_json(trend(rows.activation(), RATE, LIGHT)))
    dark = json.loads(plotly.io.to_json(trend(rows.activation(), RATE, DARK)))
    assert [trace["y"] for trace in light["data"]] == [trace["y"] for trace in dark["data"]]
    assert light["data"][2]["line"] != dark["data"][2]["line"]
