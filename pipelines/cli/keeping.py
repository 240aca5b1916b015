"""`launchloop snapshots`: list, show, compare, pin and prune what was published."""

from collections.abc import Iterator
from dataclasses import asdict
from getpass import getuser
from typing import Annotated, Any

from cyclopts import App, Parameter

from pipelines import read
from pipelines.cli.answers import columns_of, number_text, printable, say, say_json, say_rows
from pipelines.cli.options import HERE, AsJson, Folder
from pipelines.warehouse import SnapshotInfo, Warehouse
from pipelines.workspace import load

Id = Annotated[str, Parameter(help="A snapshot's id, or the beginning of it.")]

app = App(
    name="snapshots",
    help="List, show, compare, pin and prune published snapshots.",
    help_epilogue="Example: launchloop snapshots list -w lumen",
)


@app.command(name="list", help_epilogue="Example: launchloop snapshots list --json")
def list_snapshots(*, workspace: Folder = HERE, as_json: AsJson = False) -> None:
    """List the snapshots, newest first."""
    listed = [_row(known) for known in _store(workspace).snapshots()]
    if as_json:
        say_json(listed)
    elif listed:
        say_rows(listed, columns_of(listed), "table")
    else:
        say("There is no snapshot yet. `launchloop refresh` publishes the first one.")


@app.command(help_epilogue="Example: launchloop snapshots show 20261101T060000Z-1a2b3c4d")
def show(snapshot: Id, /, *, workspace: Folder = HERE, as_json: AsJson = False) -> None:
    """Show what a snapshot was built from, how far its data reach and which checks hold."""
    store = _store(workspace)
    full_id = store.resolve(snapshot)
    facts = read.snapshot_facts(workspace, full_id)
    about = next(known for known in store.snapshots() if known.id == full_id)
    facts |= {name: value for name, value in _row(about).items() if name not in facts}
    if as_json:
        say_json(facts)
    else:
        say("\n".join(_facts_text(facts)))


@app.command(help_epilogue="Example: launchloop snapshots diff 20261101T06 20261102T06 --json")
def diff(first: Id, second: Id, /, *, workspace: Folder = HERE, as_json: AsJson = False) -> None:
    """List every number in which two snapshots differ; exit code 0 either way."""
    found = read.diff(workspace, first, second)
    if as_json:
        say_json(found)
    elif found["equal"]:
        say(f"{found['a']} and {found['b']} hold the same numbers.")
    else:
        say(f"{number_text(len(found['changed']))} numbers differ:")
        say_rows(found["changed"], columns_of(found["changed"]), "table")


@app.command(help_epilogue='Example: launchloop snapshots pin 20261101T06 --for "board meeting"')
def pin(
    snapshot: Id,
    /,
    *,
    who: Annotated[str | None, Parameter("--for", help="Who needs it; else you.")] = None,
    workspace: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """Keep a snapshot from being pruned."""
    store = _store(workspace)
    full_id, name = store.resolve(snapshot), " ".join((who or getuser()).split())
    store.pin(full_id, name)
    answer = {"id": full_id, "pinned_by": name}
    _answer(answer, f"{full_id} stays until it is unpinned (for {name}).", as_json=as_json)


@app.command(help_epilogue="Example: launchloop snapshots unpin 20261101T06")
def unpin(snapshot: Id, /, *, workspace: Folder = HERE, as_json: AsJson = False) -> None:
    """Let a snapshot be pruned again."""
    store = _store(workspace)
    full_id = store.resolve(snapshot)
    store.unpin(full_id)
    answer = {"id": full_id, "pinned_by": None}
    _answer(answer, f"{full_id} may be pruned again.", as_json=as_json)


@app.command(help_epilogue="Example: launchloop snapshots prune -w lumen")
def prune(*, workspace: Folder = HERE, as_json: AsJson = False) -> None:
    """Remove old snapshots: as [snapshots] says, and never a pinned one or the current one."""
    kept = load(workspace).snapshots
    removed = _store(workspace).prune(kept.keep, kept.keep_monthly)
    text = f"Removed {', '.join(removed)}." if removed else "No snapshot is old enough to go."
    _answer({"removed": removed}, text, as_json=as_json)


def _store(folder: Folder) -> Warehouse:
    load(folder)
    return Warehouse(folder / "snapshots")


def _row(known: SnapshotInfo) -> dict[str, Any]:
    return {**asdict(known), "published_at": known.published_at.isoformat(timespec="seconds")}


def _answer(answer: dict[str, Any], text: str, *, as_json: bool) -> None:
    if as_json:
        say_json(answer)
    else:
        say(printable(text))


def _facts_text(facts: dict[str, Any]) -> Iterator[str]:
    for name, value in facts.items():
        if not isinstance(value, list):
            yield printable(f"{name}: {'-' if value is None else value}")
    reach = [f"{row['table_name']} from {row['source_id']}" for row in facts["coverage"]]
    for title, row in zip(reach, facts["coverage"], strict=True):
        yield printable(f"{title}: {row['first_at']} to {row['through_at']}")
    held = sum(bool(check["ok"]) for check in facts["checks"])
    yield f"{held} of {len(facts['checks'])} checks hold, {len(facts['imports'])} imports in force"
