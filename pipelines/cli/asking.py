"""`launchloop query` and `launchloop metrics`: numbers and what they mean."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from pipelines import read
from pipelines.cli.answers import columns_of, printable, say, say_json, say_rows
from pipelines.cli.options import HERE, AsFormat, AsJson, Folder
from pipelines.errors import UsageError
from pipelines.metrics.definition import EVERY
from pipelines.read import POLICIES

# What the published numbers need not know. Their module is loaded only when one is asked for:
# a query need not wait for a database of records.
OF_RECORDS = ("outcome_hit_rate", "review_coverage")
ROW = ("period", "period_end", "value", "low", "high", "n", "total", "status", "note")
CATALOGUE = ("id", "name", "family", "unit", "target", "available", "definition")


Id = Annotated[
    str, Parameter(help='Its id; "retention.unbounded" is the same as --variant unbounded.')
]
Thing = Annotated[
    str | None, Parameter(help="Which funnel, feature, survey, launch, source, team or theme.")
]
Grain = Annotated[str | None, Parameter(help=f"{', '.join(EVERY)}; else the metric's own.")]
First = Annotated[str | None, Parameter("--from", help="First day.")]
Last = Annotated[
    str | None,
    Parameter("--to", help="First day no longer wanted; periods must lie wholly inside."),
]
Segment = Annotated[str | None, Parameter(help="A segment to split by.")]
Conditions = Annotated[
    tuple[str, ...],
    Parameter(negative="", show_default=False, help="SEGMENT=VALUE; may repeat, all must hold."),
]
Variant = Annotated[str | None, Parameter(help="A variant of the metric.")]
Policy = Annotated[
    str | None, Parameter(help=f"Whose rules recurring revenue follows: {', '.join(POLICIES)}.")
]
SnapshotId = Annotated[str | None, Parameter(help="A snapshot's id; else the current one.")]


def query(  # noqa: PLR0913
    metric: Id,
    /,
    *,
    workspace: Folder = HERE,
    of: Thing = None,
    every: Grain = None,
    start: First = None,
    end: Last = None,
    by: Segment = None,
    where: Conditions = (),
    variant: Variant = None,
    policy: Policy = None,
    snapshot: SnapshotId = None,
    form: AsFormat = "table",
    as_json: AsJson = False,
) -> None:
    """Ask for a metric; `launchloop metrics` lists what there is."""
    asked = {
        "of": of,
        "every": every,
        "start": _day("--from", start),
        "end": _day("--to", end),
        "by": by,
        "where": tuple(_condition(text) for text in where),
        "variant": variant,
        "policy": policy,
        "snapshot": snapshot,
    }
    body = _answer(workspace, metric, asked)
    if as_json or form == "json":
        say_json(body)
        return
    columns = columns_of(body["rows"], _leading(body["rows"]))
    if form == "table":
        say("\n".join(_head(body)) + "\n")
    if form == "csv" or body["rows"]:
        say_rows(body["rows"], columns, form)


def metrics(*, workspace: Folder = HERE, form: AsFormat = "table", as_json: AsJson = False) -> None:
    """List every metric: id, family, unit, definition, formula, source, target."""
    from pipelines.reviews.outcome import record_metrics  # noqa: PLC0415 (see OF_RECORDS)

    listed = [*read.catalogue(workspace), *record_metrics.catalogue(workspace)]
    if as_json or form == "json":
        say_json(listed)
    else:
        say_rows(listed, CATALOGUE if form == "table" else columns_of(listed), form)


def _answer(workspace: Path, metric: str, asked: dict[str, Any]) -> dict[str, Any]:
    """From the published numbers, or, for what only the records hold, from these."""
    if metric.partition(".")[0] not in OF_RECORDS:
        return read.query(workspace, metric, **asked)
    from pipelines.reviews.outcome import record_metrics  # noqa: PLC0415 (see OF_RECORDS)

    return record_metrics.query(workspace, metric, record_metrics.Asked(**asked))


def _day(option: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise UsageError(f"{option} {text} is no day; write it as 2026-07-01.") from problem


def _condition(text: str) -> tuple[str, str]:
    segment, sign, value = text.partition("=")
    if not sign or not segment:
        raise UsageError(f"--where {text} is no condition; write --where SEGMENT=VALUE.")
    return segment, value


def _leading(rows: list[dict[str, Any]]) -> list[str]:
    """What tells rows apart stands in front of their numbers."""
    known = columns_of(rows)
    own = [name for name in known if name not in ROW]
    return [*ROW[:2], *own, *ROW[2:]]


def _head(body: dict[str, Any]) -> Iterator[str]:
    of = f" of {body['of']}" if body["of"] else ""
    variant = f", {body['variant']}" if body["variant"] else ""
    yield printable(f"{body['name']}{of}{variant} ({body['unit']}, every {body['every']})")
    yield printable(body["definition"])
    yield f"Snapshot {body['snapshot']}, data as of {body['as_of']} ({body['timezone']})"
    if body["note"]:
        yield printable(body["note"])
