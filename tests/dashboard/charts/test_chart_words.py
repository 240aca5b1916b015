"""Headlines and alternative texts are true of the rows they were made from."""

from datetime import date
from types import ModuleType

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from dashboard.charts import alt
from dashboard.charts.headline import evidence, headline
from dashboard.charts.range_bars import Range
from dashboard.charts.stacked_bars import Part
from dashboard.facts import Comparison, Marker, Subject, Target
from dashboard.format import NO_BREAK

WAU = Subject("wau", "Weekly active users", "count", "up", "", "")
RATE = Subject("activation_rate", "Activation rate", "share", "up", "", "")
ROSE = Comparison("higher", 312, 420, 108, 80, 136, 12, 12, "12 weeks against the 12 before")


def said(text: str) -> str:
    return text.replace(NO_BREAK, " ")


def test_a_headline_names_a_direction_only_if_the_comparison_does() -> None:
    assert headline(WAU, ROSE) == "Weekly active users rose from 312 to 420"
    fell = Comparison("lower", 420, 312, -108, -136, -80)
    assert headline(WAU, fell) == "Weekly active users fell from 420 to 312"
    assert headline(WAU, None) == "Weekly active users"


@given(
    state=st.sampled_from(["no_clear_change", "too_early", "too_little_data", "not_comparable"]),
    before=st.floats(0, 1e6),
    after=st.floats(0, 1e6),
)
def test_no_other_state_reads_as_a_direction(state: str, before: float, after: float) -> None:
    text = headline(WAU, Comparison(state, before, after, after - before))
    assert not any(word in text for word in ("rose", "fell", "higher", "lower", " from "))


def test_the_evidence_has_difference_interval_both_n_and_both_spans() -> None:
    assert evidence(WAU, ROSE) == (
        "+108 (95 %: +80 to +136); n = 12 and 12; 12 weeks against the 12 before"
    )


def test_without_a_clear_change_the_smallest_visible_one_is_said() -> None:
    same = Comparison(
        "no_clear_change", difference=0.01, low=-0.02, high=0.04, smallest_visible=0.03
    )
    text = said(evidence(RATE, same))
    assert text.endswith("a change below 3.0 pp would not show")


def test_a_trend_is_told_from_its_first_to_its_last_settled_period(rows: ModuleType) -> None:
    points = rows.activation()
    markers = [Marker(date(2026, 6, 16), "v2.1"), Marker(date(2027, 1, 1), "later")]
    text = said(alt.trend_alt(points, RATE, target=Target(0.45), markers=markers))
    settled = points.filter(pl.col("status") == "ok")["value"]
    assert "25 settled periods, week of 4 May 2026 to week of 19 Oct 2026" in text
    assert f"first {100 * settled[0]:.1f} %, last {100 * settled[-1]:.1f} %" in text
    assert f"lowest {100 * settled.min():.1f} %, highest {100 * settled.max():.1f} %" in text
    assert "target 45.0 %" in text
    assert "v2.1 on 16 Jun 2026" in text
    assert "later" not in text
    assert "1 period is not settled yet and not drawn" in text
    assert "rose" not in text


def test_every_shape_tells_its_numbers(rows: ModuleType) -> None:
    parts = (Part("new", "New", 1), Part("dormant", "Dormant", 5, is_loss=True))
    life = alt.stacked_alt(rows.lifecycle(), parts, "Lifecycle", "count")
    assert "in week of 26 Oct 2026: 40 new, 59 dormant (below zero)" in life
    grid = said(alt.cohort_alt(rows.cohorts(), "Retention", "week"))
    assert "grid of 11 cohorts" in grid
    assert "week 11: 38.0 %" in grid
    funnel = said(alt.funnel_alt(rows.funnel(), "Landing"))
    assert "900 began; 1. view_landing: 900 (100.0 %)" in funnel
    steps = alt.steps_alt(rows.burn_up(), "Sprint 14", "points", date(2026, 10, 16))
    assert steps == "Sprint 14: 21 of 37 done on 14 Oct 2026; ends on 16 Oct 2026."
    bins = alt.histogram_alt(rows.active_days(), "Days", "active days", "share")
    assert "most often 1 active days" in bins
    old = said(alt.ageing_alt(rows.ageing_items(), "Ageing", ((85, 11.0),)))
    assert "5 items in progress" in old
    assert "LUM-3, for 17 days" in old
    assert "1 older than 11 days" in old
    speed = said(alt.range_alt(rows.sprints(), "Velocity", "points", Range(22, 36, 0.78)))
    assert "Sprint 14: 30" in speed
    assert "next: 22–36, 78 % likely" in speed
    lines = said(alt.segment_alt(rows.by_platform(), RATE, ["web"]))
    assert "web: 47.8 % in week of 14 Sep 2026" in lines


def test_nothing_to_draw_is_said_and_not_shown_as_zero(rows: ModuleType) -> None:
    none = rows.frame([])
    assert alt.trend_alt(none, WAU) == "Weekly active users: nothing settled to draw yet."
    text = rows.frame([], component=pl.String, step=pl.Int64)
    assert "nobody's window has closed" in alt.funnel_alt(text, "Landing")
    assert "no cohort is old enough" in alt.cohort_alt(
        rows.frame([], cohort=pl.Date, age=pl.Int64), "Retention", "week"
    )
