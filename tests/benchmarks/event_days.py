"""Writes day files of made-up product events: python event_days.py FOLDER EVENTS USERS DAYS.

The same numbers give the same files.

A user signs up in one session and comes back in others, some far more often than others. With
10 million events and 200,000 users about 17,000 are active on a day, 7 events each.
"""

import sys
from datetime import date, timedelta
from pathlib import Path

import duckdb

FIRST_DAY = date(2026, 1, 1)
SESSION_EVENTS = 7
# Shares in a thousand; the rest of the events are page views.
_NAMES = {"search": 250, "view_item": 120, "add_to_cart": 60, "purchase": 25, "export_csv": 15,
          "share": 10}  # fmt: skip

SETTINGS = """\
[product]
name = "Benchmark"
timezone = "Europe/Berlin"

[[source]]
name = "product events"
files = "events/*.csv"

[usage]
sign_up_event = "sign_up"
activation = { events = ["share"], within_days = 7 }
[usage.features]
export = ["export_csv"]
sharing = ["share"]

[[funnel]]
id = "purchase"
steps = ["sign_up", "view_item", "add_to_cart", "purchase"]

[segments]
platform = "events.platform_code"
"""


def _pick(number: str, shares: dict[str, int], rest: str) -> str:
    """SQL that turns a number below a thousand into a name."""
    cases, limit = "", 0
    for name, share in shares.items():
        limit += share
        cases += f" when {number} < {limit} then '{name}'"
    return f"case{cases} else '{rest}' end"


def write_event_days(folder: Path, *, events: int, users: int, days: int) -> list[Path]:
    """Writes one CSV file per day, in the order of time; returns them.

    Args:
        folder: Is made if need be.
        events: In all files together.
        users: Everyone signs up once, so at most a seventh of the events.
        days: Number of files, from `FIRST_DAY`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = _pick("hash(number, 'name') % 1000", _NAMES, "page_view")
    platform = _pick("hash(person, 'platform') % 1000", {"ios": 300, "android": 250}, "web")
    country = _pick("hash(person, 'country') % 1000", {"DE": 400, "US": 300, "FR": 150}, "GB")
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'; set enable_progress_bar = false")
        connection.execute(
            f"""
            create table sessions as
            select
                session,
                session < {users} as is_first,
                -- the square makes a few users busy and most of them quiet
                case
                    when session < {users} then session
                    else cast(
                        floor({users} * pow((hash(session, 'who') % 1000000) / 1000000, 2))
                        as bigint
                    )
                end as person
            from range(cast(ceil({events} / {SESSION_EVENTS}) as bigint)) as numbers (session);
            create table begun as
            select
                *,
                -- nobody joins in the last fifth, so that the last days do not outgrow the others
                cast(floor({days} * 0.8 * pow((hash(person, 'joined') % 1000) / 1000, 2)) as bigint)
                    as joined_no,
                timestamp '{FIRST_DAY} 00:00:00' + to_days(cast(
                    joined_no
                    + case when is_first then 0 else hash(session, 'day') % ({days} - joined_no) end
                    as integer
                )) + to_milliseconds(cast(hash(session, 'time') % 82800000 as bigint)) as began_at
            from sessions;
            create table events as
            select
                md5('event ' || number) as digits,
                case
                    when is_first and number % {SESSION_EVENTS} = 0 then 'sign_up' else {name}
                end as event,
                'user-' || person as user_id,
                began_at + to_milliseconds(cast(
                    number % {SESSION_EVENTS} * 240000 + hash(number, 'time') % 240000 as bigint
                )) as moment,
                {platform} as platform,
                '3.' || hash(session, 'version') % 12 || '.0' as app_version,
                {country} as country
            from range({events}) as numbers (number)
            inner join begun on begun.session = number // {SESSION_EVENTS}
            order by moment, digits;
            """
        )
        return [_write_day(connection, folder, number) for number in range(days)]


def _write_day(connection: duckdb.DuckDBPyConnection, folder: Path, number: int) -> Path:
    day = FIRST_DAY + timedelta(days=number)
    path = folder / f"events_{number + 1:04d}.csv"
    connection.execute(
        f"""
        copy (
            select
                digits[1:8] || '-' || digits[9:12] || '-' || digits[13:16] || '-'
                    || digits[17:20] || '-' || digits[21:32] as event_id,
                event,
                user_id,
                strftime(moment, '%Y-%m-%dT%H:%M:%S.%gZ') as timestamp,
                platform,
                app_version,
                country
            from events
            where moment >= timestamp '{day}' and moment < timestamp '{day}' + interval 1 day
        ) to '{path}' (format csv, header)
        """
    )
    return path


if __name__ == "__main__":
    events, users, days = map(int, sys.argv[2:5])
    write_event_days(Path(sys.argv[1]), events=events, users=users, days=days)
