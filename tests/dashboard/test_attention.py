"""What presses is said first, and no kind of trouble hides another."""

from datetime import UTC, datetime

import polars as pl

from dashboard.attention import Notice, all_well, shortened
from dashboard.exhibits.snapshots import check_table
from dashboard.exhibits.sources import worst_first
from dashboard.facts import Asked, Source
from dashboard.format import number, plain

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)


def source(name: str, state: str, *asked: str) -> Source:
    files = tuple(Asked(text, text, "") for text in asked)
    return Source(name, state, 1.0, NOON, 24.0, (), files)  # type: ignore[arg-type]


def test_many_stale_sources_do_not_push_a_missed_target_out_of_sight() -> None:
    stale = [Notice("source", f"source {at} is stale", size=at) for at in range(12)]
    told = shortened([Notice("target", "NPS is below its target"), *stale])
    assert [notice.text for notice in told] == [
        "source 11 is stale",
        "source 10 is stale",
        "source 9 is stale",
        "9 more sources are late or not let in: Data › Sources lists them.",
        "NPS is below its target",
    ]


def test_one_more_than_fits_is_shown_and_not_counted() -> None:
    four = [Notice("change", f"change {at}", size=-at) for at in range(4)]
    assert [notice.text for notice in shortened(four)] == [one.text for one in four]


def test_without_targets_and_comparisons_no_praise_is_given() -> None:
    assert "No target is set" in all_well(0, 0)
    assert "too little data" in all_well(3, 0)
    assert all_well(3, 2).startswith("No target is clearly missed; nothing clearly got worse")


def test_the_sources_that_need_somebody_come_first() -> None:
    found = [
        source("b", "fresh"),
        source("a", "late"),
        source("d", "stale"),
        source("C", "fresh", "a file"),
    ]
    assert [one.name for one in worst_first(found)] == ["C", "d", "a", "b"]


def test_checks_of_keys_are_told_once_and_a_new_check_brings_its_own_words() -> None:
    ids = ["key of marts.a", "I10", "key of marts.b", "I2", "I10", "I99"]
    demands = [
        "No key twice.",
        "Stages in order.",
        "No key twice.",
        "Sums.",
        "No gap.",
        "New.",
    ]
    table = check_table(pl.DataFrame({"id": ids, "demand": demands}))
    assert table.rows() == [
        ("Keys of 2 tables", "No key twice."),
        ("I2", "Sums."),
        ("I10", "Stages in order. No gap."),
        ("I99", "New."),
    ]


def test_a_unit_stays_beside_its_number_and_means_of_counts_have_three_figures() -> None:
    assert plain("25\u00a0% of\n all") == "25\u00a0% of all"
    figures = [number(value, "count") for value in (221.12, 24.06, 1.376, 555.0)]
    assert figures == ["221", "24.1", "1.38", "555"]
