"""`launchloop check` and `launchloop refresh`: what they ask for, and what they print."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from pipelines import build
from pipelines import refresh as refreshing
from pipelines.cli.answers import remark, say, say_json
from pipelines.cli.options import HERE, AsJson, Folder
from pipelines.cli.outcome import checked_text, refreshed_text, refusals
from pipelines.cli.progress import shown_steps
from pipelines.engines.definition import load_models
from pipelines.errors import CheckError
from pipelines.last_refresh import RefreshReport
from pipelines.proposals import proposed_sources
from pipelines.workspace import load

# Beside files and models: what is in force, identities, publishing.
OTHER_STEPS = 3


def check(*, workspace: Folder = HERE, as_json: AsJson = False) -> int:
    """Read every file as a refresh would, and say what was found; write nothing.

    Exit code 1 if a file cannot be used as it is.
    """
    settings = load(workspace)
    with shown_steps(_file_count(workspace)) as step:
        report = refreshing.check(workspace, step=step)
        if not settings.sources:
            proposed = proposed_sources(settings, step)
            report = replace(report, sources=(*report.sources, *proposed))
    if as_json:
        say_json(report.as_json())
        return told(report)
    say(checked_text(report, settings))
    return exit_code(report)


def refresh(
    *,
    workspace: Folder = HERE,
    full: Annotated[
        bool,
        Parameter(negative="", show_default=False, help="Build every model anew."),
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Pull in, transform, check and publish, all or nothing.

    Exit code 1 if a file was held or failed, or if a check failed; then the last good
    snapshot stays. Then the outcome ledger and open cycles are looked after, and [notify] urls
    are told.
    """
    # Loaded here: a check needs no records, and no messages either.
    from pipelines.reviews.after_refresh import followed_up  # noqa: PLC0415

    with followed_up(workspace, remark):
        try:
            report = refreshed(workspace, full=full)
        except CheckError as problem:
            if as_json and problem.report:
                say_json(problem.report.as_json())
            raise
        if as_json:
            say_json(report.as_json())
            return told(report)
        say(refreshed_text(report, load(workspace)))
        return exit_code(report)


def refreshed(folder: Path, *, full: bool = False) -> RefreshReport:
    """Refreshes a workspace and shows the steps on stderr."""
    expected = _file_count(folder) + len(load_models(build.models_folder())) + OTHER_STEPS
    with shown_steps(expected) as step:
        return refreshing.refresh(folder, full=full, step=step)


def told(report: RefreshReport) -> int:
    """Writes what was refused to stderr, for answers that are not read by people."""
    for line in refusals(report):
        remark(line)
    return exit_code(report)


def exit_code(report: RefreshReport) -> int:
    """0 if every file was let in and every check held, else 1."""
    return 0 if report.is_good else 1


def _file_count(folder: Path) -> int:
    workspace = load(folder)
    sources = refreshing.all_sources(workspace)
    return sum(len(refreshing.source_files(workspace, source)) for source in sources)
