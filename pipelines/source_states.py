"""How each source of a snapshot does: how old its data are, what stopped at the last refresh."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import polars as pl

from pipelines.file_reports import STOPPED
from pipelines.judging import Reader
from pipelines.metrics.measures.freshness import FRESH_UP_TO, LATE_UP_TO

HOUR = timedelta(hours=1)

_NEWEST = """
with reach as (
    select source_id, max(through_at) as through_at
    from control.coverage
    group by source_id
),
imported as (
    select
        source_id,
        max(finished_at) as imported_at,
        arg_max(file_name, finished_at) as file_name,
        arg_max(preset_id, finished_at) as preset_id
    from control.imports
    where is_in_force
    group by source_id
),
known as (
    select source_id from reach
    union
    select source_id from imported
    union
    select unnest($reported) as source_id
)
select
    known.source_id,
    reach.through_at,
    imported.imported_at,
    imported.file_name,
    imported.preset_id,
    sources.expected_every_s
from known
left join reach on known.source_id = reach.source_id
left join imported on known.source_id = imported.source_id
left join settings.sources as sources on known.source_id = sources.source_id
order by known.source_id
"""


@dataclass(frozen=True)
class OpenQuestion:
    """Why a file was held or failed at the last refresh.

    Attributes:
        file: Its name.
        status: "held" or "failed".
        code: Of the message.
        text: What is wrong and what to do.
        toml: The line of launchloop.toml that answers it, None where none does.
    """

    file: str
    status: str
    code: str
    text: str
    toml: str | None


@dataclass(frozen=True)
class SourceState:
    """One source at one moment.

    Attributes:
        source: Its name.
        state: Age in expected intervals: up to one, up to two, beyond; None where none is
            expected.
        age_hours: From the time up to which it is complete; None without dated rows.
        through_at: That time.
        expected_hours: The expected interval.
        imported_at: When the newest import in force was made.
        file: Its file.
        preset: What it was recognised as.
        questions: Of files that were held or failed at the last refresh.
    """

    source: str
    state: Literal["fresh", "late", "stale"] | None
    age_hours: float | None
    through_at: datetime | None
    expected_hours: float | None
    imported_at: datetime | None
    file: str | None
    preset: str | None
    questions: tuple[OpenQuestion, ...]


def source_states(
    reader: Reader, reports: pl.DataFrame, now: datetime | None = None
) -> list[SourceState]:
    """Every source that was ever imported or tried, by name.

    Args:
        reader: The snapshot.
        reports: Of the files at the last refresh, from `file_reports`.
        now: The moment of reading; None = the workspace's fixed clock, else this machine's.
    """
    clock = now or reader.facts.settings.product.now or datetime.now(UTC)
    questions = _questions(reports)
    states = []
    known = reader.frame(_NEWEST, {"reported": reports["source"].unique().to_list()})
    for source, through, imported, file, preset, expected_s in known.iter_rows():
        expected = timedelta(seconds=expected_s) if expected_s else None
        age = max(clock - through, timedelta(0)) if through else None
        states.append(
            SourceState(
                source=source,
                state=_state(age, expected),
                age_hours=age / HOUR if age is not None else None,
                through_at=through,
                expected_hours=expected / HOUR if expected else None,
                imported_at=datetime.fromisoformat(imported) if imported else None,
                file=file,
                preset=preset,
                questions=tuple(questions.get(source, ())),
            )
        )
    return states


def _state(
    age: timedelta | None, expected: timedelta | None
) -> Literal["fresh", "late", "stale"] | None:
    if age is None or expected is None:
        return None
    if age <= FRESH_UP_TO * expected:
        return "fresh"
    return "late" if age <= LATE_UP_TO * expected else "stale"


def _questions(reports: pl.DataFrame) -> dict[str, list[OpenQuestion]]:
    found: dict[str, list[OpenQuestion]] = {}
    stopped = reports.filter(pl.col("status").is_in(STOPPED))
    columns = ("source", "file", "status", "questions")
    for source, file, status, questions in stopped.select(*columns).iter_rows():
        found.setdefault(source, []).extend(
            OpenQuestion(file, status, one["code"], one["text"], one["toml"])
            for one in json.loads(questions)
        )
    return found
