"""A snapshot that was built step by step equals one that was built anew, digit for digit."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines.engines import persons
from pipelines.refresh import refresh
from pipelines.sources.landing import Landing

SETTINGS = """\
[product]
name = "Step by step"
timezone = "Europe/Berlin"

[[source]]
name = "product events"
files = "events/*.csv"
[[source]]
name = "aliases"
files = "aliases*.csv"

[usage]
sign_up_event = "sign_up"
activation = { events = ["share"], within_days = 7 }
[usage.features]
export = ["export"]

[[funnel]]
id = "buy"
steps = ["sign_up", "view", "view", "buy"]
window_days = 2

[segments]
platform = "events.platform_code"
"""
NAMES = ("view", "view", "view", "export", "share", "buy", "open")
START = datetime(2026, 3, 1, tzinfo=UTC)
Refreshed = Callable[[], tuple[str, dict[str, str]]]


def write_day(folder: Path, day: int, *, users: int = 60, events: int = 40) -> Path:
    """One day of events; the second half of the users comes from the fifth day on."""
    chance = random.Random(day)
    lines = ["event_id,event,user_id,timestamp,platform"]
    for number in range(events):
        user = chance.randrange(users if day >= 4 else users // 2)
        moment = START + timedelta(days=day, seconds=chance.randrange(86_400))
        name = "sign_up" if chance.random() < 0.1 else chance.choice(NAMES)
        lines.append(f"{day}-{number},{name},u{user},{moment.isoformat()},{chance.choice('ab')}")
    path = folder / "events" / f"part{day}.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    monkeypatch.setenv("LAUNCHLOOP_KEY", "test")
    # In a small workspace each day touches most people, who would all be built anew.
    monkeypatch.setattr(persons, "MAX_SHARE", 1.0)
    (tmp_path / "events").mkdir()
    (tmp_path / "launchloop.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "aliases.csv").write_text("alias_id,user_id\nu3,u4\n", encoding="utf-8")
    for day in range(5):
        write_day(tmp_path, day)
    refresh(tmp_path)
    return tmp_path


@pytest.fixture
def refreshed(workspace) -> Refreshed:
    """Refreshes; returns the digits and how each model came about."""

    def run() -> tuple[str, dict[str, str]]:
        report = refresh(workspace)
        assert report.is_good
        assert report.published
        path = workspace / "snapshots" / f"{report.snapshot}.duckdb"
        with duckdb.connect(str(path), read_only=True) as connection:
            how = dict(connection.execute("select model, how from control.models").fetchall())
        return str(report.snapshot).rpartition("-")[2], how

    return run


def rebuilt_digits(workspace: Path) -> str:
    return str(refresh(workspace, full=True).snapshot).rpartition("-")[2]


def test_one_more_day_rebuilds_its_days_and_persons_and_equals_a_full_rebuild(workspace, refreshed):
    write_day(workspace, 5)
    digits, how = refreshed()
    assert how["activity.role_events"] == "2 days"
    assert how["marts.funnel_attempts"].endswith(" persons")
    assert how["marts.people"].endswith(" persons")
    assert how["marts.mrr_movements"] in {"kept", "built"}
    assert digits == rebuilt_digits(workspace)


def test_a_day_that_is_taken_back_leaves_what_was_there_before(workspace, refreshed):
    before = rebuilt_digits(workspace)
    write_day(workspace, 5)
    refreshed()
    landing = Landing(workspace / "landing")
    newest = landing.manifests[-1]
    landing.decide(newest.import_id, "revoke", START)
    digits, how = refreshed()
    assert how["marts.funnel_attempts"].endswith(" persons")
    assert digits == before


def test_late_rows_and_a_new_alias_equal_a_full_rebuild(workspace, refreshed):
    write_day(workspace, 1, events=55)
    assert refreshed()[0] == rebuilt_digits(workspace)
    (workspace / "aliases_2.csv").write_text("alias_id,user_id\nu7,u8\n", encoding="utf-8")
    assert refreshed()[0] == rebuilt_digits(workspace)


def test_many_touched_persons_are_built_anew(workspace, refreshed, monkeypatch):
    monkeypatch.setattr(persons, "MAX_SHARE", 0.0)
    write_day(workspace, 5)
    digits, how = refreshed()
    assert how["marts.funnel_attempts"] == "built"
    assert digits == rebuilt_digits(workspace)


def test_a_changed_setting_rebuilds_what_it_enters(workspace, refreshed):
    text = SETTINGS.replace("window_days = 2", "window_days = 1")
    (workspace / "launchloop.toml").write_text(text, encoding="utf-8")
    digits, how = refreshed()
    assert how["marts.funnel_attempts"] == "built"
    assert how["activity.actor_days"] == "kept"
    assert digits == rebuilt_digits(workspace)


def test_a_model_that_is_gone_leaves_no_table_behind(workspace, refreshed):
    old = next((workspace / "snapshots").glob("*.duckdb"))
    with duckdb.connect(str(old)) as connection:
        connection.execute("create table marts.left_over as select 1 as id")
        connection.execute("create view marts.old_view as select 1 as id")
    write_day(workspace, 5)
    digits, _ = refreshed()
    assert digits == rebuilt_digits(workspace)
