"""The model: words and tables are computed, and what no format can hold does not get in."""

from datetime import date, datetime

import pytest

from dashboard.reports.paper import (
    Bullets,
    Chart,
    Column,
    Grid,
    Point,
    Prose,
    Provenance,
    Rule,
    Section,
    Series,
)
from dashboard.reports.printable import printable


def test_a_chart_tells_what_it_shows_in_words(samples):
    told = samples.activation_chart().summary
    assert "first 38.1\u00a0% (week of 15 Jun 2026), last 44.9\u00a0% (week of 9 Nov 2026)" in told
    assert "lowest 37.7\u00a0%, highest 45.5\u00a0%, 1 without a value" in told
    assert "baseline 38.6\u00a0%, process limits 36.3\u00a0% and 40.9\u00a0%" in told
    assert "target 45\u00a0%" in told
    assert "v2.2 shorter onboarding on 7 Sep 2026" in told
    assert "8 signals from 14 Sep 2026 (above the upper process limit)" in told


def test_a_charts_table_holds_every_point_newest_first_and_a_dash_for_the_unknown(samples):
    table = samples.activation_chart().table
    assert [column.name for column in table.columns] == ["Week of", "Activation rate", "Signal"]
    assert len(table.rows) == 22
    assert table.words[0] == ("9 Nov 2026", "44.9\u00a0%", "above the upper process limit")
    assert ("5 Oct 2026", "–", "") in table.words


def test_series_of_different_days_share_one_table():
    first, second = date(2026, 6, 1), date(2026, 6, 8)
    lines = (Series("a", (Point(first, 1.0),)), Series("b", (Point(second, 2.0),)))
    table = Chart("Two", "count", lines).table
    assert table.rows == ((second, None, 2.0), (first, 1.0, None))


def test_a_chart_of_nothing_says_so():
    assert "nothing known yet" in Chart("New", "count", (Series("Users", ()),)).summary


def test_rules_stand_at_the_foot_and_not_among_the_blocks():
    section = Section("Check", (Rule("One\nrule."), Prose("Said."), Rule("Another.")))
    assert section.rule == "One rule. Another."
    assert section.shown == (Prose("Said."),)


def test_text_that_no_format_can_hold_is_shown_as_such_wherever_it_stands():
    assert printable("a\x00b\ud800\u202ec\r\nd\u2028e") == "a\ufffdb\ufffd\ufffdc\nd\ne"
    assert Bullets(("x\x0b",)).items == ("x\ufffd",)
    assert Grid("t", (Column("c\x01"),), (("y\x02",),)).rows == (("y\ufffd",),)


def test_a_row_of_the_wrong_length_names_the_table():
    with pytest.raises(ValueError, match="Row 0 of 'Guard-rails' has 1 cells for 2 columns"):
        Grid("Guard-rails", (Column("a"), Column("b")), (("x",),))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_refused(value):
    with pytest.raises(ValueError, match="finite numbers or None"):
        Point(date(2026, 6, 1), value)


def test_a_freeze_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="without a zone"):
        Provenance("id", date(2026, 6, 1), datetime(2026, 6, 1), "UTC", "Nothing restated.")


def test_the_freeze_is_printed_in_the_teams_zone(samples):
    assert samples.PROVENANCE.frozen == "17 Nov 2026, 09:40 Europe/Berlin"
