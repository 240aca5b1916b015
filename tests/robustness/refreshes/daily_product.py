"""A product with a file of events a day: its files, what it publishes, what a day adds."""

import shutil
from datetime import date, timedelta
from pathlib import Path

from pipelines.engines.duckdb import Session
from pipelines.read import Snapshot
from pipelines.refresh import refresh
from pipelines.warehouse import Warehouse

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
COUNTS = "select cast(sum(event_count) as bigint) from activity.person_days"
LOADED = """
select cast(sum(loaded_count) as bigint) from control.imports
where is_in_force and file_name like 'events/%'
"""
REFRESH = "import sys; from pathlib import Path; from pipelines.refresh import refresh; \
refresh(Path(sys.argv[1]))"


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
    """All files of the product, of these days."""
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
    """Two contents are equal, or the tables that differ are named."""
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


def one_more_day(folder: Path) -> None:
    """The day after the last one."""
    (folder / "events" / f"d{DAYS:02d}.csv").write_text(events_of(DAYS))


def assert_whole(snapshot: Snapshot) -> None:
    """Two queries of one snapshot that agree only if both see the same files."""
    (counted,), (loaded,) = (snapshot.frame(sql).row(0) for sql in (COUNTS, LOADED))
    assert counted == loaded
