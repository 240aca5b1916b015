"""A launch in a small product: what the read API says about it, from files to verdicts."""

import csv
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from pipelines.errors import UsageError
from pipelines.read import Snapshot, request
from pipelines.refresh import refresh

MONDAY = date(2025, 3, 3)
LAUNCH = date(2026, 3, 4)
WEEKS = 70
A_WEEK = 20
SETTINGS = """
[product]
name = "Test"
currency = "EUR"
[[launch]]
id = "two"
name = "Two"
on = 2026-03-04
[[source]]
name = "product events"
files = "events.csv"
complete_to = 2026-07-06
expected_every = "1d"
[[source]]
name = "surveys"
files = ["survey_questions.csv", "survey_responses.csv"]
complete_to = 2026-07-01
[[source]]
name = "notes"
files = "annotations.csv"
[[source]]
name = "missing"
files = "nowhere.csv"
[usage]
sign_up_event = "sign_up"
activation = { events = ["report_shared"], within_days = 7 }
[usage.features]
reports = ["report_shared"]
[segments]
platform = "events.platform_code"
[[target]]
metric = "activation_rate"
value = 0.5
[[target]]
metric = "activation_rate"
value = 0.2
where = { platform = "web" }
[[target]]
metric = "wau"
shape = "ramp"
points = { 2026-01-05 = 10, 2026-03-02 = 66 }
[[target]]
metric = "velocity"
value = 40
"""


def events(rng):
    """Twenty sign-ups a week, of whom a fifth share a report before the launch and half after."""
    for week in range(WEEKS):
        for number in range(A_WEEK):
            day = MONDAY + timedelta(days=7 * week + number % 7)
            person = f"p{week}-{number}"
            yield "sign_up", day, person
            if rng.random() < (0.2 if day < LAUNCH else 0.5):
                yield "report_shared", day + timedelta(days=2), person
            for later in range(1, 7):
                if rng.random() < 0.3:
                    yield "visit", day + timedelta(days=later), person


def written(path, header, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])


def answers(rng):
    for month in range(12):
        promoters = 0.3 if month < 8 else 0.7
        for number in range(120):
            score = 10 if rng.random() < promoters else 5
            day = date(2025 + (6 + month) // 12, (6 + month) % 12 + 1, 10)
            yield "q", f"r{month}-{number}", "nps", f"p{month}-{number}", f"{day}T12:00:00Z", \
                "exact", score, "answered", "true"  # fmt: skip


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    folder = tmp_path_factory.mktemp("judged")
    rng = np.random.default_rng(5)
    (folder / "launchloop.toml").write_text(SETTINGS, encoding="utf-8")
    written(
        folder / "events.csv",
        ["event_name", "occurred_at", "user_id", "platform_code"],
        [
            (name, f"{day}T10:00:00Z", person, "web" if number % 3 else "")
            for number, (name, day, person) in enumerate(events(rng))
        ],
    )
    written(
        folder / "survey_questions.csv",
        ["survey_id", "question_id", "question_text", "metric_code", "survey_kind", "scale_min",
         "scale_max", "is_higher_better"],
        [("q", "nps", "Recommend?", "nps", "relational", 0, 10, "true")],
    )  # fmt: skip
    written(
        folder / "survey_responses.csv",
        ["survey_id", "response_id", "question_id", "respondent_key", "answered_at",
         "time_quality", "score", "answer_state", "is_complete"],
        answers(rng),
    )  # fmt: skip
    written(
        folder / "annotations.csv",
        ["annotation_id", "happened_at", "ended_at", "annotation_kind", "title_text", "metric_id"],
        [
            ("a1", "2026-03-01T00:00:00Z", "", "definition_change", "Answers by mail too", "nps"),
            ("a2", "2026-02-10T00:00:00Z", "2026-02-14T00:00:00Z", "holiday", "Carnival", ""),
        ],
    )
    refresh(folder)
    return folder


@pytest.fixture(scope="module")
def snapshot(workspace):
    return Snapshot(workspace)


def ask(snapshot, metric, **keys):
    return request(snapshot, metric, **keys)


# against before -----------------------------------------------------------------------------


def test_the_newest_settled_cohort_is_put_beside_the_one_before(snapshot):
    asked = ask(snapshot, "activation_rate", every="month")
    rows = snapshot.answer(asked).filter(status="ok")

    found = snapshot.change(asked)

    # June is not settled: those of its last week have had less than seven days by 6 July.
    newest, previous = rows.row(-1, named=True), rows.row(-2, named=True)
    assert (found.after, found.before) == (newest["value"], previous["value"])
    assert (found.n_after, found.n_before) == (newest["n"], previous["n"])
    assert found.spans == "the month to 31 May 2026 against the month to 30 Apr 2026"
    assert found.state == "no_clear_change"
    assert found.year_ago == rows.filter(period=date(2025, 5, 1))["value"].item()


def test_twenty_a_week_are_too_few_to_judge(snapshot):
    found = snapshot.change(ask(snapshot, "activation_rate", every="week"))

    assert (found.state, found.n_before, found.n_after) == ("too_little_data", 20, 20)
    assert "at least 30 a side" in found.sentence


def test_active_users_are_compared_as_a_series(snapshot):
    asked = ask(snapshot, "wau", every="week")
    values = snapshot.answer(asked).filter(status="ok")["value"]

    found = snapshot.change(asked)

    assert (found.n_before, found.n_after) == (13, 13)
    assert found.after == pytest.approx(values.tail(13).mean())
    assert found.before == pytest.approx(values.slice(len(values) - 26, 13).mean())
    assert found.spans == "the 13 weeks to 5 Jul 2026 against the 13 before"


def test_newest_ends_where_the_range_of_the_question_does(snapshot):
    found = snapshot.change(ask(snapshot, "activation_rate", every="month", end=date(2026, 1, 1)))

    assert found.after_span.end == date(2026, 1, 1)


def test_trailing_windows_do_not_overlap(snapshot):
    found = snapshot.change(ask(snapshot, "stickiness", every="day"))

    assert found.before_span.end == found.after_span.start
    assert found.after_span.periods == 28
    assert found.against == "vs 4 weeks before"
    since = snapshot.change_since(ask(snapshot, "stickiness"), LAUNCH)
    assert (since.before_span.end, since.after_span.end) == (LAUNCH, date(2026, 7, 6))


def test_several_series_must_be_told_apart(snapshot):
    asked = ask(snapshot, "lifecycle")
    with pytest.raises(UsageError, match="new, returning, resurrected, dormant"):
        snapshot.change(asked)
    with pytest.raises(UsageError, match="name one segment"):
        snapshot.change(ask(snapshot, "dau", by="platform"))

    found = snapshot.change(asked, component="new")

    assert (found.before, found.after) == (20, 20)
    assert found.state == "no_clear_change"


def test_one_value_of_all_history_has_nothing_before_it(snapshot):
    found = snapshot.change(ask(snapshot, "activation_rate", every="total"))

    assert found.sentence == "Too little data: one value of all history has nothing before it."


def test_a_definition_change_between_the_spans_forbids_a_verdict(snapshot):
    across = snapshot.change(ask(snapshot, "nps", end=date(2026, 4, 1)))
    after = snapshot.change(ask(snapshot, "nps"))

    assert across.state == "not_comparable"
    assert across.sentence == "Not comparable: the definition changed on 1 Mar 2026."
    assert (across.low, across.high) == (None, None)
    assert after.state == "no_clear_change"


def test_less_than_thirteen_months_say_that_seasonality_was_not_checked(snapshot):
    found = snapshot.change(ask(snapshot, "nps"))

    assert found.notes == ("Seasonality not checked: 11 of 13 months of history.",)
    assert found.year_ago is None


def test_a_time_of_which_too_little_is_covered_gets_no_verdict(snapshot):
    asked = ask(snapshot, "activation_rate", every="quarter", end=date(2025, 7, 1))

    found = snapshot.change(asked)

    # Data begin on 3 March: 29 + 91 of 181 days.
    assert found.state == "too_little_data"
    assert "66\u00a0% of the days are covered" in found.sentence
    assert (found.low, found.high) == (None, None)
    assert found.n_before > 30


# since a launch -----------------------------------------------------------------------------


def test_everybody_since_the_launch_is_put_beside_as_many_weeks_before(snapshot):
    found = snapshot.change_since(ask(snapshot, "activation_rate"), LAUNCH)

    # Settled are those who signed up by 28 June: 16 whole weeks since 4 March.
    before, after = (
        snapshot.answer(ask(snapshot, "activation_rate", every="total", start=start, end=end))
        for start, end in ((date(2025, 11, 12), LAUNCH), (LAUNCH, date(2026, 6, 24)))
    )
    assert (found.n_before, found.n_after) == (320, 320)
    assert (found.before, found.after) == (before["value"].item(), after["value"].item())
    assert found.state == "higher"
    assert found.spans == "the 16 weeks to 23 Jun 2026 since 4 Mar 2026 against the 16 before"


def test_cohorts_since_the_launch_are_pooled_at_the_same_age(snapshot):
    found = snapshot.change_since(ask(snapshot, "retention"), date(2026, 3, 2), age=1)
    whole = ask(snapshot, "retention", every="total", start=date(2026, 3, 2),
                end=found.after_span.end)  # fmt: skip

    assert found.n_after == snapshot.answer(whole).filter(age=1)["n"].item()
    assert found.n_after == A_WEEK * found.after_span.periods
    assert found.state == "no_clear_change"


def test_a_series_leaves_the_week_of_the_launch_out(snapshot):
    found = snapshot.change_since(ask(snapshot, "wau"), LAUNCH)

    assert found.before_span.end == date(2026, 3, 2)
    assert found.after_span.start == date(2026, 3, 9)
    assert found.before_span.periods == found.after_span.periods == 17


def test_a_launch_of_yesterday_is_too_early(snapshot):
    for metric in ("activation_rate", "wau"):
        found = snapshot.change_since(ask(snapshot, metric), date(2026, 7, 5))
        assert found.state == "too_early"
        assert "since 5 Jul 2026" in found.sentence


def test_a_launch_at_the_beginning_of_the_data_has_no_before(snapshot):
    found = snapshot.change_since(ask(snapshot, "activation_rate"), date(2025, 3, 5))

    assert found.state == "too_little_data"
    assert found.sentence == (
        "Too little data: the data begin on 3 Mar 2025, less than a week before 5 Mar 2025."
    )


# targets ------------------------------------------------------------------------------------


def test_a_target_holds_for_its_segment_and_is_met_or_not(snapshot):
    asked = ask(snapshot, "activation_rate", every="quarter", by="platform")
    rows = snapshot.answer(asked).filter(period=date(2026, 4, 1))

    found = {row["segment"]: snapshot.standing(asked, row) for row in rows.iter_rows(named=True)}

    assert {name: one.in_force.value for name, one in found.items()} == {"unknown": 0.5, "web": 0.2}
    assert snapshot.targets("activation_rate", where=(("platform", "ios"),))[0].value == 0.5


def test_a_settled_value_below_its_target_is_not_met(snapshot):
    asked = ask(snapshot, "activation_rate", every="month")
    rows = {row["period"]: row for row in snapshot.answer(asked).iter_rows(named=True)}

    assert snapshot.standing(asked, rows[date(2025, 12, 1)]).state == "not_met"
    assert snapshot.standing(asked, rows[date(2026, 5, 1)]).state == "interval_spans_target"
    unsettled = snapshot.standing(asked, rows[date(2026, 7, 1)])
    assert (unsettled.state, unsettled.in_force.value) == ("unknown", 0.5)


def test_the_line_of_a_target_has_a_point_per_period_of_the_range(snapshot):
    asked = ask(snapshot, "wau", every="week", start=date(2026, 1, 1), end=date(2026, 1, 27))

    assert snapshot.target_points(asked) == [
        (date(2026, 1, 5), 10.0), (date(2026, 1, 12), 17.0), (date(2026, 1, 19), 24.0),
    ] + [(date(2026, 1, 26), 31.0)]  # fmt: skip


def test_velocity_refuses_the_target_that_somebody_set(snapshot):
    assert snapshot.targets("velocity") == ()
    assert "takes no target" in snapshot.target_refusal("velocity")
    assert snapshot.target_refusal("wau") is None


# beside a number ----------------------------------------------------------------------------


def test_markers_touch_the_days_asked_for(snapshot):
    found = snapshot.markers(date(2026, 2, 14), date(2026, 3, 2))

    assert [(one["marker_kind"], one["title_text"]) for one in found] == [
        ("holiday", "Carnival"),
        ("definition_change", "Answers by mail too"),
    ]
    assert snapshot.markers(date(2026, 2, 15), date(2026, 3, 1)) == []


def test_the_values_of_a_segment_end_with_unknown(snapshot):
    assert snapshot.segment_values("platform") == ["web", "unknown"]
    with pytest.raises(UsageError, match="Declared: platform"):
        snapshot.segment_values("plan")


@pytest.mark.parametrize(
    ("now", "state", "hours"),
    [
        (datetime(2026, 7, 6, 20, tzinfo=UTC), "fresh", 20),
        (datetime(2026, 7, 7, 20, tzinfo=UTC), "late", 44),
        (datetime(2026, 7, 9, tzinfo=UTC), "stale", 72),
        (datetime(2026, 7, 1, tzinfo=UTC), "fresh", 0),
    ],
)
def test_a_source_is_stale_beyond_two_expected_intervals(snapshot, now, state, hours):
    found = {source.source: source for source in snapshot.source_states(now)}["product events"]

    assert (found.state, found.age_hours, found.expected_hours) == (state, hours, 24)
    assert (found.file, found.preset) == ("events.csv", "neutral_events")


def test_a_source_without_files_keeps_its_question(snapshot):
    found = {source.source: source for source in snapshot.source_states()}["missing"]

    assert (found.state, found.age_hours, found.imported_at) == (None, None, None)
    assert [(question.status, question.code) for question in found.questions] == [
        ("failed", "no_files")
    ]


def test_a_refresh_that_did_well_left_no_failure(snapshot):
    assert snapshot.failure() is None
