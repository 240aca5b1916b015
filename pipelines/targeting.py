"""The targets of a snapshot: which is in force for a number, and whether the number meets it.

Asks the snapshot for what a target needs and leaves the verdict to the pure core,
metrics/targets.py.
"""

from dataclasses import replace
from datetime import date

from pipelines.judging import CALENDAR, Pick, Reader, picked
from pipelines.metrics import targets
from pipelines.metrics.definition import Request
from pipelines.metrics.rows import SHAPE_KEYS, next_period, periods
from pipelines.metrics.spans import Row
from pipelines.metrics.targets import InForce, Standing
from pipelines.workspace import Target


def declared_targets(reader: Reader, request: Request) -> tuple[Target, ...]:
    """The targets that the request's numbers may be held against, the closest first."""
    return targets.declared(
        reader.facts.settings.targets, request.metric, request.of, request.variant, request.where
    )


def target_in_force(reader: Reader, request: Request, period: date) -> InForce | None:
    """The target of the period that begins on a day, None where there is none."""
    candidates = declared_targets(reader, request)
    if not candidates:
        return None
    return targets.in_force(candidates, period, _starts(reader, request, period))


def target_points(reader: Reader, request: Request) -> list[tuple[date, float]]:
    """(first day, value) of each period of the request that has a target, oldest first."""
    candidates = declared_targets(reader, request)
    if not candidates:
        return []
    whole = _starts(reader, request)
    line = targets.target_line(candidates, whole)
    return [
        (start, value)
        for start, value in line
        if (request.start is None or start >= request.start)
        and (request.end is None or start < request.end)
    ]


def standing(reader: Reader, request: Request, row: Row) -> Standing:
    """Whether a row of the request's answer meets the target in force for it."""
    segment = row.get("segment")
    if request.by and segment is not None:
        request = replace(request, by=None, where=(*request.where, (request.by, segment)))
    known = target_in_force(reader, request, row["period"])
    so_far: tuple[Row, ...] = ()
    if known and known.target.shape == "cumulative":
        every = replace(request, start=None, end=None)
        rows, _ = picked(reader.answer(every), request.metric, _keys(row))
        so_far = tuple(past for past in rows.rows(named=True) if past["period"] <= row["period"])
    return targets.standing(request, row, known, so_far)


def _keys(row: Row) -> Pick:
    kept = (key for key in SHAPE_KEYS if key not in {"segment", "label", "id", "cohort"})
    return {key: row[key] for key in kept if row.get(key) is not None}


def _starts(reader: Reader, request: Request, last: date | None = None) -> list[date]:
    """First days of all periods of the request's grain, whatever range it asks for."""
    coverage = reader.facts.coverage.get(request.metric.settled_by)
    if request.every in CALENDAR and coverage:
        listed = periods(replace(request, start=None, end=None), coverage, reader.facts)
        starts = [start for start, _, _ in listed]
    else:
        rows = reader.answer(replace(request, start=None, end=None, by=None))
        starts = sorted(set(rows["period"].to_list()))
    while last and request.every in CALENDAR and starts and starts[-1] < last:
        starts.append(next_period(starts[-1], request.every))
    return starts
