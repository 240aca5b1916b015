"""The facts from which an agenda makes itself: one published snapshot, and the records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import nan
from typing import Any

import numpy as np

from pipelines.metrics.definition import Family
from pipelines.metrics.rows import local_day
from pipelines.read import Snapshot
from pipelines.reviews.core.agenda import AgendaFacts, Due, MetricFact
from pipelines.reviews.core.meeting import Meeting
from pipelines.reviews.core.plan import BASELINE_PERIODS
from pipelines.reviews.core.subjects import About, subject_of
from pipelines.reviews.core.terms import ValueState
from pipelines.reviews.desk import Desk
from pipelines.reviews.meeting import due_things
from pipelines.reviews.meeting.earlier_meetings import last_frozen, last_shown
from pipelines.reviews.meeting.since_review import SinceReview, since_review
from pipelines.reviews.numbers.freezing import Shown
from pipelines.reviews.numbers.pinned import Pinned, pinned
from pipelines.reviews.numbers.series import Known
from pipelines.reviews.rules.plan_rules import FEWEST_BASELINE
from pipelines.stats.control_chart import limits_of, signals_among

# What moves before the outputs that it should move.
INPUTS = (Family.USAGE, Family.DELIVERY, Family.QUALITY, Family.FEEDBACK)
Miss = float | None


@dataclass(frozen=True)
class Gathered:
    """What an agenda rests on.

    Attributes:
        snapshot: The published one that every number was read from.
        pinned: The series, by subject.
        facts: For the core.
        since: Per number that an earlier review showed.
        markers: What happened in the time that the charts show.
        data_stand_since: When and why the last refresh failed; None if it did well.
    """

    snapshot: Snapshot
    pinned: Pinned
    facts: AgendaFacts
    since: tuple[SinceReview, ...]
    markers: tuple[dict[str, Any], ...]
    data_stand_since: dict[str, str] | None

    @property
    def shown(self) -> list[Shown]:
        """What is frozen: of each series the periods of its chart."""
        return [
            Shown(known, start=chart_start(known), role="tile")
            for known in self.pinned.known.values()
        ]


def gather(desk: Desk, meeting: Meeting) -> Gathered:
    """Reads all facts for a meeting's agenda; takes no lock on the records.

    Args:
        desk: Workspace and records.
        meeting: Scheduled.

    Raises:
        SnapshotError: Nothing was published yet.
    """
    snapshot = Snapshot(desk.folder)
    found = pinned(desk, snapshot, meeting.team_id, meeting.meeting_id)
    earlier = last_frozen(desk.store, meeting)
    since = (
        since_review(known, subject, earlier) if earlier else None
        for subject, known in found.known.items()
    )
    return Gathered(
        snapshot=snapshot,
        pinned=found,
        facts=_facts(desk, meeting, snapshot, found.known),
        since=tuple(each for each in since if each is not None),
        markers=_markers(snapshot, found.known.values()),
        data_stand_since=snapshot.failure(),
    )


def chart_start(known: Known) -> date | None:
    """First day of a chart: the newest 26 settled periods."""
    return known.rows[-BASELINE_PERIODS:][0]["period"] if known.rows else None


def _facts(
    desk: Desk, meeting: Meeting, snapshot: Snapshot, known: Mapping[str, Known]
) -> AgendaFacts:
    with desk.store.reading() as session:
        breached = due_things.breaches(session, meeting.team_id)
        shown = last_shown(session, meeting)
        dues = (meeting.team_id, desk.today)
        return AgendaFacts(
            today=desk.today,
            metrics=[
                metric_fact(subject, each, breached.get(subject), shown.get(subject))
                for subject, each in known.items()
            ],
            checks=due_things.due_checks(session, *dues),
            follow_ups=due_things.overdue_follow_ups(session, *dues),
            ledger_rows=due_things.due_ledger_rows(session, *dues),
            stale_sources=_stale(desk, snapshot),
        )


def metric_fact(
    subject: str, known: Known, breach: Miss = None, shown_as_of: date | None = None
) -> MetricFact:
    """A series as the agenda sees it.

    Args:
        subject: Its subject.
        known: Read from the snapshot.
        breach: How far a guard-rail is past its margin, relative to it.
        shown_as_of: End of the newest period when this series of meetings discussed it.
    """
    rows = known.rows[-BASELINE_PERIODS:]
    done = [row for row in rows if row["status"] == ValueState.OK]
    values = [nan if row["value"] is None else row["value"] for row in rows]
    fresh = sum(shown_as_of is None or row["period_end"] > shown_as_of for row in rows)
    outside, others = signal_misses(values, fresh if shown_as_of else 1)
    return MetricFact(
        metric_id=subject,
        name=known.name,
        as_of=done[-1]["period_end"] if done else None,
        shown_as_of=shown_as_of,
        breach=breach,
        target_miss=_target_miss(known, done[-1]) if done else None,
        rule_1=outside,
        rules_2_3=others,
        is_input=known.request.metric.family in INPUTS,
    )


def signal_misses(values: Sequence[float], fresh: int) -> tuple[Miss, Miss]:
    """How far the newest points lie from what the process does by itself.

    Args:
        values: One per period, oldest first; nan = a gap.
        fresh: How many of the newest have not been discussed yet, 1 or more.

    Returns:
        Rule 1: distance past the limit. Rules 2 and 3: distance from the centre. Each as a share
        of the width between the limits, the largest of the fresh points; None without a signal.

    Source:
        Wheeler (2000), Understanding Variation, 2nd ed.

    >>> signal_misses([10, 11] * 6 + [20], 1)[0] > 0
    True
    """
    series = np.asarray(values, dtype=float)
    if np.isfinite(series).sum() < FEWEST_BASELINE:
        return None, None
    limits = limits_of(series)
    found = signals_among(series, limits)
    width = float(limits.upper - limits.lower)
    past = np.maximum(series - limits.upper, limits.lower - series)
    away = np.abs(series - limits.centre)
    runs = (found.run != 0) | (found.near_limit != 0)
    return (
        _largest(past, found.outside != 0, fresh, width),
        _largest(away, runs, fresh, width),
    )


def _largest(distance: Any, signal: Any, fresh: int, width: float) -> Miss:  # noqa: ANN401
    of_fresh = [
        float(far) for far, fired in zip(distance[-fresh:], signal[-fresh:], strict=True) if fired
    ]
    if not of_fresh:
        return None
    return max(of_fresh) / width if width > 0 else max(of_fresh)


def _target_miss(known: Known, row: dict[str, Any]) -> Miss:
    """How far a value is off its target, relative to the target; None where it meets it."""
    standing = known.snapshot.standing(known.request, row)
    goal, actual = standing.in_force, standing.actual
    if standing.state != "not_met" or goal is None or actual is None:
        return None
    ends = [end for end in (goal.value, goal.high) if end is not None]
    nearest = min(ends, key=lambda end: abs(actual - end))
    return abs(actual - nearest) / abs(nearest) if nearest else abs(actual - nearest)


def _stale(desk: Desk, snapshot: Snapshot) -> tuple[Due, ...]:
    zone = desk.settings.product.timezone
    return tuple(
        Due(subject_of(About.SOURCE, each.source), each.source, local_day(each.through_at, zone))
        for each in snapshot.source_states(desk.now)
        if each.state == "stale" and each.through_at is not None
    )


def _markers(snapshot: Snapshot, known: Any) -> tuple[dict[str, Any], ...]:  # noqa: ANN401
    spans = [(chart_start(each), each.rows[-1]["period_end"]) for each in known if each.rows]
    starts = [start for start, _ in spans if start]
    if not starts:
        return ()
    return tuple(snapshot.markers(min(starts), max(end for _, end in spans)))
