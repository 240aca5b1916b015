"""Where the numbers come from: sources, files, rows, and what was wrong with them."""

import json
from collections.abc import Collection, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

import polars as pl

from dashboard import data
from dashboard.attention import Notice
from dashboard.facts import Source
from dashboard.format import day, number
from dashboard.question import Opened

STOPPED = ("held", "failed")
COUNTS = ("loaded", "updated", "unchanged", "dropped", "quarantined")
_A_DAY = 24
# A file that is not let in weighs more than any age.
_HELD_SIZE = 1e9
_FIX_LIST = (
    "file_name", "line_no", "record_no", "column_name", "raw_text", "reason_code", "reason_text",
    "scope_code",
)  # fmt: skip
_CHECKS = "select * from control.checks order by ok, id"
AGE_RULE = (
    "Age runs from the moment up to which a source is complete. Up to one expected interval is "
    "fresh, up to two late, beyond that stale."
)
COUNT_RULE = "Read = loaded + updated + unchanged + dropped + quarantined, for every file."
COUNT_NAMES = {
    "source": "Source",
    "file": "File",
    "preset": "Recognised as",
    "status": "Status",
    **{name: name.capitalize() for name in ("read", *COUNTS)},
    "notes": "Notes",
}


def files(opened: Opened) -> pl.DataFrame:
    """One row per file that the last refresh looked at, with its five counts.

    Columns: those of COUNT_NAMES; of a file that was not let in, the notes begin with why.
    """
    reports = data.file_reports(opened)
    why = [
        " ".join(one["text"] for one in json.loads(asked)) if status in STOPPED else ""
        for status, asked in reports.select("status", "questions").iter_rows()
    ]
    told = pl.concat_str([pl.Series(why, dtype=pl.String), "notes"], separator=" ")
    return reports.with_columns(told.str.strip_chars().alias("notes")).select(*COUNT_NAMES)


def quarantine(opened: Opened, file: str) -> pl.DataFrame:
    """One row per refused record or cell of a file; in the file's order."""
    return data.refused_rows(opened, file).select(*_FIX_LIST)


@data.kept
def checks(opened: Opened) -> pl.DataFrame:
    """One row per check that the snapshot passed: id, ok, note, demand.

    A snapshot of before checks said what they demand has "" there.
    """
    found = data.listed(opened, _CHECKS)
    return found if "demand" in found.columns else found.with_columns(demand=pl.lit(""))


def worst_first(found: Sequence[Source]) -> list[Source]:
    """Not let in, then stale, then late; within these by name."""
    order = ("not let in", "stale", "late", "no data")
    ranks = {state: rank for rank, state in enumerate(order)}
    return sorted(found, key=lambda one: (ranks.get(_state(one), len(order)), one.name.casefold()))


def source_table(found: Sequence[Source], zone: str) -> pl.DataFrame:
    """One row per source: Source, State, Data to, Age, Expected, Fills (text)."""
    rows = [
        {
            "Source": source.name,
            "State": _state(source),
            "Data to": _through(source, zone),
            "Age": _hours(source.age_hours),
            "Expected every": _hours(source.expected_hours),
            "Fills": ", ".join(source.tables),
        }
        for source in found
    ]
    names = ("Source", "State", "Data to", "Age", "Expected every", "Fills")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String))


def source_notices(found: Sequence[Source], zone: str) -> list[Notice]:
    """A sentence for every source that is held or stale."""
    told = []
    for source in found:
        if source.asked:
            files_held = len({asked.file for asked in source.asked})
            what = "a file is" if files_held == 1 else f"{files_held} files are"
            why = source.asked[0].text
            told.append(Notice("source", f"{source.name}: {what} not let in. {why}", _HELD_SIZE))
        elif source.state == "stale":
            told.append(
                Notice(
                    "source",
                    f"{source.name} is stale: its data end on {_through(source, zone)}, "
                    f"{_hours(source.age_hours)} ago; expected every "
                    f"{_hours(source.expected_hours)}.",
                    source.age_hours or 0.0,
                )
            )
    return told


def notices_about(found: Sequence[Source], tables: Collection[str]) -> list[Source]:
    """The sources that fill one of these tables, and those that never came to fill any."""
    return [one for one in found if not one.tables or set(one.tables) & set(tables)]


def quarantine_notice(reports: pl.DataFrame) -> list[Notice]:
    """How many rows lie in quarantine, if any do."""
    refused = int(reports["quarantined"].sum())
    if not refused:
        return []
    count = reports.filter(pl.col("quarantined") > 0).height
    rows = "1 row lies" if refused == 1 else f"{refused:,} rows lie"
    spread = "1 file" if count == 1 else f"{count} files"
    words = f"{rows} in quarantine, from {spread}: Data › Rows has the list to mend."
    return [Notice("data", words, refused)]


def totals(reports: pl.DataFrame) -> dict[str, int]:
    """Rows read, and what became of them, over all files."""
    return {name: int(reports[name].sum()) for name in ("read", *COUNTS)}


def _state(source: Source) -> str:
    if source.asked:
        return "not let in"
    if source.state:
        return source.state
    if source.through_at:
        return "no rhythm declared"
    return "bears no dates" if source.tables else "no data"


def _through(source: Source, zone: str) -> str | None:
    if source.through_at is None:
        return None
    # Complete up to midnight means complete to the day before.
    return day((source.through_at - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)))


def _hours(hours: float | None) -> str | None:
    if hours is None:
        return None
    if hours < 2 * _A_DAY and hours != _A_DAY:
        return number(round(hours, 1), "hours")
    return number(round(hours / _A_DAY, 1), "days")


def state_counts(found: Sequence[Source]) -> dict[str, tuple[int, str]]:
    """State → how many sources are in it, and what it means."""
    told = [_state(source) for source in found]
    return {
        "Fresh": (told.count("fresh"), "As young as expected."),
        "Late": (told.count("late"), "Up to two expected intervals old."),
        "Stale": (told.count("stale"), "More than two expected intervals old."),
        "Not let in": (told.count("not let in"), "A file is held; older rows of it stay."),
    }


def sources_alt(found: Sequence[Source]) -> str:
    """How many sources are in which state, in words."""
    counts = ", ".join(
        f"{count} {name.lower()}" for name, (count, _) in state_counts(found).items()
    )
    return f"Table of {len(found)} sources: {counts}."


def source_names(reports: pl.DataFrame) -> dict[str, str]:
    """All sources first, then each."""
    return {"": "All sources"} | {name: name for name in reports["source"].unique().sort()}


def of_source(reports: pl.DataFrame, source: str) -> pl.DataFrame:
    """The files of a source, "" for all."""
    return reports.filter(pl.col("source") == source) if source else reports


def refused_files(reports: pl.DataFrame) -> dict[str, str]:
    """The files with rows in quarantine, the most first."""
    bad = reports.filter(pl.col("quarantined") > 0).sort(
        "quarantined", "file", descending=[True, False]
    )
    return {file: file for file in bad["file"]}


def rows_told(reports: pl.DataFrame) -> str:
    """How many files, and how many of them are not as they should be."""
    files_read = "1 file" if reports.height == 1 else f"{reports.height:,} files"
    bad = reports.filter(pl.col("status").is_in(STOPPED)).height
    return f"{files_read}, {bad} not let in" if bad else f"{files_read}, all let in"


def rows_alt(reports: pl.DataFrame) -> str:
    """The five counts over all files shown."""
    counts = ", ".join(f"{count:,} {name}" for name, count in totals(reports).items())
    return f"Table of {reports.height} files: {counts}."
