"""What somebody should be told after a refresh: one sentence a thing, with a key for each."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pipelines.errors import SnapshotError
from pipelines.last_refresh import LastRefresh, last_refresh
from pipelines.read import Snapshot
from pipelines.reviews.core.agenda import Due
from pipelines.reviews.core.periods import in_words
from pipelines.reviews.desk import Desk
from pipelines.reviews.meeting.due_things import (
    BreachedCycle,
    breached_cycles,
    due_checks,
    due_ledger_rows,
    overdue_follow_ups,
)
from pipelines.reviews.outcome.watch import release_breaches
from pipelines.reviews.reports.digest import digest, digest_lines

KEY_DIGITS = 16


@dataclass(frozen=True)
class Notice:
    """One thing to tell.

    Attributes:
        kind: One of `NOTICES` of `[notify] on`.
        key: The same for the same thing, however often it is looked at.
        text: What, why and where to look, as plain text; may have several lines.
    """

    kind: str
    key: str
    text: str


def refresh_notices(folder: Path) -> tuple[Notice, ...]:
    """What the last refresh left: that it failed, or files that were not let in.

    Args:
        folder: The workspace.
    """
    last = last_refresh(folder / "snapshots")
    if last is None:
        return ()
    return (*_failed(last), *_held(last))


def review_notices(desk: Desk, snapshot: Snapshot | None) -> tuple[Notice, ...]:
    """Checks and predictions that are due, promises past their day, breached guard-rails.

    All of it as the records stand, not as they changed: what could not be sent is told the next
    time, and the memory of what was sent keeps it from being told twice.

    Args:
        desk: Of the machine.
        snapshot: The current one; None where nothing was published yet.
    """
    found = []
    for team in desk.teams():
        with desk.store.reading() as session:
            checks = due_checks(session, team.team_id, desk.today)
            rows = due_ledger_rows(session, team.team_id, desk.today)
            late = overdue_follow_ups(session, team.team_id, desk.today)
            breached = breached_cycles(session, team.team_id)
        found += [_due("check_due", each, "Reviews > Cycles") for each in checks]
        found += [_due("check_due", each, "Reviews > Outcomes") for each in rows]
        found += [_late(each) for each in late]
        found += [_of_cycle(each) for each in breached]
    if snapshot is not None:
        found += [
            Notice("guard_rail_breach", _key(each.link_id, each.metric_id), each.sentence)
            for each in release_breaches(desk, snapshot)
        ]
    # A release without a cycle is everybody's: it is due in each team, and told once.
    return tuple({(notice.kind, notice.key): notice for notice in found}.values())


def digest_notice(folder: Path, desk: Desk | None) -> tuple[Notice, ...]:
    """The digest of this week; none before the first snapshot.

    Args:
        folder: The workspace.
        desk: Of the machine; None without records.
    """
    try:
        snapshot = Snapshot(folder)
    except SnapshotError:
        return ()
    found = digest(snapshot, desk)
    year, week, _ = found.today.isocalendar()
    return (Notice("digest", f"{year}-W{week:02d}", "\n".join(digest_lines(found))),)


def _failed(last: LastRefresh) -> Iterator[Notice]:
    if last.failure is not None:
        text = (
            f"No refresh has come to its end since {last.failure.since[:16]} UTC: "
            f"{last.failure.reason} The dashboard still shows the last good numbers. "
            "Mend it, then run `launchloop refresh`."
        )
        yield Notice("refresh_failed", _key(last.failure.since), text)


def _held(last: LastRefresh) -> Iterator[Notice]:
    for report in last.sources:
        if not report.is_good:
            why = [str(question["text"]) for question in report.questions] or report.notes
            text = (
                f"{report.file} of source {report.source} was not let in; the source keeps the "
                f"rows that it had. {' '.join(why)} Data > Sources shows it."
            )
            yield Notice("import_held", _key(report.source, report.file, report.status, *why), text)


def _due(kind: str, due: Due, place: str) -> Notice:
    text = f"{due.name}: its Check is due since {in_words(due.due_on)}. Open it under {place}."
    return Notice(kind, _key(due.subject_id, str(due.due_on)), text)


def _late(due: Due) -> Notice:
    text = (
        f"{due.name}: this follow-up was due on {in_words(due.due_on)}. Close it with evidence, "
        "drop it with a reason, or give it a new date, under Reviews > Follow-ups."
    )
    return Notice("follow_up_overdue", _key(due.subject_id, str(due.due_on)), text)


def _of_cycle(breached: BreachedCycle) -> Notice:
    failed = ", ".join(breached.failed.values())
    by = f"by {in_words(breached.decide_by)}" if breached.decide_by else "within two working days"
    text = f"{breached.title}: {failed} failed. Decide {by}, under Reviews > Cycles."
    return Notice("guard_rail_breach", _key(breached.cycle_id, *sorted(breached.failed)), text)


def _key(*parts: str) -> str:
    """Short, and without what the parts say: the memory of what was sent holds no data."""
    return sha256("\n".join(parts).encode()).hexdigest()[:KEY_DIGITS]
