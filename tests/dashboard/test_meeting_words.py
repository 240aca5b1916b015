"""What a meeting says: its screens in order, its numbers in words, its chart from the freeze."""

from datetime import UTC, date, datetime, timedelta

import plotly.graph_objects as go
import pytest

from dashboard.charts.enlarged import enlarged
from dashboard.exhibits import frozen_chart, meeting_words, room_steps
from pipelines.reviews.check.own_limits import own_limits
from pipelines.reviews.core.meeting import Item, Meeting
from pipelines.reviews.core.restatement import since_last_review
from pipelines.reviews.core.terms import (
    ItemSource,
    ItemState,
    MeetingKind,
    MeetingStatus,
    ValueState,
)
from pipelines.reviews.core.timing import parts
from pipelines.reviews.meeting.agenda_items import OVER_LIMIT
from pipelines.reviews.meeting.since_review import SinceReview
from pipelines.reviews.meeting.view import ItemView, MeetingView
from pipelines.reviews.numbers.frozen import FrozenPoint, FrozenSeries

MONDAY = date(2026, 1, 5)
HELD_ON = date(2026, 7, 6)


def item(item_id, subject_id=None, source=ItemSource.AUTO_SIGNAL, state=ItemState.PROPOSED, **more):
    return ItemView(
        item=Item(item_id, "m1", 1, source, f"Item {item_id}", subject_id, state, more.get("note")),
        row_version=1,
        reasons=more.get("reasons", ()),
        numbers=None,
        since=None,
        markers=(),
        evidence_ids=(),
        decisions=(),
    )


def meeting(*items, status=MeetingStatus.IN_SESSION, current=None, preread_at=None):
    return MeetingView(
        meeting=Meeting("m1", "core", MeetingKind.RETRO, HELD_ON, status=status,
                        preread_at=preread_at),
        row_version=1,
        attendees=(),
        freeze=None,
        items=items,
        folded=(),
        current_item_id=current,
        current_since=None,
        begun_at=None,
        decisions=(),
        follow_ups=(),
        due_follow_ups=(),
        left_out=(),
        data_stand_since=None,
        parts=parts(60),
        findings=(),
        may_write=True,
    )  # fmt: skip


def series(values, *, unit="share", better="up", target=None, **more):
    """Weekly values whose interval is two points of a hundred to either side."""
    points = tuple(
        FrozenPoint(
            MONDAY + timedelta(weeks=week),
            MONDAY + timedelta(weeks=week + 1),
            value,
            None if value is None else value - 0.02,
            None if value is None else value + 0.02,
            more.get("n", 200.0),
            None,
            more.get("state", ValueState.OK),
            target,
            "Nobody signed up." if value is None else None,
        )
        for week, value in enumerate(values)
    )
    return FrozenSeries("m", "", "week", "tile", "Activation", unit, better, "h", "Rule.", points)


def test_screens_follow_the_minutes_and_keep_the_order_of_the_agenda_within_a_part():
    shown = meeting(
        item("breach", 'metric:csat{"of":"x"}'),
        item("check", "pdca_cycle:c1", ItemSource.DUE_CHECK),
        item("signal", "metric:wau"),
        item("late", "follow_up:f1", ItemSource.OVERDUE),
        item("quote", "evidence:e1", ItemSource.EVIDENCE),
        item("words", None, ItemSource.MANUAL),
        item("prediction", "outcome_link:o1", ItemSource.OVERDUE),
        item("stale", "source:helpdesk"),
    )
    assert [step.id for step in room_steps.steps(shown)] == [
        "celebrate", "follow-ups", "late", "voice", "quote", "breach", "signal", "stale",
        "check", "prediction", "words", "read-back",
    ]  # fmt: skip


def test_what_lies_over_the_limit_has_no_screen_but_what_a_person_parked_has():
    over = item("over", "metric:wau", state=ItemState.PARKED, note=OVER_LIMIT)
    parked = item("parked", "metric:mau", state=ItemState.PARKED, note="Next week.")
    ids = [step.id for step in room_steps.steps(meeting(over, parked))]
    assert "over" not in ids
    assert "parked" in ids


def test_a_link_opens_its_screen_else_the_one_that_all_look_at_else_the_first():
    shown = meeting(item("a", "metric:wau"), item("b", "metric:mau"), current="b")
    known = room_steps.steps(shown)
    assert room_steps.chosen(known, "a", shown).id == "a"
    assert room_steps.chosen(known, "gone", shown).id == "b"
    assert room_steps.chosen(known, "", meeting(item("a", "metric:wau"))).id == "celebrate"


def test_at_the_ends_there_is_no_further_screen():
    known = room_steps.steps(meeting(item("a", "metric:wau")))
    assert room_steps.neighbour(known, known[0], -1) is known[0]
    assert room_steps.neighbour(known, known[0], 1) is known[1]
    assert room_steps.neighbour(known, known[-1], 1) is known[-1]
    assert room_steps.progress(known, known[-1]) == (len(known), len(known))


@pytest.mark.parametrize(
    ("today", "said", "may"),
    [
        (date(2026, 7, 4), "by 5 Jul 2026", True),
        (date(2026, 7, 5), "by 5 Jul 2026", True),
        (date(2026, 7, 6), "too late for a pre-read", False),
    ],
)
def test_a_preread_is_offered_until_a_day_before(today, said, may):
    shown = meeting(status=MeetingStatus.SCHEDULED)
    assert said in meeting_words.preread_told(shown, today)
    assert meeting_words.may_send(shown, today) is may


def test_a_preread_that_was_sent_says_when():
    sent = meeting(
        status=MeetingStatus.PREREAD_SENT, preread_at=datetime(2026, 7, 3, 9, tzinfo=UTC)
    )
    assert "sent on 3 Jul 2026" in meeting_words.preread_told(sent, date(2026, 7, 4))
    assert not meeting_words.may_send(sent, date(2026, 7, 4))


def test_reasons_come_once_and_days_are_written_as_on_every_page():
    shown = item("a", reasons=("Off target.", "Off target.", "Overdue since 2026-07-01."))
    assert meeting_words.reasons_told(shown) == "Off target. Overdue since 1 Jul 2026."
    assert meeting_words.reasons_told(item("b", source=ItemSource.MANUAL)) == "Added by hand."
    assert meeting_words.dates_told("Ticket 2026-99-99") == "Ticket 2026-99-99"


@pytest.mark.parametrize(
    ("target", "better", "state"),
    [
        (0.30, "up", "met"),
        (0.50, "up", "missed"),
        (0.41, "up", "within the interval"),
        (0.30, "down", "missed"),
        (0.50, "down", "met"),
    ],
)
def test_a_target_is_met_missed_or_within_the_interval(target, better, state):
    told = dict(frozen_chart.facts_told(series([0.4] * 10, target=target, better=better)))
    assert told["Target"].endswith(state)


def test_an_unknown_number_is_a_sentence_and_never_a_zero():
    assert frozen_chart.facts_told(series([0.4, None])) == [("Value", "Nobody signed up.")]
    assert frozen_chart.value_told(series([0.4, None]))[0] == "–"
    assert frozen_chart.value_told(series([]))[1] == "no settled period"
    assert frozen_chart.frozen_figure(series([None, None]), (), "light") is None


def test_unsettled_periods_are_neither_drawn_nor_judged():
    points = frozen_chart.frozen_points(series([0.4] * 5, state=ValueState.IMMATURE))
    assert points.is_empty()


def test_limits_are_those_that_put_the_number_on_the_agenda():
    values = [10.0, 11.0] * 6 + [20.0]
    found = own_limits(values)
    # Mean 146/13; moving ranges: eleven of 1 and one of 9, so 2.66 · 20/12 to either side.
    assert found.centre == pytest.approx(146 / 13)
    assert found.upper == pytest.approx(146 / 13 + 2.66 * 20 / 12)
    assert found.lower == pytest.approx(146 / 13 - 2.66 * 20 / 12)
    # Twelve in a row below the centre are a run; the last one lies beyond the limit.
    assert found.ways == (-1,) * 12 + (1,)
    assert own_limits([1.0, 2.0]) is None


def test_limits_are_not_drawn_beyond_what_can_be():
    said = frozen_chart.limits_told(series([0.01, 0.09] * 6))
    assert said.startswith("0–")


def test_the_parts_since_the_last_review_stand_beside_their_sum():
    change = since_last_review(
        frozen=0.40, old_definition_today=0.41, old_period_today=0.41, now=0.45
    )
    since = SinceReview("metric:m", "s1", MONDAY, HELD_ON, change, "No clear change.")
    told = frozen_chart.since_told(since, "share")
    for part in ("+5.0 pp from 40.0 %", "late data +1.0 pp", "real change +4.0 pp"):
        assert part.replace(" pp", "\u00a0pp").replace(" %", "\u00a0%") in told
    assert told.endswith("No clear change.")
    assert frozen_chart.since_told(None, "share") == ""


def test_what_cannot_be_compared_says_why():
    change = since_last_review(
        frozen=None, old_definition_today=None, old_period_today=None, now=0.45
    )
    since = SinceReview("metric:m", "s1", MONDAY, None, change, "")
    assert "not known" in frozen_chart.since_told(since, "share")


def test_the_alternative_text_names_values_limits_and_what_happened():
    marker = {"happened_on": "2026-02-02", "title_text": "2.0", "marker_kind": "release"}
    said = frozen_chart.frozen_alt(series([0.4, 0.5] * 6), [marker])
    for part in ("Activation", "40.0\u00a0%", "on average", "release 2.0 on 2 Feb 2026"):
        assert part in said


def test_a_figure_for_a_wall_has_larger_type_and_the_same_data():
    figure = go.Figure(
        {
            "data": [{"type": "scatter", "x": [1, 2], "y": [3, 4], "marker": {"size": [7, 4]},
                      "line": {"width": 2}}],
            "layout": {"font": {"size": 13}, "margin": {"l": 4, "r": 88}, "height": 330,
                       "annotations": [{"text": "Centre", "x": 1, "font": {"size": 11}}]},
        }
    )  # fmt: skip
    large = enlarged(figure, 1.5, 440).to_dict()
    assert large["data"][0]["marker"]["size"] == [10.5, 6.0]
    assert large["data"][0]["line"]["width"] == 3.0
    assert list(large["data"][0]["y"]) == [3, 4]
    assert large["layout"]["font"]["size"] == 19.5
    assert large["layout"]["annotations"][0]["font"]["size"] == 16.5
    assert large["layout"]["margin"] == {"l": 6, "r": 132}
    assert large["layout"]["height"] == 440
    assert figure.layout.font.size == 13
