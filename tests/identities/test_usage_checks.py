"""The checks of usage tables pass sound ones and object where they must."""

import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from pipelines.engines.duckdb import Session
from pipelines.errors import CheckError
from pipelines.refresh import refresh
from pipelines.warehouse import Warehouse

SETTINGS = """
[product]
name = "Checked"
[[source]]
name = "events"
files = "events.csv"
[segments]
platform = "events.platform_code"
country = "events.country_code"
"""
HEAD = "event_id,event_name,occurred_at,user_id,platform_code,country_code\n"
CHECKS = Path(str(files("pipelines"))) / "checks"


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAUNCHLOOP_KEY", "a key of the tests")
        folder = tmp_path_factory.mktemp("checked")
        (folder / "launchloop.toml").write_text(SETTINGS)
        rows = (
            f"e{day}-{user},open,2026-03-{day:02d}T09:00:00Z,u{user},"
            f"{'web' if user % 2 else 'ios'},{'DE' if user % 3 else ''}\n"
            for day in range(1, 8)
            for user in range(day, day + 6)
        )
        (folder / "events.csv").write_text(HEAD + "".join(rows))
        report = refresh(folder)
        assert {"I5", "I6"} <= {check.id for check in report.checks if check.ok}
        yield folder


@pytest.fixture
def database(published, tmp_path):
    """A copy of the snapshot that may be damaged."""
    store = Warehouse(published / "snapshots")
    path = Path(shutil.copy(store.path(store.resolve(None)), tmp_path / "copy.duckdb"))
    with Session(path) as session:
        yield session


def found(session: Session, check: str) -> list[tuple]:
    return session.rows((CHECKS / f"{check}.sql").read_text(encoding="utf-8"))


@pytest.mark.parametrize("check", ["segments_are_whole", "retention_starts"])
def test_sound_tables_pass(database, check):
    assert found(database, check) == []


@pytest.mark.parametrize(
    ("check", "damage", "places"),
    [
        ("segments_are_whole", "delete from activity.segment_sets where segment = 'country'", 4),
        (
            "segments_are_whole",
            "update activity.segment_sets set value = null where value = 'unknown'",
            2,
        ),
        (
            "retention_starts",
            "delete from marts.retention_starts where started_on = '2026-03-01'",
            1,
        ),
        (
            "retention_starts",
            "update marts.retention_starts set started_at = started_at + interval 1 hour "
            "where started_on > '2026-03-05'",
            2,
        ),
        ("retention_starts", "delete from marts.retention_days", 7),
    ],
)  # fmt: skip
def test_what_is_damaged_is_named(database, check, damage, places):
    database.execute(damage)
    assert len(found(database, check)) == places


def test_a_refresh_that_breaks_one_publishes_nothing_and_names_it(published, tmp_path, monkeypatch):
    monkeypatch.setenv("LAUNCHLOOP_KEY", "a key of the tests")
    folder = Path(shutil.copytree(published, tmp_path / "broken"))
    store = Warehouse(folder / "snapshots")
    with Session(store.path(store.resolve(None))) as session:
        session.execute("delete from marts.retention_starts where started_on = '2026-03-01'")
    (folder / "events.csv").write_text(
        HEAD + "late,open,2026-03-09T09:00:00Z,u99,web,DE\n", encoding="utf-8"
    )
    what = "I6: a person's cohort begins with the first start that is known does not hold in 1"
    with pytest.raises(CheckError, match=f"(?s)Nothing was published.*{what}"):
        refresh(folder)
