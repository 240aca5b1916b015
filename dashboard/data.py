"""The only caller of the read API, and the only cache.

Everything here is kept by snapshot, which never changes, so nothing kept can be stale; what
depends on the clock (the age of a source) is worked out by the caller, and what the last refresh
left behind without publishing (a held file) is kept by the mark of that refresh as well.
"""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from math import isnan
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

import polars as pl

from dashboard import compared
from dashboard.charts.range_bars import Range
from dashboard.facts import (
    Asked,
    Better,
    Comparison,
    Marker,
    MarkerKind,
    Provenance,
    Source,
    Subject,
    Target,
    newest,
)
from dashboard.place import folder
from dashboard.question import Opened, Pick, Question
from pipelines import read
from pipelines.metrics.definition import Facts, Metric, Request
from pipelines.workspace import Workspace

Arguments = ParamSpec("Arguments")
Answer = TypeVar("Answer")

# A page asks some 20 questions and draws some 10 figures, in two themes and a few selections.
MOST_KEPT = 1024
_MARKER_KINDS: Mapping[str, MarkerKind] = {
    "release": "release",
    "incident": "incident",
    "definition_change": "definition",
}
_BETTER: Mapping[str, Better] = {"up": "up", "down": "down"}

_open = threading.local()


@dataclass(frozen=True)
class Published:
    """One snapshot of the workspace.

    Attributes:
        size: In bytes.
        pinned_by: Who needs it to stay; None if nobody.
    """

    id: str
    published_at: datetime
    size: int
    is_current: bool
    pinned_by: str | None


def kept(work: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
    """Remembers what a pure function of a snapshot returned, for the newest calls."""
    return lru_cache(maxsize=MOST_KEPT)(work)  # type: ignore[return-value]


def current() -> Opened | None:
    """The snapshot that is served now, None before the first one."""
    place = folder()
    found = read.current_id(place)
    return Opened(place, found) if found else None


def failure(place: Path) -> dict[str, str] | None:
    """Why the last refresh published nothing: since, at, reason; None if it did well."""
    return _failure(place, read.refresh_mark(place))


@kept
def _failure(place: Path, refresh: str) -> dict[str, str] | None:  # noqa: ARG001
    return read.failure(place)


def _snapshot(opened: Opened) -> read.Snapshot:
    """A reader of this thread's own; the one it used last stays open."""
    if getattr(_open, "of", None) != opened:
        _open.reader = read.Snapshot(opened.folder, opened.id)
        _open.of = opened
    reader: read.Snapshot = _open.reader
    return reader


@kept
def facts(opened: Opened) -> Facts:
    """Settings and coverage, as they were when the snapshot was built."""
    return _snapshot(opened).facts


def settings(opened: Opened) -> Workspace:
    """The workspace as it was when the snapshot was built."""
    return facts(opened).settings


@kept
def about(opened: Opened) -> Mapping[str, str]:
    """When the snapshot was built and by which version."""
    return _snapshot(opened).about


@kept
def metrics(opened: Opened) -> Mapping[str, Metric]:
    """The catalogue, by id."""
    return _snapshot(opened).metrics


@kept
def unavailable(opened: Opened, metric: str) -> str:
    """Why a metric has no answer here; "" if it has one."""
    known = metrics(opened).get(metric)
    if known is None:
        return f"This snapshot knows no metric {metric}."
    return _snapshot(opened).unavailable(known) or ""


@kept
def things(opened: Opened, metric: str) -> Mapping[str, str]:
    """Id → name of what a metric exists for; one nameless thing where there is none to pick.

    So that a card is drawn all the same, and says what is missing.
    """
    return dict(_snapshot(opened).things(metrics(opened)[metric])) or {"": ""}


def now(opened: Opened) -> datetime:
    """The clock in whole minutes: fixed for simulated data, else this machine's."""
    clock = settings(opened).product.now or datetime.now(UTC)
    return clock.replace(second=0, microsecond=0)


@kept
def provenance(opened: Opened) -> Provenance:
    """Snapshot, and the last moment up to which anything is known."""
    known = facts(opened)
    clock = known.settings.product.now or datetime.fromisoformat(about(opened)["built_at"])
    reached = [reach.through_at for reach in known.coverage.values() if reach.through_at <= clock]
    zone = known.settings.product.timezone
    through = max(reached, default=None)
    # Complete up to midnight means complete to the day before.
    last = (through - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)) if through else None
    return Provenance(opened.id, last, zone)


@kept
def subject(opened: Opened, metric: str, name: str = "") -> Subject:
    """What words and charts must know of a metric.

    Args:
        opened: The snapshot.
        metric: Its id.
        name: In place of the metric's own, as in "Cycle time, p85".
    """
    known = metrics(opened)[metric]
    unit = read.unit_text(known, settings(opened))
    better = _BETTER.get(known.better.value, "none")
    return Subject(known.id, name or known.name, unit, better, known.definition, known.formula)


@kept
def rows(opened: Opened, question: Question) -> pl.DataFrame:
    """Contract rows, as `launchloop query` prints them; those picked only.

    Empty where a source or setting is missing.
    """
    if unavailable(opened, question.metric):
        return pl.DataFrame()
    snapshot = _snapshot(opened)
    return picked(snapshot.answer(request(opened, question)), question.pick)


def request(opened: Opened, question: Question) -> Request:
    """The question, checked against the metric's declaration."""
    return read.request(
        _snapshot(opened),
        question.metric,
        of=question.of or None,
        every=question.every,
        start=question.start,
        end=question.end,
        by=question.by,
        where=question.where,
        variant=question.variant,
    )


def picked(frame: pl.DataFrame, pick: Pick) -> pl.DataFrame:
    """The rows that have these values in these columns."""
    if frame.is_empty():
        return frame
    for column, value in pick:
        frame = frame.filter(pl.col(column) == value)
    return frame


@kept
def markers(opened: Opened) -> tuple[Marker, ...]:
    """Releases, incidents and notes, oldest first."""
    found = _snapshot(opened).frame(
        "select happened_on, title_text, marker_kind from marts.annotations "
        "where happened_on is not null order by happened_on, marker_id"
    )
    return tuple(
        Marker(on, text, _MARKER_KINDS.get(kind, "note")) for on, text, kind in found.iter_rows()
    )


@kept
def listed(opened: Opened, sql: str, *values: object) -> pl.DataFrame:
    """Rows of control tables and marts, for lists and pickers; never a metric.

    Args:
        opened: The snapshot.
        sql: Our own text, with $a, $b, … for values.
        values: For $a, $b, … in this order.
    """
    names = "abcdefgh"
    parameters: dict[str, Any] = {names[at]: value for at, value in enumerate(values)}
    return _snapshot(opened).frame(sql, parameters or None)


@kept
def segments(opened: Opened, metric: str) -> Mapping[str, tuple[str, ...]]:
    """Segment → values, of the segments that a metric can be split by."""
    tables = metrics(opened)[metric].segments
    names = [found.name for found in settings(opened).segments if found.table in tables]
    return {name: tuple(_snapshot(opened).segment_values(name)) for name in names}


@kept
def comparison(
    opened: Opened, question: Question, *, since: date | None = None
) -> Comparison | None:
    """The newest settled span against the one before; None where there is nothing to compare.

    Args:
        opened: The snapshot.
        question: Its rows are one a period.
        since: A launch: compare the time since then with as long before it.
    """
    if unavailable(opened, question.metric) or question.by:
        return None
    snapshot, asked = _snapshot(opened), request(opened, question)
    pick = dict(question.pick)
    if since is None:
        return compared.comparison(snapshot.change(asked, **pick), None)
    return compared.comparison(snapshot.change_since(asked, since, **pick), since)


@kept
def target(opened: Opened, question: Question) -> Target | None:
    """The target in force at the newest settled period, None without one."""
    frame = rows(opened, question)
    reading = newest(frame)
    if reading is None:
        return None
    snapshot, asked = _snapshot(opened), request(opened, question)
    found = snapshot.target_in_force(asked, reading.period)
    if found is None:
        return None
    row = frame.filter(pl.col("period") == reading.period).row(-1, named=True)
    line = snapshot.target_points(asked)
    return compared.target(found, snapshot.standing(asked, row), line)


_FILLED = "select source_id, tables_json from control.imports where is_in_force"


def sources(opened: Opened, at: datetime) -> tuple[Source, ...]:
    """How old every source is, and what stopped at the last refresh; by name.

    Args:
        opened: The snapshot.
        at: The moment of reading, in whole minutes, so that a minute's readers share it.
    """
    return _sources(opened, at, read.refresh_mark(opened.folder))


@kept
def _sources(opened: Opened, at: datetime, refresh: str) -> tuple[Source, ...]:  # noqa: ARG001
    snapshot = _snapshot(opened)
    tables: dict[str, set[str]] = {}
    for source, filled in snapshot.frame(_FILLED).rows():
        found = {table for table, count in json.loads(filled).items() if count}
        tables.setdefault(source, set()).update(found)
    return tuple(
        Source(
            name=found.source,
            state=found.state,
            age_hours=found.age_hours,
            through_at=found.through_at,
            expected_hours=found.expected_hours,
            tables=tuple(sorted(tables.get(found.source, ()))),
            asked=tuple(Asked(one.file, one.text, one.toml or "") for one in found.questions),
        )
        for found in snapshot.source_states(at)
    )


@kept
def restatements(opened: Opened) -> pl.DataFrame:
    """One row per settled number that later rows changed, newest first."""
    return _snapshot(opened).restatements()


def file_reports(opened: Opened) -> pl.DataFrame:
    """One row per file that the last refresh looked at, as `Snapshot.file_reports` gives it."""
    return _file_reports(opened, read.refresh_mark(opened.folder))


@kept
def _file_reports(opened: Opened, refresh: str) -> pl.DataFrame:  # noqa: ARG001
    return _snapshot(opened).file_reports()


def refused_rows(opened: Opened, file: str) -> pl.DataFrame:
    """One row per record or cell of such a file that lies in quarantine."""
    return _refused_rows(opened, file, read.refresh_mark(opened.folder))


@kept
def _refused_rows(opened: Opened, file: str, refresh: str) -> pl.DataFrame:  # noqa: ARG001
    return _snapshot(opened).refused_rows(file)


@kept
def next_range(history: tuple[float, ...]) -> Range | None:
    """Where the next value will likely lie; None while there are too few."""
    low, high, probability = read.next_range(history)
    return None if isnan(low) else Range(low, high, probability)


def published(place: Path) -> list[Published]:
    """All snapshots of a workspace, newest first."""
    return [
        Published(one.id, one.published_at, one.size, one.is_current, one.pinned_by)
        for one in read.snapshots(place)
    ]


@kept
def changed(opened: Opened, other: str) -> list[dict[str, Any]]:
    """Every default number in which an earlier snapshot differs from this one."""
    found: list[dict[str, Any]] = read.diff(opened.folder, other, opened.id)["changed"]
    return found


def launched_on(opened: Opened) -> date | None:
    """Day of the newest launch that has happened."""
    today = now(opened).astimezone(ZoneInfo(settings(opened).product.timezone)).date()
    days = [launch.on for launch in settings(opened).launches if launch.on <= today]
    return max(days, default=None)
