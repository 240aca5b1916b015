"""What a refresh or check did, in words. Pure."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from pipelines.cli.answers import number_text, printable
from pipelines.last_refresh import RefreshReport
from pipelines.sources.importing import FileReport
from pipelines.workspace import FILE_NAME, Workspace

COUNTS = ("loaded", "updated", "unchanged", "dropped", "quarantined")
# Questions that a mapping answers, and where in it.
_OF_MAPPING = {
    "ask_decimal": "[import]",
    "ask_day_numbers": "the rule of that column in [columns]",
    "unit_jump": "the rule of that column in [columns]",
}
# Totals by value that a person reads through; a list of months in three currencies is longer.
MAX_GROUPS = 12


def checked_text(report: RefreshReport, workspace: Workspace) -> str:
    """What each file was recognised as, and the lines of TOML that are missing."""
    if not report.sources:
        return f"{FILE_NAME} names no [[source]], and there is no file to name one for."
    blocks = _file_texts(report, workspace)
    blocks += _read_twice(report)
    return "\n\n".join([*blocks, _verdict(report)])


def refreshed_text(report: RefreshReport, workspace: Workspace) -> str:
    """The counts of every file, and what was published."""
    texts = zip(_file_texts(report, workspace), report.sources, strict=True)
    blocks = ["\n".join([text, *_ways_in(one)]) for text, one in texts]
    blocks += _read_twice(report)
    if report.checks:
        held = sum(check.ok for check in report.checks)
        blocks.append(f"{held} of {len(report.checks)} checks hold.")
    refused = sum(not one.is_good for one in report.sources)
    if refused:
        blocks.append(
            f"{refused} of {len(report.sources)} files were not let in; their sources keep the "
            "rows they had."
        )
    if report.published:
        blocks.append(f"Published snapshot {report.snapshot}.")
    if report.note:
        blocks.append(report.note)
    return "\n\n".join(blocks)


def refusals(report: RefreshReport) -> Iterator[str]:
    """One line per file that was held or failed and per check that failed, with its reason."""
    for one in report.sources:
        if not one.is_good:
            why = [str(question["text"]) for question in one.questions] or one.notes
            yield f"{one.status}: {one.source}: {' '.join(why)}"
    for check in report.checks:
        if not check.ok:
            yield f"check {check.id} failed: {check.note}"


def _read_twice(report: RefreshReport) -> Iterator[str]:
    """Facts of different sources never merge, so a file that two of them read counts twice."""
    readers: dict[tuple[str, str | None], list[str]] = defaultdict(list)
    for one in report.sources:
        if one.is_good:
            readers[one.file, one.preset].append(one.source)
    for (file, preset), sources in readers.items():
        if len(sources) > 1 and preset != "mapping":
            yield printable(
                f"{file} is read by {len(sources)} sources ({', '.join(sources)}), so its rows "
                f"count {len(sources)} times. Narrow `files` of all but one."
            )


def _verdict(report: RefreshReport) -> str:
    open_files = [one for one in report.sources if not one.is_good]
    if not open_files:
        return "All files can be used. `launchloop refresh` publishes them."
    lines = sum(1 for one in open_files for question in one.questions if question["toml"])
    cure = "Add the lines above, then check again." if lines else "Mend them, then check again."
    return f"{len(open_files)} of {len(report.sources)} files cannot be used yet. {cure}"


def _file_texts(report: RefreshReport, workspace: Workspace) -> list[str]:
    """A block per file; a line of TOML that answers for several files of a source stands once."""
    told: set[tuple[str, str]] = set()
    return [_file_text(one, workspace, told) for one in report.sources]


def _file_text(report: FileReport, workspace: Workspace, told: set[tuple[str, str]]) -> str:
    lines = [f"{report.source}: {report.file}"]
    if report.preset:
        lines.append(f"  recognised as {report.preset}")
    if report.is_good or report.read:
        counts = ", ".join(
            f"{number_text(getattr(report, name))} {name}"
            for name in COUNTS
            if getattr(report, name) or name in {"loaded", "quarantined"}
        )
        lines.append(f"  {number_text(report.read)} rows read: {counts}")
    if report.tables:
        rows = ", ".join(f"{name} {number_text(n)}" for name, n in report.tables.items())
        lines.append(f"  into {rows}")
    lines += [f"  {line}" for line in _totals(report.totals)]
    lines += [f"  {note}" for note in report.notes]
    lines += _questions(report, workspace, told)
    return printable("\n".join(lines))


def _totals(totals: dict[str, Any]) -> Iterator[str]:
    if not totals:
        return
    reach = f", {totals['first']} to {totals['last']}" if totals.get("first") else ""
    yield f"{number_text(totals['keys'])} different keys{reach}"
    groups = totals.get("by", ())
    for group in groups[:MAX_GROUPS]:
        parts = [
            f"{name} {number_text(value) if isinstance(value, int | float) else value}"
            for name, value in group.items()
        ]
        yield "  " + ", ".join(parts)
    if len(groups) > MAX_GROUPS:
        yield f"  and {len(groups) - MAX_GROUPS} more; --json lists them"


def _questions(
    report: FileReport, workspace: Workspace, told: set[tuple[str, str]]
) -> Iterator[str]:
    for question in report.questions:
        yield f"  {report.status}: {question['text']}"
        answer = question["toml"]
        if answer is None or (report.source, answer) in told:
            continue
        told.add((report.source, answer))
        place = _OF_MAPPING.get(str(question["code"]))
        yield f"    {_in_mapping(report, workspace, place) or _where_to_paste(report, workspace)}"
        yield from (f"      {line}" for line in answer.splitlines())


def _ways_in(report: FileReport) -> Iterator[str]:
    if report.status == "held" and report.import_id:
        yield f"  Let it in as it is: launchloop imports accept {report.import_id}"


def _in_mapping(report: FileReport, workspace: Workspace, place: str | None) -> str | None:
    """Where a mapping takes an answer that no [[source]] does; None for all other answers."""
    if place is None:
        return None
    named = [one.mapping for one in workspace.sources if one.name == report.source and one.mapping]
    return f"Add to {place} of {named[0] if named else 'a mapping'}:"


def _where_to_paste(report: FileReport, workspace: Workspace) -> str:
    names = [source.name for source in workspace.sources]
    if report.source not in names:
        return f"Add to {FILE_NAME}:"
    place = workspace.place("source", names.index(report.source))
    return f'Add to {place}, below [[source]] "{report.source}":'
