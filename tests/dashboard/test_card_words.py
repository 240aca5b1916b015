"""What a card says, and above all what it does not."""

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from dashboard.card_words import card_words
from dashboard.facts import Comparison, Provenance, Reading, Subject, Target
from dashboard.format import NO_BREAK, period

SOURCE = Provenance("20261102T060000Z-0f3a9c1d", datetime(2026, 11, 2, tzinfo=UTC), "Europe/Berlin")
RATE = Subject("activation_rate", "Activation rate", "share", "up", "Share of sign-ups.", "a / b")
AGE = Subject("cycle_time", "Cycle time", "days", "down", "Start to done.", "done − start")
WEEK = Reading(date(2026, 10, 19), date(2026, 10, 26), 0.442, 0.397, 0.487, 412, 182.0, "ok", None)
ROSE = Comparison("higher", 0.38, 0.44, 0.06, 0.02, 0.10, 400, 412, "spans", "vs 4 weeks before")


def said(text: str) -> str:
    return text.replace(NO_BREAK, " ").replace("\\", "")


def test_a_clear_change_has_a_colour_an_arrow_and_what_it_is_measured_from() -> None:
    words = card_words(RATE, WEEK, SOURCE, comparison=ROSE)
    assert said(words.value) == "44.2 %"
    assert (said(words.delta), words.color, words.arrow) == ("+6.0 pp", "normal", "auto")
    assert (words.tone, words.against) == ("good", "vs 4 weeks before")


def test_a_longer_time_is_worse_and_its_arrow_points_up() -> None:
    reading = replace(WEEK, value=6.0, low=5.0, high=9.0)
    longer = Comparison("higher", difference=2.0, low=0.5, high=3.5)
    words = card_words(AGE, reading, SOURCE, comparison=longer)
    assert (words.delta[0], words.color, words.tone) == ("+", "inverse", "bad")
    shorter = Comparison("lower", difference=-2.0, low=-3.5, high=-0.5)
    words = card_words(AGE, reading, SOURCE, comparison=shorter)
    # Streamlit turns the arrow only for a plain hyphen.
    assert (words.delta[0], words.color, words.tone) == ("-", "inverse", "good")


def test_a_metric_without_a_good_direction_is_never_coloured() -> None:
    words = card_words(replace(RATE, better="none"), WEEK, SOURCE, comparison=ROSE)
    assert (words.color, words.tone) == ("off", "neutral")


@given(
    state=st.sampled_from(["no_clear_change", "too_early", "too_little_data", "not_comparable"]),
    change=st.floats(-1, 1),
)
def test_no_other_state_has_a_colour_or_an_arrow_or_a_number(state: str, change: float) -> None:
    words = card_words(RATE, WEEK, SOURCE, comparison=replace(ROSE, state=state, difference=change))
    assert (words.color, words.arrow, words.tone, words.against) == ("off", "off", "neutral", "")
    assert not any(sign in words.delta for sign in "0123456789%")


def test_few_people_are_counted_without_verdict_even_if_a_change_looks_clear() -> None:
    few = replace(WEEK, value=4 / 9, low=0.19, high=0.73, n=9, total=4.0, status="too_few")
    words = card_words(RATE, few, SOURCE, comparison=ROSE, target=Target(0.45))
    assert words.value == "4 of 9"
    assert (words.delta, words.color, words.arrow) == ("too few to judge", "off", "off")
    assert "19–73 % plausible" in said(words.below)
    assert said(words.goal) == "Target 45 %: cannot be told yet"


def test_the_unknown_is_a_dash_with_its_sentence_and_never_zero() -> None:
    none = replace(WEEK, value=None, low=None, high=None, n=0, total=None, status="no_data")
    words = card_words(RATE, replace(none, note="No answers in Oct."), SOURCE, comparison=ROSE)
    assert (words.value, words.delta) == ("–", "")
    assert said(words.below) == f"{period(WEEK.period, WEEK.period_end)} · No answers in Oct."
    assert card_words(RATE, None, SOURCE).below == "no data"


def test_the_help_has_definition_formula_n_interval_snapshot_and_date() -> None:
    text = said(card_words(RATE, WEEK, SOURCE, comparison=ROSE).help)
    for part in (
        "Share of sign-ups.",
        "Formula: a / b",
        "n = 412; 95 %: 40–49 %",
        "+6.0 pp (95 %: +2.0 pp to +10.0 pp); n = 400 and 412; spans",
        "Snapshot 20261102T060000Z-0f3a9c1d; data to 2 Nov 2026 (Europe/Berlin)",
    ):
        assert part in text


def test_without_a_target_the_card_says_so() -> None:
    assert card_words(RATE, WEEK, SOURCE, wants_target=True).goal == "No target set"
