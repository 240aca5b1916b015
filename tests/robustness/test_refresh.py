"""Refreshes killed, repeated, reordered and watched: the numbers stay those of the files."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.engines.duckdb import Session
from pipelines.errors import BusyError, CheckError, KeyMismatchError, SnapshotError
from pipelines.last_refresh import failure
from pipelines.read import Snapshot
from pipelines.refresh import only_one, refresh
from pipelines.sources.landing import Landing
from pipelines.warehouse import Warehouse, reader

SETTINGS = """
[product]
name = "Robust"
timezone = "Europe/Berlin"
week_start = "monday"
[[source]]
name = "events"
files = "events/*.csv"
timezone = "UTC"
[[source]]
name = "crm"
files = "crm/*.csv"
timezone = "UTC"
[[source]]
name = "billing"
files = "billing/*.csv"
timezone = "UTC"
[usage]
sign_up_event = "sign_up"
activation = { events = ["share"], within_days = 7 }
[usage.features]
export = ["export"]
[[funnel]]
id = "start"
steps = ["sign_up", "share", "export"]
[segments]
platform = "events.platform_code"
"""
START = date(2026, 3, 2)
DAYS = 8
EVENT_HEAD = "user_id,event,timestamp,platform,account_id\n"
CHANGE_HEAD = (
    "subscription_id,changed_at,change_no,plan_id,status_code,quantity,"
    "unit_price_minor,interval_unit,interval_count,currency\n"
)


def events_of(day: int) -> str:
    """The events of one day: users come in one after the other and return in a pattern."""
    at = START + timedelta(days=day)
    rows = []
    for user in range(4 * (day + 1)):
        platform = "web" if user % 3 else "app"
        tail = f"{platform},a{user % 5}\n"
        if user // 4 == day:
            rows.append(f"u{user},sign_up,{at} 0{user % 9}:10:00,{tail}")
        if (user + day) % 3 == 0:
            rows.append(f"u{user},share,{at} 1{user % 9}:20:00,{tail}")
        if (user * day) % 4 == 1:
            # Late in the evening of UTC is the next day in Berlin.
            rows.append(f"u{user},export,{at} 23:2{user % 9}:00,{tail}")
    return EVENT_HEAD + "".join(rows)


def lay(folder: Path, days: range = range(DAYS)) -> Path:
    for name in ("events", "crm", "billing"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for day in days:
        (folder / "events" / f"d{day:02d}.csv").write_text(events_of(day))
    accounts = "".join(f"a{n},Account {n},{'team' if n % 2 else 'free'}\n" for n in range(5))
    (folder / "crm" / "accounts.csv").write_text(
        "account_id,account_name,segment_code\n" + accounts
    )
    changes = "".join(
        f"s{n},2026-0{1 + n % 3}-05,1,p,active,1,{1000 * (n + 1)},month,1,EUR\n" for n in range(5)
    )
    (folder / "billing" / "changes.csv").write_text(CHANGE_HEAD + changes)
    states = "".join(f"s{n},a{n},active,2026-01-01,2026-03-20,EUR\n" for n in range(5))
    (folder / "billing" / "subscriptions.csv").write_text(
        "subscription_id,account_id,status_code,started_at,as_of_at,currency\n" + states
    )
    (folder / "launchloop.toml").write_text(SETTINGS)
    return folder


@pytest.fixture(scope="module", autouse=True)
def _key():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAUNCHLOOP_KEY", "a key of the tests")
        yield


@pytest.fixture(scope="module")
def published(tmp_path_factory, _key):
    folder = lay(tmp_path_factory.mktemp("published"))
    report = refresh(folder)
    assert not [one.questions for one in report.sources if not one.is_good]
    return folder


@pytest.fixture
def copy(published, tmp_path):
    """A workspace with one published snapshot, to do with as one likes."""
    return Path(shutil.copytree(published, tmp_path / "copy"))


def contents(folder: Path, snapshot: str | None = None) -> dict[str, list[str]]:
    """Every published table as sorted texts; floating sums to nine digits."""
    store = Warehouse(folder / "snapshots")
    found = {}
    with Session(store.path(store.resolve(snapshot)), read_only=True) as session:
        tables = session.rows(
            "select table_schema, table_name from information_schema.tables "
            "where table_schema in ('activity', 'marts') order by 1, 2"
        )
        for schema, table in tables:
            rows = session.rows(f"select * from {schema}.{table}")
            found[f"{schema}.{table}"] = sorted(
                str([round(cell, 9) if isinstance(cell, float) else cell for cell in row])
                for row in rows
            )
    return found


def same(left: dict[str, list[str]], right: dict[str, list[str]]) -> None:
    assert left.keys() == right.keys()
    different = {name for name in left if left[name] != right[name]}
    assert not different, {name: (left[name][:3], right[name][:3]) for name in different}


def fresh(folder: Path, like: Path) -> dict[str, list[str]]:
    """What a workspace gives that never knew anything else than these files and settings."""
    for name in ("events", "crm", "billing"):
        shutil.copytree(like / name, folder / name)
    shutil.copy(like / "launchloop.toml", folder)
    refresh(folder)
    return contents(folder)


# nothing new --------------------------------------------------------------------------------


def test_a_second_refresh_publishes_nothing(copy):
    before = sorted((copy / "snapshots").iterdir())
    report = refresh(copy)
    assert not report.published
    assert "Nothing changed" in report.note
    assert {one.status for one in report.sources} == {"unchanged"}
    assert failure(copy / "snapshots") is None
    assert sorted((copy / "snapshots").iterdir()) == before


def test_a_full_rebuild_of_the_same_equals_what_was_built(copy):
    report = refresh(copy, full=True)
    assert not report.published
    assert "equals the last snapshot" in report.note


def test_a_damaged_correction_leaves_the_snapshot_byte_for_byte(copy):
    store = Warehouse(copy / "snapshots")
    before = store.path(store.current_id).read_bytes()
    text = (copy / "events" / "d03.csv").read_text()
    (copy / "events" / "d03.csv").write_text(text.replace("2026-03-05", "2026-33-05"))
    (copy / "crm" / "accounts.csv").write_text("")
    report = refresh(copy)
    assert not report.is_good
    assert not report.published
    bad = {Path(one.file).name: one.status for one in report.sources if not one.is_good}
    assert bad == {"d03.csv": "held", "accounts.csv": "failed"}
    assert store.path(store.current_id).read_bytes() == before


# incremental = whole ------------------------------------------------------------------------


def one_more_day(folder):
    (folder / "events" / f"d{DAYS:02d}.csv").write_text(events_of(DAYS))


def a_late_row(folder):
    rows = EVENT_HEAD + "u1,share,2026-03-04 22:59:59,web,a1\nu1,share,2026-03-04 23:00:00,app,a1\n"
    (folder / "events" / "late.csv").write_text(rows)


def a_corrected_day(folder):
    text = (folder / "events" / "d05.csv").read_text()
    (folder / "events" / "d05.csv").write_text(text.replace("share", "export"))


def a_day_without_its_first_users(folder):
    lines = (folder / "events" / "d00.csv").read_text().splitlines(keepends=True)
    (folder / "events" / "d00.csv").write_text("".join(lines[:1] + lines[3:]))


def an_account_that_is_ours(folder):
    text = (folder / "crm" / "accounts.csv").read_text().replace("code\n", "code,is_internal\n")
    lines = text.splitlines()
    marked = [line + (",true" if line.startswith("a2") else ",false") for line in lines[1:]]
    (folder / "crm" / "accounts.csv").write_text("\n".join([lines[0], *marked]) + "\n")


def changed(old: str, new: str):
    def change(folder):
        text = (folder / "launchloop.toml").read_text()
        assert old in text
        (folder / "launchloop.toml").write_text(text.replace(old, new))

    change.__name__ = f"{old} to {new}"
    return change


CHANGES = [
    one_more_day,
    a_late_row,
    a_corrected_day,
    a_day_without_its_first_users,
    an_account_that_is_ours,
    changed('events = ["share"]', 'events = ["export"]'),
    changed("Europe/Berlin", "Pacific/Auckland"),
    changed('week_start = "monday"', 'week_start = "sunday"'),
    changed('platform = "events.platform_code"', 'plan = "accounts.segment_code"'),
    changed('steps = ["sign_up", "share", "export"]', 'steps = ["sign_up", "export"]'),
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_what_changes_a_little_equals_a_build_from_nothing(copy, tmp_path, change):
    change(copy)
    report = refresh(copy)
    assert report.is_good, report
    assert report.published
    (tmp_path / "fresh").mkdir()
    same(contents(copy), fresh(tmp_path / "fresh", copy))


def test_a_revoked_file_is_as_if_it_had_never_come(copy, tmp_path):
    landing = Landing(copy / "landing")
    (wrong,) = [one for one in landing.manifests if one.file_name == "events/d06.csv"]
    landing.decide(wrong.import_id, "revoke", datetime(2026, 7, 1, tzinfo=UTC))
    assert refresh(copy).published
    other = lay(tmp_path / "other", range(DAYS))
    (other / "events" / "d06.csv").unlink()
    refresh(other)
    same(contents(copy), contents(other))


def test_files_in_another_order_and_in_two_halves_give_the_same(published, tmp_path):
    other = lay(tmp_path / "other", range(DAYS - 1, DAYS // 2, -1))
    refresh(other)
    lay(other)
    refresh(other)
    same(contents(other), contents(published))
    left, right = (Warehouse(folder / "snapshots").current_id for folder in (other, published))
    assert left[-8:] == right[-8:]


COUNTS = "select cast(sum(event_count) as bigint) from activity.person_days"
LOADED = """
select cast(sum(loaded_count) as bigint) from control.imports
where is_in_force and file_name like 'events/%'
"""


def assert_whole(snapshot: Snapshot) -> None:
    """Two queries of one snapshot that agree only if both see the same files."""
    (counted,), (loaded,) = (snapshot.frame(sql).row(0) for sql in (COUNTS, LOADED))
    assert counted == loaded


# trouble ------------------------------------------------------------------------------------

REFRESH = "import sys; from pathlib import Path; from pipelines.refresh import refresh; \
refresh(Path(sys.argv[1]))"


def test_a_refresh_killed_at_any_moment_costs_nothing_but_time(published, tmp_path):
    folder = tmp_path / "killed"
    store = Warehouse(folder / "snapshots")
    started = time.monotonic()
    whole = lay(tmp_path / "undisturbed", range(1))
    subprocess.run([sys.executable, "-c", REFRESH, str(whole)], check=True)
    seconds = time.monotonic() - started
    killed = 0
    for day, share in enumerate((0.4, 0.25, 0.75, 0.55, 0.95, 0.3, 0.65, 0.5)):
        lay(folder, range(day + 1))
        process = subprocess.Popen([sys.executable, "-c", REFRESH, str(folder)])
        time.sleep(share * seconds)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.wait()
        if store.current_id is not None:
            assert_whole(Snapshot(folder))
    assert killed >= 4
    lay(folder)
    assert refresh(folder).is_good
    same(contents(folder), contents(published))
    leftovers = [path.name for path in (folder / "snapshots").iterdir() if path.name[0] == "."]
    assert leftovers == []


def test_a_second_refresh_at_once_is_refused_by_naming_the_first(copy):
    with only_one(copy):
        done = subprocess.run(
            [sys.executable, "-c", REFRESH, str(copy)], capture_output=True, text=True, check=False
        )
        with pytest.raises(BusyError, match=f"process {os.getpid()}, since"):
            refresh(copy)
    assert done.returncode != 0
    assert f"already running (process {os.getpid()}" in done.stderr


def test_a_refresh_that_is_refused_as_another_runs_leaves_no_word_of_a_failure(copy):
    with only_one(copy), pytest.raises(BusyError):
        refresh(copy)
    assert failure(copy / "snapshots") is None


def test_a_refresh_with_another_key_is_refused_and_says_since_when(copy, monkeypatch):
    store = Warehouse(copy / "snapshots")
    current = store.current_id
    with monkeypatch.context() as other:
        other.setenv("LAUNCHLOOP_KEY", "not the key that hashed these ids")
        with pytest.raises(KeyMismatchError, match="another key"):
            refresh(copy)
    known = failure(store.folder)
    assert "Set LAUNCHLOOP_KEY to the key that was used" in known["reason"]
    assert store.current_id == current
    assert refresh(copy).is_good
    assert failure(store.folder) is None


def tampered(folder: Path, name: str, **entries) -> None:
    """Writes over what a manifest says of a file."""
    for path in (folder / "landing" / "imports").glob("*.json"):
        known = json.loads(path.read_text())
        if known["file_name"] == name:
            path.write_text(json.dumps(known | entries))


def test_a_broken_identity_publishes_nothing_and_says_since_when(copy):
    store = Warehouse(copy / "snapshots")
    current = store.current_id
    one_more_day(copy)
    tampered(copy, "crm/accounts.csv", loaded=4)
    with pytest.raises(
        CheckError, match=r"(?s)Nothing was published.*Counts do not add up for crm"
    ):
        refresh(copy)
    assert store.current_id == current
    known = failure(store.folder)
    assert "Counts do not add up" in known["reason"]
    with pytest.raises(CheckError):
        refresh(copy)
    assert failure(store.folder)["since"] == known["since"]
    tampered(copy, "crm/accounts.csv", loaded=5)
    assert refresh(copy).published
    assert failure(store.folder) is None
    assert not list((copy / "snapshots").glob(".build*"))


def test_rows_of_another_hash_function_whose_file_is_gone_are_refused_with_the_cure(copy):
    tampered(copy, "events/d04.csv", hash_probe="of another release")
    (copy / "events" / "d04.csv").unlink()
    with pytest.raises(CheckError, match=r"events/d04.csv.*Put their files back"):
        refresh(copy)


# readers ------------------------------------------------------------------------------------


def test_readers_see_one_snapshot_each_while_refreshes_run(copy):
    stop = time.monotonic() + 600
    done = []

    def read() -> int:
        seen = set()
        while not done and time.monotonic() < stop:
            snapshot = Snapshot(copy)
            assert_whole(snapshot)
            seen.add(snapshot.id)
            time.sleep(0.05)
        return len(seen)

    with ThreadPoolExecutor(5) as pool:
        readers = [pool.submit(read) for _ in range(5)]
        try:
            for day in range(DAYS, DAYS + 2):
                (copy / "events" / f"d{day:02d}.csv").write_text(events_of(day))
                assert refresh(copy).published
        finally:
            done.append(True)
        assert max(reader.result() for reader in readers) >= 2


def test_a_cursor_per_query_gives_every_thread_its_own_rows(published):
    store = Warehouse(published / "snapshots")
    snapshot = store.current_id

    def ask(number: int) -> int:
        session = reader(store, snapshot)
        found = session.rows(f"select {number}, count(*) from activity.person_days, range(2000)")
        return found[0][0]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(400))) == list(range(400))


# snapshots ----------------------------------------------------------------------------------


def test_a_snapshot_of_another_format_is_refused_with_the_cure_and_a_refresh_is_the_cure(copy):
    store = Warehouse(copy / "snapshots")
    with Session(store.path(store.current_id)) as session:
        session.execute("update control.snapshot set value = '0' where key = 'format'")
    with pytest.raises(SnapshotError, match=r"has format 0, .*launchloop refresh --full"):
        Snapshot(copy)
    time.sleep(1.1)
    assert refresh(copy).published
    assert Snapshot(copy).id == store.current_id


def test_a_snapshot_that_is_no_database_is_refused_with_the_cure_and_replaced(copy):
    store = Warehouse(copy / "snapshots")
    store.path(store.current_id).write_bytes(b"nothing of the sort")
    with pytest.raises(SnapshotError, match="cannot be opened"):
        Snapshot(copy)
    time.sleep(1.1)
    assert refresh(copy).published
    assert Snapshot(copy).id == store.current_id


def test_pruning_keeps_the_newest_the_last_of_each_month_the_current_and_the_pinned(tmp_path):
    store = Warehouse(tmp_path)
    days = ["20260105", "20260120", "20260210", "20260220", "20260301", "20260302", "20260303"]
    ids = [f"{day}T000000Z-aaaaaaaa" for day in days]
    for one in ids:
        store.path(one).touch()
    (tmp_path / "CURRENT.json").write_text(json.dumps({"snapshot": ids[4]}))
    store.pin(ids[2], "review of March")
    assert store.prune(keep=1, keep_monthly=2) == [ids[0], ids[1], ids[5]]
    assert store.ids() == [ids[2], ids[3], ids[4], ids[6]]
    store.unpin(ids[2])
    assert store.prune(keep=1, keep_monthly=2) == [ids[2]]
