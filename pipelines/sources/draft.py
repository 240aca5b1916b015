"""A first mapping for a file that no preset knows: what can be seen is filled in, the rest asked.

Every question stands in a comment that begins with `# ?`, beside the line that answers it.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from pipelines.sources.draft_columns import CONSTANTS, KNOWN_TABLES, Guess, guessed_table
from pipelines.sources.draft_questions import is_survey, questions
from pipelines.sources.draft_samples import (
    MAX_LABELS,
    Sample,
    SampledColumn,
    sampled,
    toml_text,
)
from pipelines.sources.survey_columns import question_id
from pipelines.sources.tables import TABLES, Column


def drafted(path: Path) -> str:
    """The TOML of a mapping for a file.

    Args:
        path: CSV, JSON, NDJSON, Parquet or XLSX, packed or not.

    Raises:
        SourceError: If the file cannot be opened or holds nothing.
    """
    sample = sampled(path)
    lines = [
        f"# A first mapping for {_one_line(path.name)}.",
        "# Answer the lines that begin with `# ?`, then name this file in launchloop.toml:",
        "#   [[source]]",
        f"#   name = {toml_text(_one_line(path.name.partition('.')[0]))}",
        f"#   files = {toml_text(f'exports/{_one_line(path.name)}')}",
        '#   mapping = "mappings/THIS_FILE.toml"',
        "",
    ]
    if is_survey(sample.columns):
        lines += _survey_lines(path, sample)
    else:
        lines += _table_lines(sample)
    return "\n".join(lines) + "\n"


def _survey_lines(path: Path, sample: Sample) -> Iterator[str]:
    answered = [column for column in sample.columns if column.is_time][:1]
    yield from _import_lines("survey_responses", sample, answered)
    yield ""
    yield "[constants]"
    name = question_id(path.name.partition(".")[0]) or "survey"
    yield f"survey_id = {toml_text(name)}    # ? the same for every wave of this survey"
    yield '# wave_id = "2026-H1"    # ? which wave, where the survey comes in waves'
    if answered:
        yield ""
        yield "[columns]"
        when = TABLES["survey_responses"].column("answered_at")
        yield f"answered_at = {_rule(when, answered[0])}"
    rest = [column for column in sample.columns if column not in answered]
    asked, left = questions(rest)
    yield from asked
    yield from _ignore_lines(left)


def _table_lines(sample: Sample) -> Iterator[str]:
    guess = guessed_table(sample.columns)
    times = [column for name, column in guess.columns.items() if name.endswith("_at")]
    yield from _import_lines(guess.table.name, sample, times)
    yield ""
    yield from _constant_lines(guess)
    yield "[columns]"
    for name, column in guess.columns.items():
        yield from _column_lines(guess.table.column(name), column)
    if "status_name" in guess.columns:
        yield from _column_lines(guess.table.column("state_code"), guess.columns["status_name"])
    for missing in guess.missing:
        yield f'# ? {missing.name} = "HEADER"    # needed by {guess.table.name}: which column?'
    left = [column for column in sample.columns if column not in guess.columns.values()]
    yield from _ignore_lines(left)


def _import_lines(target: str, sample: Sample, times: Sequence[SampledColumn]) -> Iterator[str]:
    yield "[import]"
    yield f"target = {toml_text(target)}"
    yield f"# ? is that the right table? Others are {', '.join(_set_aside(target))}"
    if sample.delimiter:
        yield f"delimiter = {toml_text(sample.delimiter)}"
    if sample.container == "csv" and sample.header_rows != 1:
        yield f"header_rows = {sample.header_rows}"
    if any(column.has_open_mark for column in sample.columns):
        yield '# ? decimal = "."    # "." or ",": what parts decimals from whole numbers?'
    if any(column.is_naive for column in times):
        yield '# ? timezone = "Europe/Berlin"    # where were these times recorded?'
    if any(column.is_slashed for column in times):
        example = next(column.values[0] for column in times if column.is_slashed)
        yield (
            '# ? date_order = "dmy"    # "dmy", "mdy" or "ymd", where the values do not tell: '
            f"{_one_line(example)}"
        )


def _set_aside(target: str) -> list[str]:
    """The tables that people map files to, without the one chosen."""
    return [name for name in KNOWN_TABLES if name != target]


def _constant_lines(guess: Guess) -> Iterator[str]:
    """Values that every row needs and this kind of file rarely has."""
    constants = CONSTANTS.get(guess.table.name, {})
    needed = {name: value for name, value in constants.items() if name not in guess.columns}
    if not needed:
        return
    yield "[constants]"
    for name, value in needed.items():
        allowed = guess.table.column(name).allowed
        choices = f": {', '.join(allowed)}" if allowed else ""
        yield f"{name} = {toml_text(value)}    # ? true of every row{choices}"
    yield ""


def _column_lines(target: Column, column: SampledColumn) -> Iterator[str]:
    labels = column.labels
    if target.allowed and not {label.casefold() for label in labels} <= set(target.allowed):
        choices = ", ".join(target.allowed)
        yield f"# ? {target.name} takes {choices}; give each value of the file its meaning"
        shown = ", ".join(
            f"{toml_text(label)} = {toml_text(_nearest(label, target.allowed))}"
            for label in labels[:MAX_LABELS]
        )
        yield f"{target.name} = {{ from = {_origin(column)}, values = {{ {shown} }} }}"
        return
    if target.name.endswith("_minor"):
        yield '# ? unit: "major" = 12.50 is twelve and a half, "minor" = 1250 is the same'
    yield f"{target.name} = {_rule(target, column)}"


def _nearest(label: str, allowed: Sequence[str]) -> str:
    """The allowed value that a label begins like, else the first: a person has the last word."""
    start = label.casefold()[:4]
    return next((value for value in allowed if value.startswith(start)), allowed[0])


def _rule(target: Column, column: SampledColumn) -> str:
    parts = [f"from = {_origin(column)}"]
    if column.occurrence:
        parts.append(f"occurrence = {column.occurrence}")
    if target.name.endswith(("_at", "_on")) and column.time_format:
        parts.append(f"format = {toml_text(column.time_format)}")
    if target.name.endswith("_minor"):
        is_minor = any(word in {"minor", "cents", "cent"} for word in column.names[0].split())
        parts.append(f'unit = "{"minor" if is_minor else "major"}"')
    return _origin(column) if len(parts) == 1 else f"{{ {', '.join(parts)} }}"


def _ignore_lines(columns: Sequence[SampledColumn]) -> Iterator[str]:
    names = [str(column.origin) for column in columns if isinstance(column.origin, str)]
    if not names:
        return
    yield ""
    yield "[ignore]"
    yield "# ? columns that are not read; move one to its place above if it is needed"
    yield "columns = ["
    yield from (f"    {toml_text(name)}," for name in dict.fromkeys(names))
    yield "]"


def _origin(column: SampledColumn) -> str:
    return toml_text(column.origin)


def _one_line(text: str) -> str:
    """A text of the file that may stand in a comment."""
    return "".join(mark if mark.isprintable() else " " for mark in text)
