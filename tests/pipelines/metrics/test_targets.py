"""Which target holds for which number, and whether it is met."""

from datetime import date

import pytest

from pipelines.metrics import targets
from pipelines.metrics.catalogue import built_in
from pipelines.metrics.definition import Request
from pipelines.workspace import Target

METRICS = {metric.id: metric for metric in built_in()}
JANUARY, FEBRUARY, MARCH = (date(2026, month, 1) for month in (1, 2, 3))
MONTHS = [date(2026, month, 1) for month in range(1, 7)]


def target(metric="activation_rate", **keys):
    return Target.model_validate({"metric": metric, **keys})


def declared(listed, metric="activation_rate", of=None, variant=None, where=()):
    return targets.declared(listed, METRICS[metric], of, variant, where)


def in_force(listed, day, **keys):
    return targets.in_force(declared(listed, **keys), day, MONTHS)


def row(value, low=None, high=None, status="ok", note=None, period=JANUARY):
    return {"value": value, "low": low, "high": high, "status": status, "note": note,
            "period": period}  # fmt: skip


def stands(goal, found, metric="activation_rate", so_far=()):
    request = Request(METRICS[metric], every="month")
    known = in_force([goal], found["period"], metric=metric)
    return targets.standing(request, found, known, so_far)


# resolution ---------------------------------------------------------------------------------


def test_the_exact_segment_comes_before_its_parent_and_that_before_all():
    everyone = target(value=0.4)
    team = target(value=0.5, where={"plan": "team"})
    german_team = target(value=0.6, where={"plan": "team", "country": "DE"})
    listed = [german_team, everyone, team]
    both = (("plan", "team"), ("country", "DE"))

    assert declared(listed, where=both) == (german_team, team, everyone)
    assert declared(listed, where=(("plan", "team"),)) == (team, everyone)
    assert declared(listed, where=(("plan", "solo"),)) == (everyone,)


def test_no_target_of_a_segment_is_inherited_upwards():
    team, solo = (target(value=goal, where={"plan": plan}) for goal, plan in
                  ((0.5, "team"), (0.3, "solo")))  # fmt: skip

    assert declared([team, solo]) == ()


def test_where_the_exact_segment_has_no_target_yet_its_parent_holds():
    everyone = target(value=0.4)
    team = target(**{"value": 0.5, "where": {"plan": "team"}, "from": FEBRUARY})

    found = [in_force([team, everyone], day, where=(("plan", "team"),)) for day in MONTHS[:2]]

    assert [known.value for known in found] == [0.4, 0.5]


def test_a_later_revision_replaces_an_earlier_one_from_its_day_on():
    first = target(value=0.4)
    second = target(**{"value": 0.45, "from": MARCH, "reason": "pricing"})

    found = [in_force([second, first], day) for day in MONTHS[:4]]

    assert [known.value for known in found] == [0.4, 0.4, 0.45, 0.45]
    assert found[-1].target.reason == "pricing"


def test_a_target_ends_before_its_last_day():
    goal = target(**{"value": 0.4, "from": JANUARY, "to": MARCH})

    assert [bool(in_force([goal], day)) for day in MONTHS[:3]] == [True, True, False]


def test_a_target_of_one_funnel_is_not_one_of_another():
    goal = target("funnel", of="checkout", value=0.3)

    assert declared([goal], "funnel", of="checkout") == (goal,)
    assert declared([goal], "funnel", of="sign_up") == ()


def test_a_variant_has_its_own_target_unless_only_its_window_differs():
    plain, mean = target("csat", value=0.8), target("csat.mean", value=4.2)

    assert declared([plain, mean], "csat") == (plain,)
    assert declared([plain, mean], "csat", variant="mean") == (mean,)
    assert declared([plain, mean], "csat", variant="trailing_90") == (plain,)


# shapes -------------------------------------------------------------------------------------


def values(goal, metric="revenue"):
    candidates = declared([goal], metric)
    return [value for _, value in targets.target_line(candidates, MONTHS)]


def test_a_ramp_rises_in_a_straight_line_and_then_stays():
    goal = target("revenue", shape="ramp", points=[["2026-01-01", 0], ["2026-03-01", 590]])

    # 31 and 59 of 59 days.
    assert values(goal) == pytest.approx([0, 310, 590, 590, 590, 590])


def test_steps_hold_until_the_next_one_and_are_meant_where_no_shape_is_named():
    points = [["2026-02-01", 10], ["2026-04-15", 20]]

    for shape in ({"shape": "step"}, {}):
        goal = target("revenue", points=points, **shape)
        line = targets.target_line(declared([goal], "revenue"), MONTHS)
        assert line == [(day, 10) for day in MONTHS[1:4]] + [(day, 20) for day in MONTHS[4:]]


def test_a_table_says_nothing_about_a_month_that_it_does_not_name():
    goal = target("revenue", shape="table", points=[["2026-01-01", 1], ["2026-03-01", 3]])

    line = targets.target_line(declared([goal], "revenue"), MONTHS)

    assert line == [(JANUARY, 1), (MARCH, 3)]


def test_a_cumulative_target_adds_up():
    points = [["2026-02-01", 10], ["2026-03-01", 20]]
    listed = target("revenue", shape="cumulative", points=points)
    even = target("revenue", **{"shape": "cumulative", "value": 5, "from": FEBRUARY})

    assert values(listed) == [10, 30]
    assert values(even) == [5, 10, 15, 20, 25]


def test_of_a_band_the_line_shows_the_lower_end():
    goal = target("scope_change", low=0.1, high=0.2)

    assert values(goal, "scope_change") == [0.1] * 6
    assert in_force([goal], JANUARY, metric="scope_change").high == 0.2


# standing -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("metric", "found", "state"),
    [
        ("activation_rate", row(0.5, 0.45, 0.55), "met"),
        ("activation_rate", row(0.5, 0.35, 0.65), "interval_spans_target"),
        ("activation_rate", row(0.3, 0.25, 0.39), "not_met"),
        ("logo_churn", row(0.3, 0.25, 0.39), "met"),
        ("logo_churn", row(0.5, 0.45, 0.55), "not_met"),
        # A full count has no sampling interval; reaching the target meets it.
        ("stickiness", row(0.4), "met"),
        # An open end may hold anything.
        ("activation_rate", row(0.5, None, 0.6), "interval_spans_target"),
    ],
)
def test_a_value_meets_its_target_as_far_as_its_interval_tells(metric, found, state):
    assert stands(target(metric, value=0.4), found, metric).state == state


def test_a_band_is_met_inside_it():
    goal = target("scope_change", low=0.1, high=0.2)

    assert stands(goal, row(0.15), "scope_change").state == "met"
    assert stands(goal, row(0.25), "scope_change").state == "not_met"


@pytest.mark.parametrize("status", ["immature", "too_few", "no_data"])
def test_a_number_that_is_not_settled_or_rests_on_too_few_is_not_judged(status):
    note = "Too few to judge: 9 of at least 30 needed."
    value = 0.5 if status == "too_few" else None

    found = stands(target(value=0.4), row(value, status=status, note=note))

    assert (found.state, found.sentence) == ("unknown", note)
    assert found.in_force.value == 0.4


def test_without_a_target_the_sentence_says_so():
    found = targets.standing(Request(METRICS["dau"]), row(5), None)

    assert (found.state, found.sentence) == ("unknown", "No target is set.")


@pytest.mark.parametrize("metric", ["velocity", "say_do"])
def test_what_people_would_bend_takes_no_target(metric):
    assert declared([target(metric, value=1)], metric) == ()
    assert "takes no target" in targets.refusal(METRICS[metric])
    found = targets.standing(Request(METRICS[metric]), row(1), None)
    assert "takes no target" in found.sentence


def test_a_metric_without_a_better_direction_needs_a_band():
    found = stands(target("scope_change", value=0.1), row(0.05), "scope_change")

    assert found.state == "unknown"
    assert "`low` and `high`" in found.sentence


def test_a_cumulative_target_is_held_against_the_sum_so_far():
    goal = target("revenue", **{"shape": "cumulative", "value": 100, "from": FEBRUARY})
    so_far = [row(amount, period=day) for amount, day in zip((999, 120, 90), MONTHS, strict=False)]

    found = stands(goal, so_far[-1], "revenue", so_far)

    assert (found.state, found.actual, found.in_force.value) == ("met", 210, 200)


def test_a_gap_leaves_the_sum_unknown_and_shares_are_never_summed():
    goal = target("revenue", shape="cumulative", value=100)
    gap = [row(None, status="no_data"), row(90, period=FEBRUARY)]
    share = target("activation_rate", shape="cumulative", value=0.4)

    assert stands(goal, gap[-1], "revenue", gap).state == "unknown"
    assert "only counts and money" in stands(share, row(0.4)).sentence
