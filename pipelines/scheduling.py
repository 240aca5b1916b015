"""Refreshes by the clock in a process of its own, one run at a time."""

import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from types import FrameType
from zoneinfo import ZoneInfo

from apscheduler.events import EVENT_JOB_MAX_INSTANCES
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger

from pipelines.errors import LaunchloopError, UsageError
from pipelines.last_refresh import RefreshReport
from pipelines.refresh import refresh
from pipelines.reviews.after_refresh import after_refresh
from pipelines.workspace.cron import cron_expression

Log = Callable[[str], None]
# cron's Sunday is 0 and 7; APScheduler's 0 is Monday, so days go to it by name.
DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


def fire_times(cron: str, zone: ZoneInfo) -> BaseTrigger:
    """The times that a cron expression names, in a zone.

    As cron has it, a day of month and a day of week that are both restricted are alternatives.

    Raises:
        UsageError: If it is no cron expression; says which field.
    """
    try:
        fields = cron_expression(cron).casefold().split()
    except ValueError as problem:
        raise UsageError(f"{problem}.") from problem
    minute, hour, day, month, weekday = fields
    by_name = "*" if weekday == "*" else ",".join(weekdays(weekday))
    either = not day.startswith("*") and not weekday.startswith("*")
    choices = [(day, "*"), ("*", by_name)] if either else [(day, by_name)]
    triggers = [
        CronTrigger(
            minute=minute, hour=hour, day=of_month, month=month, day_of_week=of_week, timezone=zone
        )
        for of_month, of_week in choices
    ]
    return triggers[0] if len(triggers) == 1 else OrTrigger(triggers)


def weekdays(field: str) -> list[str]:
    """The days that cron's last field names, from Sunday.

    >>> weekdays("1-5/2"), weekdays("sat-mon"), weekdays("7")
    (['mon', 'wed', 'fri'], ['sun', 'mon', 'sat'], ['sun'])
    """
    numbers = {number for part in field.split(",") for number in _weekday_numbers(part)}
    return [DAYS[number] for number in sorted(numbers)]


def _weekday_numbers(part: str) -> Iterator[int]:
    span, _, step = part.partition("/")
    first, _, last = ("0-6" if span == "*" else span).partition("-")
    start = _weekday_number(first)
    if not last:
        last = "6" if step else first
    end = _weekday_number(last)
    if end < start:
        end += len(DAYS)
    return (number % len(DAYS) for number in range(start, end + 1, int(step or 1)))


def _weekday_number(text: str) -> int:
    return DAYS.index(text) if text in DAYS else int(text)


def keep_refreshing(folder: Path, trigger: BaseTrigger, zone: ZoneInfo, log: Log) -> None:
    """Refreshes at every fire time until the process is asked to end; blocks.

    A run that is asked for while another goes on is left out. SIGTERM lets a run that has
    begun come to its end.
    """
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = BackgroundScheduler(timezone=zone, executors={"default": ThreadPoolExecutor(1)})
    asked_to_end = threading.Event()

    def run() -> None:
        log(run_once(folder, zone))
        after_refresh(folder, log)
        _log_next(trigger, zone, log)

    def left_out(_: object) -> None:
        log(f"{_now(zone)} left out: the run before it still goes on")

    def end(_number: int, _frame: FrameType | None) -> None:
        asked_to_end.set()

    signal.signal(signal.SIGTERM, end)
    scheduler.add_job(run, trigger, max_instances=1, coalesce=True, misfire_grace_time=None)
    scheduler.add_listener(left_out, EVENT_JOB_MAX_INSTANCES)
    scheduler.start()
    _log_next(trigger, zone, log)
    asked_to_end.wait()
    scheduler.shutdown(wait=True)
    log(f"{_now(zone)} ended")


def run_once(folder: Path, zone: ZoneInfo) -> str:
    """Refreshes; one line on how it went, for a log."""
    begun, clock = _now(zone), time.monotonic()
    try:
        outcome = _outcome(refresh(folder))
    except LaunchloopError as problem:
        outcome = f"refused: {' '.join(str(problem).split())}"
    return f"{begun} {outcome} ({time.monotonic() - clock:.1f} s)"


def _outcome(report: RefreshReport) -> str:
    done = f"published {report.snapshot}" if report.published else "nothing new to publish"
    bad = [f"{one.file} {one.status}" for one in report.sources if not one.is_good]
    return f"{done}; {', '.join(bad)}" if bad else done


def _log_next(trigger: BaseTrigger, zone: ZoneInfo, log: Log) -> None:
    following = trigger.get_next_fire_time(None, datetime.now(zone))
    log(f"{_now(zone)} next run: {following.isoformat() if following else 'never'}")


def _now(zone: ZoneInfo) -> str:
    return datetime.now(zone).isoformat(timespec="seconds")
