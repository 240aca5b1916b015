"""Measures what a rerun of a page costs its server: python measure_pages.py [--runs N].

A reader of our own sends over the WebSocket what a browser would; the page's answers are kept by
then, as for every reader but the first. Prints one JSON object: page → CPU milliseconds a rerun.
CPU of the server's process, because wall time says more about what else runs on the machine.
"""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from pipelines.refresh import refresh

ROOT = Path(__file__).parents[2]
SERVE = "import sys; from dashboard.command import main; sys.exit(main())"
# Path of a page → two choices between which a reader goes to and fro.
PAGES = {
    "": ("", ""),
    "usage": ("period=12+weeks", "period=26+weeks"),
    "sprint": ("", ""),
    "sources": ("", ""),
    "rows": ("", ""),
    "definitions": ("", ""),
    "snapshots": ("", ""),
}
WARM_UP = 6
START_SECONDS = 120


@contextmanager
def served(workspace: Path, logs: Path) -> Iterator[tuple[int, int]]:
    """`launchloop serve` on a free port: the port and the process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-c", SERVE, "serve", "-w", str(workspace), "--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (logs / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=logs, env=environment, stdout=log, stderr=log)
    try:
        _wait_until_ready(port)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz/ready", timeout=2):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise TimeoutError(f"the server was not ready within {START_SECONDS} s")


def cpu_seconds(pid: int) -> float:
    """What a process has used so far."""
    stat = Path(f"/proc/{pid}/stat")
    if stat.exists():
        fields = stat.read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    told = subprocess.run(
        ["ps", "-o", "time=", "-p", str(pid)], capture_output=True, text=True, check=True
    ).stdout.strip()
    return sum(float(part) * 60**at for at, part in enumerate(reversed(told.split(":"))))


def rerun(reader: ClientConnection, page: str, choice: str) -> None:
    """Asks for a page and waits until its script is through; RuntimeError if it breaks."""
    asked = BackMsg()
    asked.rerun_script.page_name = page
    asked.rerun_script.query_string = choice
    reader.send(asked.SerializeToString())
    while True:
        told = ForwardMsg()
        told.ParseFromString(bytes(reader.recv(timeout=60)))
        if told.delta.new_element.WhichOneof("type") == "exception":
            raise RuntimeError(told.delta.new_element.exception.message)
        if told.WhichOneof("type") == "script_finished":
            return


def cost(port: int, pid: int, page: str, choices: tuple[str, str], runs: int) -> float:
    """CPU milliseconds of one rerun, the mean of many; what the idle server uses is taken off."""
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    with connect(address, max_size=None, subprotocols=["streamlit"]) as reader:  # type: ignore[list-item]
        for at in range(WARM_UP):
            rerun(reader, page, choices[at % 2])
        time.sleep(1)
        before, began = cpu_seconds(pid), time.monotonic()
        time.sleep(2)
        idle = (cpu_seconds(pid) - before) / (time.monotonic() - began)
        before, began = cpu_seconds(pid), time.monotonic()
        for at in range(runs):
            rerun(reader, page, choices[at % 2])
        # What is put off until after the answer counts too.
        time.sleep(0.5)
        used = cpu_seconds(pid) - before - idle * (time.monotonic() - began)
    return round(1000 * used / runs, 1)


def main() -> None:
    """Measures the sample workspace and says what came out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--workspace", type=Path, help="refreshed; default: the sample's copy")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workspace = chosen.workspace
        if workspace is None:
            workspace = Path(folder) / "workspace"
            shutil.copytree(ROOT / "sample_data" / "workspace", workspace)
            refresh(workspace)
        with served(workspace, Path(folder)) as (port, pid):
            found = {
                page or "launch": cost(port, pid, page, choices, chosen.runs)
                for page, choices in PAGES.items()
            }
    sys.stdout.write(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
