"""For a launchloop.toml that names no source yet: the [[source]] blocks for the files there are."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from pipelines.refresh import Step, pull_in
from pipelines.sources.importing import FileReport, Importer
from pipelines.sources.landing import Landing
from pipelines.sources.secret import load_secret
from pipelines.workspace import SourceSettings, Workspace

# Exports beside launchloop.toml are known by their names; below exports/ is nothing else.
PATTERNS = ("*.csv*", "*.json*", "*.ndjson*", "*.parquet", "*.xlsx", "exports/**/*")
EXPORTS = "exports"


def proposed_sources(workspace: Workspace, step: Step) -> list[FileReport]:
    """One report per data file, the first of each source with its block; writes nothing."""
    sources = tuple(_sources(workspace.folder))
    with tempfile.TemporaryDirectory() as overlay:
        work = Path(overlay)
        with Importer.working_in(
            work,
            workspace.model_copy(update={"sources": sources}),
            Landing(workspace.folder / "landing", work / "landing"),
            work / "quarantine",
            load_secret(),
            workspace.product.now or datetime.now(UTC),
        ) as importer:
            reports = pull_in(importer, step)
    return [
        report
        for source in sources
        for report in _with_block(source, [one for one in reports if one.source == source.name])
    ]


def data_files(folder: Path) -> list[Path]:
    """Files that look like exports, by name; hidden ones are left alone."""
    found = {path for pattern in PATTERNS for path in folder.glob(pattern) if path.is_file()}
    return sorted(path for path in found if not path.name.startswith("."))


def _sources(folder: Path) -> Iterator[SourceSettings]:
    """A source per file; the files of one folder below exports/ belong together."""
    patterns: dict[str, None] = {}
    for path in data_files(folder):
        relative = path.relative_to(folder)
        is_together = relative.parts[0] == EXPORTS and len(relative.parts) > len((EXPORTS, "file"))
        patterns[(relative.parent / "*" if is_together else relative).as_posix()] = None
    names: set[str] = set()
    for pattern in patterns:
        name = _name(pattern)
        name = pattern if name in names else name
        names.add(name)
        yield SourceSettings(name=name, files=(pattern,))


def _name(pattern: str) -> str:
    """A source's name from where its files lie.

    >>> _name("exports/web_events.csv.gz"), _name("exports/stripe/*")
    ('web events', 'stripe')
    """
    path = Path(pattern)
    stem = path.parent.name if path.name == "*" else path.name.partition(".")[0]
    return stem.replace("_", " ").strip() or pattern


def _with_block(source: SourceSettings, reports: Sequence[FileReport]) -> Iterator[FileReport]:
    """The reports of a source; its block, with the answers to all their questions, in the first."""
    answers = [one["toml"] for report in reports for one in report.questions if one["toml"]]
    block = ["[[source]]", f"name = {_toml(source.name)}", f"files = {_toml(source.files[0])}"]
    block += [line for line in dict.fromkeys(answers) if line]
    for place, report in enumerate(reports):
        asked: list[dict[str, str | None]] = [{**one, "toml": None} for one in report.questions]
        asked.append(
            {
                "code": "no_source",
                "text": f"{report.file}: no [[source]] names this file.",
                "toml": None if place else "\n".join(block),
            }
        )
        status = "failed" if report.status == "failed" else "held"
        yield replace(report, status=status, questions=asked)


def _toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
