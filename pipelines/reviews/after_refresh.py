"""What the program does by itself once a refresh has ended, published or not."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from pipelines.errors import BusyError, LaunchloopError, SnapshotError
from pipelines.read import Snapshot
from pipelines.reviews.cycle import tending
from pipelines.reviews.desk import Clock, Desk, utc_now
from pipelines.reviews.notify.notices import Notice, digest_notice, refresh_notices, review_notices
from pipelines.reviews.notify.sending import Tell, send
from pipelines.reviews.outcome.judging import judge_due
from pipelines.reviews.outcome.keeping import keep_ledger
from pipelines.workspace import load

Answer = TypeVar("Answer")


@contextmanager
def followed_up(folder: Path, tell: Tell) -> Iterator[None]:
    """Around a refresh: what follows it is done when it has ended, also when it failed."""
    try:
        yield
    except BusyError:
        # Another one runs, and is followed up by itself.
        raise
    except Exception:
        after_refresh(folder, tell)
        raise
    after_refresh(folder, tell)


def after_refresh(folder: Path, tell: Tell, *, clock: Clock = utc_now) -> int:
    """Keeps the ledger, judges what is due, looks after open cycles, and sends messages.

    Records are never made here. Nothing that goes wrong is raised: the refresh has ended well or
    badly by itself, and each step that fails says so and stops no other one.

    Args:
        folder: The workspace.
        tell: Takes a sentence for whoever runs the refresh.
        clock: The time, for tests.

    Returns:
        How many messages were sent.
    """
    settings = _tried("Nobody is told", lambda: load(folder), tell)
    if settings is None:
        return 0
    desk = _tried(
        "The records cannot be opened", lambda: Desk.of_machine(folder, clock=clock), tell
    )
    notices = list(refresh_notices(folder))
    if desk is not None:
        notices += tended(desk, tell)
    if settings.notify.urls and "digest" in settings.notify.on:
        notices += _tried("No digest", lambda: digest_notice(folder, desk), tell) or ()
    # Days of messages are days of people, whatever clock the data bring.
    today = clock().astimezone(ZoneInfo(settings.product.timezone)).date()
    return _tried("No message", lambda: send(settings, notices, today, tell), tell) or 0


def tended(desk: Desk, tell: Tell) -> tuple[Notice, ...]:
    """Keeps the ledger, judges what is due and looks after open cycles, on what is published.

    Args:
        desk: Of the machine.
        tell: Takes a sentence about each step that failed.

    Returns:
        What people are to be told.
    """
    snapshot = _current(desk.folder)
    if snapshot is not None:
        current = snapshot
        _tried("The outcome ledger was not kept", lambda: keep_ledger(desk, current), tell)
        _tried("No outcome was judged", lambda: judge_due(desk, current), tell)
        _tried("Open cycles were not checked", lambda: tending.after_refresh(desk), tell)
    return _tried("What is due is not known", lambda: review_notices(desk, snapshot), tell) or ()


def _current(folder: Path) -> Snapshot | None:
    try:
        return Snapshot(folder)
    except SnapshotError:
        return None


def _tried(what: str, work: Callable[[], Answer], tell: Tell) -> Answer | None:
    """The answer of a step; None where it failed, which is told."""
    try:
        return work()
    except (LaunchloopError, OSError) as problem:
        tell(f"{what}: {problem} The refresh itself is not touched by this.")
    except Exception as problem:  # a fault in a step must not make a good refresh look failed
        tell(f"{what}, by a fault of Launchloop ({type(problem).__name__}: {problem}).")
    return None
