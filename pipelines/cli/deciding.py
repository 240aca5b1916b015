"""`launchloop imports`: what was pulled in, and a person's word on it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import App, Parameter

from pipelines.cli.answers import printable, say, say_json, say_rows
from pipelines.cli.options import HERE, AsJson, Folder
from pipelines.cli.outcome import refreshed_text
from pipelines.cli.pulling import exit_code, refreshed, told
from pipelines.errors import CheckError, UsageError
from pipelines.sources.landing import Landing, Manifest
from pipelines.workspace import load

Id = Annotated[str, Parameter(help="An import's id, or the beginning of it.")]
IN_TABLE = ("import_id", "state", "source", "file", "preset", "read", "loaded", "quarantined")

app = App(
    name="imports",
    help="List imports, let a held one in, take a wrong one back.",
    help_epilogue="Example: launchloop imports list -w lumen",
)


@app.command(name="list", help_epilogue="Example: launchloop imports list --json")
def list_imports(*, workspace: Folder = HERE, as_json: AsJson = False) -> None:
    """List every import in order of arrival, and whether its rows count."""
    load(workspace)
    landing = Landing(workspace / "landing")
    counting = {known.import_id for known in landing.in_force()}
    listed = [_row(known, landing, counting) for known in landing.manifests]
    if as_json:
        say_json(listed)
    elif listed:
        say_rows(listed, IN_TABLE, "table")
    else:
        say("Nothing was pulled in yet. `launchloop refresh` does.")


@app.command(help_epilogue="Example: launchloop imports accept 3f2a91")
def accept(import_id: Id, /, *, workspace: Folder = HERE, as_json: AsJson = False) -> int:
    """Let a held import in as it is, or bring a revoked one back; then refresh."""
    return _decide(workspace, import_id, "accept", as_json=as_json)


@app.command(help_epilogue="Example: launchloop imports revoke 3f2a91")
def revoke(import_id: Id, /, *, workspace: Folder = HERE, as_json: AsJson = False) -> int:
    """Take an import back as if it had never come; then refresh."""
    return _decide(workspace, import_id, "revoke", as_json=as_json)


def _decide(
    folder: Path, import_id: str, decision: Literal["accept", "revoke"], *, as_json: bool
) -> int:
    workspace = load(folder)
    landing = Landing(folder / "landing")
    known = _found(landing, import_id)
    landing.decide(known.import_id, decision, datetime.now(UTC))
    answer = {"import_id": known.import_id, "decision": decision}
    try:
        report = refreshed(folder)
    except CheckError as problem:
        if as_json and problem.report:
            say_json({**answer, "refresh": problem.report.as_json()})
        raise
    if as_json:
        say_json({**answer, "refresh": report.as_json()})
        return told(report)
    done = "Let in" if decision == "accept" else "Took back"
    say(printable(f"{done} {known.file_name} of {known.source_id} ({known.import_id}).\n"))
    say(refreshed_text(report, workspace))
    return exit_code(report)


def _found(landing: Landing, beginning: str) -> Manifest:
    found = [known for known in landing.manifests if known.import_id.startswith(beginning)]
    if beginning and len(found) == 1:
        return found[0]
    said = "is not the id of an import" if not found else "is the beginning of several ids"
    newest = ", ".join(
        f"{known.import_id} ({known.file_name})" for known in (found or landing.manifests)[-5:]
    )
    raise UsageError(printable(f'"{beginning}" {said}. The newest: {newest or "none"}.'))


def _row(known: Manifest, landing: Landing, counting: set[str]) -> dict[str, Any]:
    decision = landing.decision(known.import_id)
    state: str = "in force" if known.import_id in counting else known.status
    if decision == "revoke":
        state = "revoked"
    elif state == "published":
        state = "replaced"
    return {
        "import_id": known.import_id,
        "state": state,
        "decision": decision,
        "source": known.source_id,
        "file": known.file_name,
        "preset": known.preset_id,
        "status": known.status,
        "exported_at": known.exported_at,
        "finished_at": known.finished_at,
        "read": known.read,
        "loaded": known.loaded,
        "updated": known.updated,
        "unchanged": known.unchanged,
        "dropped": known.dropped,
        "quarantined": known.quarantined,
        "tables": known.tables,
        "notes": list(known.notes),
        "questions": list(known.questions),
    }
