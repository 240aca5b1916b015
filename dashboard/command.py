"""The console script: the commands of pipelines, and those that need a screen.

What those need is loaded when they run: a query need not wait for a web server.
"""

import sys
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from pipelines.cli import app, run
from pipelines.cli.answers import remark, say
from pipelines.cli.options import HERE, Folder
from pipelines.errors import LaunchloopError
from pipelines.workspace import load

Port = Annotated[int, Parameter(help="The port to listen on.")]
Address = Annotated[
    str, Parameter(help="The address to listen on; 0.0.0.0 puts the dashboard on the network.")
]
DemoFolder = Annotated[
    Path, Parameter(help="Where the copy goes; an earlier demo there is used again.")
]
Serve = Annotated[
    bool,
    Parameter(
        negative="--no-serve",
        show_default=False,
        help="Open the dashboard, or end after the refresh.",
    ),
]

ReportKind = Annotated[str, Parameter(help="digest, scorecard, cycle, preread or review.")]
ReportOf = Annotated[
    str, Parameter(help="Of a pre-read or review its meeting's id, of a cycle its own.")
]
ReportForm = Annotated[
    str, Parameter(name="--format", help="md, html, pdf, pptx, csv, json or ics.")
]
Output = Annotated[
    Path | None, Parameter(help="The file to write, of csv the folder; else stdout.")
]

LOCAL = "127.0.0.1"
PORT = 8501


@app.command(help_epilogue="Example: launchloop serve -w lumen --port 8600")
def serve(*, workspace: Folder = HERE, port: Port = PORT, address: Address = LOCAL) -> None:
    """Open the dashboard; before the first refresh too, when it says what to do."""
    load(workspace)
    _serve(workspace, port, address)


@app.command(help_epilogue="Example: launchloop demo --no-serve")
def demo(
    folder: DemoFolder = Path("demo"),
    /,
    *,
    serve: Serve = True,
    port: Port = PORT,
    address: Address = LOCAL,
) -> int:
    """Copy the sample workspace of a simulated product, refresh it and open the dashboard."""
    from dashboard.demo import copy_sample  # noqa: PLC0415
    from dashboard.demo_records import seed_records  # noqa: PLC0415
    from pipelines.cli.pulling import refreshed, told  # noqa: PLC0415

    with as_file(files("sample_data") / "workspace") as sample:
        copy_sample(sample, folder)
    report = refreshed(folder)
    say(report.note or f"Published snapshot {report.snapshot} in {folder.resolve()}.")
    code = told(report)
    try:
        seed_records(folder)
    except LaunchloopError as problem:
        # Someone changed this demo; it is still worth a look.
        remark(f"Reviews hold no sample records: {problem}")
    if serve:
        _serve(folder, port, address)
    return code


@app.command(
    help_epilogue="Example: launchloop report digest -w lumen --format pdf --output week.pdf"
)
def report(  # noqa: PLR0913
    kind: ReportKind,
    of: ReportOf = "",
    /,
    *,
    workspace: Folder = HERE,
    form: ReportForm = "md",
    output: Output = None,
) -> None:
    """Write a digest, a scorecard, a review or a cycle as a paper; same numbers, same bytes."""
    from dashboard.report_command import write_report  # noqa: PLC0415

    load(workspace)
    for path in write_report(kind, of, form, output, workspace):
        remark(f"Wrote {path}.")


def _serve(folder: Path, port: int, address: str) -> None:
    from dashboard import serve as server  # noqa: PLC0415

    shown = f"[{address}]" if ":" in address else address
    say(f"http://{shown}:{port}")
    remark(f"Serving {folder.resolve()}; Ctrl-C ends it.")
    server.serve(folder, port=port, address=address)


def main() -> int:
    """Runs `launchloop` with the arguments of this process."""
    return run(sys.argv[1:])
