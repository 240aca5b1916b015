from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines.metrics.definition import Request
from pipelines.metrics.trust import METRICS

W = datetime(2026, 6, 20, tzinfo=UTC)
FRESHNESS = METRICS[0]


def built_with(voices, imports=()):
    first = datetime(2026, 5, 11, 8, tzinfo=UTC)
    item = {
        "feedback_id": "f", "revision_no": 1, "feedback_kind": "ticket", "submitted_at": first,
        "time_quality": "exact", "body_text": "fine",
    }  # fmt: skip
    built = voices(W, feedback_items=[item])
    for row in imports:
        built.session.execute("insert into control.imports values ('test', ?, ?, ?)", list(row))
    return built


def age_at(built, now):
    request = Request(FRESHNESS, every="total", of="test")
    statement = FRESHNESS.measure.statement(request, built.facts)
    frame = built.session.frame(statement.sql, dict(statement.parameters))
    facts = replace(built.facts, now=now)
    (row,) = FRESHNESS.measure.rows(frame, request, facts).rows(named=True)
    return row


@pytest.mark.parametrize(
    ("hours", "state"), [(1, "fresh"), (24, "fresh"), (25, "late"), (48, "late"), (49, "stale")]
)
def test_age_is_measured_in_expected_intervals(voices, hours, state):
    row = age_at(built_with(voices), W + timedelta(hours=hours))
    assert row["value"] == hours
    assert row["note"] == f"test: {state}, expected every 24 hours."
    assert row["period"] == date(2026, 6, 19)


def test_a_clock_behind_the_data_is_no_negative_age(voices):
    assert age_at(built_with(voices), W - timedelta(hours=3))["value"] == 0


def test_the_sources_are_what_freshness_is_asked_for(voices):
    assert built_with(voices).things("data_freshness") == ["test"]


def test_trust_is_the_weakest_part_and_names_it(voices):
    built = built_with(voices, [(200, 4, True), (50, 50, False)])
    may, june = built.ask("data_trust", of="sentiment_share", every="month")
    assert may["value"] == pytest.approx(21 / 31)
    assert may["note"] == "Weakest part: 68\u00a0% of the days are covered by all sources."
    assert june["value"] == pytest.approx(19 / 30)
    whole = {"start": date(2026, 5, 11), "end": date(2026, 6, 20)}
    (row,) = built.ask("data_trust", of="sentiment_share", **whole)
    assert (row["value"], row["n"], row["note"]) == (0.98, 200, None)


def test_many_refused_rows_are_the_weakest_part(voices):
    built = built_with(voices, [(100, 20, True)])
    whole = {"start": date(2026, 5, 11), "end": date(2026, 6, 20)}
    (row,) = built.ask("data_trust", of="sentiment_share", **whole)
    assert (row["value"], row["note"]) == (
        0.8, "Weakest part: 20 of 100 records are in quarantine.",
    )  # fmt: skip


def test_a_metric_without_data_has_no_trust_to_speak_of(voices):
    assert built_with(voices).ask("data_trust", of="nps", every="month") == []
