"""Late rows that change settled numbers are logged, said, and never silent."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from pipelines.read import Snapshot, query
from pipelines.refresh import refresh
from pipelines.sources.landing import Landing

SETTINGS = """
[product]
name = "Late"
timezone = "Europe/Berlin"
[[source]]
name = "events"
files = "events/*.csv"
timezone = "UTC"
[[source]]
name = "billing"
files = "billing/*.csv"
timezone = "UTC"
"""
START = date(2026, 3, 2)
DAYS = 10
PAYMENT_HEAD = "payment_id,payment_kind,happened_at,status_code,amount_minor,currency,account_id\n"


def events(day: int, users: range) -> str:
    at = START + timedelta(days=day)
    rows = "".join(f"u{user},open,{at}T10:{user % 60:02d}:00\n" for user in users)
    return "user_id,event,timestamp\n" + rows


def payments(*rows: tuple[str, str, int]) -> str:
    lines = (
        f"{name},charge,{day}T09:00:00Z,succeeded,{cents},EUR,a1\n" for name, day, cents in rows
    )
    return PAYMENT_HEAD + "".join(lines)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAUNCHLOOP_KEY", "a key of the tests")
        folder = tmp_path_factory.mktemp("late")
        for name in ("events", "billing"):
            (folder / name).mkdir()
        (folder / "launchloop.toml").write_text(SETTINGS)
        for day in range(DAYS):
            (folder / "events" / f"d{day:02d}.csv").write_text(events(day, range(20 + day)))
        (folder / "billing" / "payments.csv").write_text(
            payments(("p1", "2026-01-12", 10000), ("p2", "2026-02-12", 20000),
                     ("p3", "2026-03-10", 30000))
        )  # fmt: skip
        report = refresh(folder)
        assert report.is_good, report.sources
        assert report.note is None
        yield folder


@pytest.fixture
def copy(published, tmp_path):
    return Path(shutil.copytree(published, tmp_path / "copy"))


def values(folder, metric, snapshot=None):
    rows = query(folder, metric, snapshot=snapshot)["rows"]
    return {row["period"]: row["value"] for row in rows if row["status"] == "ok"}


def changed(folder, metric, old, new):
    """What two snapshots answer differently of what was settled in the first."""
    before, after = values(folder, metric, old), values(folder, metric, new)
    return {
        period: (value, after.get(period))
        for period, value in before.items()
        if value != after.get(period)
    }


def logged(folder, metric):
    rows = Snapshot(folder).restatements().filter(pl.col("metric_id") == metric)
    return {
        row["period_on"].isoformat(): (row["before_value"], row["after_value"])
        for row in rows.iter_rows(named=True)
    }


def test_late_events_are_counted_and_the_days_they_changed_are_logged(copy):
    old = Snapshot(copy).id
    (copy / "events" / "late.csv").write_text(
        events(3, range(100, 105)) + events(5, range(25)).split("\n", 1)[1]
    )
    report = refresh(copy)
    # Day 5 had users 0 to 24 already: the same persons again change no count of persons.
    assert report.note == (
        "5 late events changed 1 past day of Daily active users (largest: 5 March 2026, "
        "+21.7\u00a0%). Frozen reviews keep their numbers."
    )
    assert logged(copy, "dau") == {"2026-03-05": (23.0, 28.0)}
    assert logged(copy, "dau") == changed(copy, "dau", old, report.snapshot)
    (row,) = Snapshot(copy).restatements().iter_rows(named=True)
    assert (row["since_snapshot"], row["cause_code"], row["late_count"]) == (old, "rows", 5)


def test_a_new_day_is_no_restatement(copy):
    (copy / "events" / "next.csv").write_text(events(DAYS, range(40)))
    report = refresh(copy)
    assert report.published
    assert report.note is None
    assert Snapshot(copy).restatements().is_empty()


def test_a_late_payment_restates_the_months_of_revenue(copy):
    old = Snapshot(copy).id
    (copy / "billing" / "late.csv").write_text(payments(("p4", "2026-02-20", 5000)))
    report = refresh(copy)
    assert (
        "changed 1 past month of Cash revenue (largest: February 2026, +25.0\u00a0%)" in report.note
    )
    assert logged(copy, "revenue") == {"2026-02-01": (200.0, 250.0)}
    assert logged(copy, "revenue") == changed(copy, "revenue", old, report.snapshot)


def test_the_log_goes_on_from_snapshot_to_snapshot_and_survives_a_full_rebuild(copy):
    (copy / "events" / "late.csv").write_text(events(3, range(100, 105)))
    refresh(copy)
    (copy / "events" / "later.csv").write_text(events(4, range(100, 101)))
    refresh(copy)
    (copy / "events" / "next.csv").write_text(events(DAYS, range(40)))
    assert refresh(copy, full=True).published
    kept = Snapshot(copy).restatements()
    assert kept["period_on"].to_list() == [START + timedelta(days=4), START + timedelta(days=3)]
    assert kept["noted_at"].is_sorted(descending=True)


def test_a_revoked_import_restates_the_days_it_changed(copy):
    (copy / "events" / "late.csv").write_text(events(3, range(100, 105)))
    refresh(copy)
    landing = Landing(copy / "landing")
    known = next(one for one in landing.manifests if one.file_name == "events/late.csv")
    landing.decide(known.import_id, "revoke", Snapshot(copy).restatements()["noted_at"][0])
    report = refresh(copy)
    assert "Late or corrected rows changed 1 past day of Daily active users" in report.note
    newest = Snapshot(copy).restatements().row(0, named=True)
    assert (newest["before_value"], newest["after_value"]) == (28.0, 23.0)


def test_another_setting_is_not_called_late_rows(copy):
    settings = (copy / "launchloop.toml").read_text()
    (copy / "launchloop.toml").write_text(settings + '[usage]\nactive_events = ["never"]\n')
    report = refresh(copy)
    assert "Another setting or program changed 9 past days of Daily active users" in report.note
    assert set(Snapshot(copy).restatements()["cause_code"]) == {"rules"}
