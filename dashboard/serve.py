"""Runs the server in this process until it is told to stop."""

import os
import socket
from pathlib import Path

import uvicorn

from dashboard.place import WORKSPACE
from pipelines.errors import UsageError


def serve(folder: Path, *, port: int, address: str) -> None:
    """Serves the dashboard of a workspace; blocks.

    Args:
        folder: The workspace.
        port: To listen on.
        address: "127.0.0.1" keeps it on this machine; any other puts it on the network, where
            a proxy should ask who is there.

    Raises:
        UsageError: If the port is taken or the address is not this machine's.
    """
    os.environ[WORKSPACE] = str(folder.resolve())
    listener = _listener(address, port)
    # No log lines for requests: a page loads 90 files.
    config = uvicorn.Config("dashboard.app:app", log_level="warning", access_log=False)
    uvicorn.Server(config).run(sockets=[listener])


def _listener(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address, port))
    except OSError as error:
        listener.close()
        raise UsageError(
            f"Cannot listen on {address}, port {port} ({error.strerror}). "
            "Another dashboard may be running: choose a port with --port."
        ) from error
    listener.set_inheritable(True)
    return listener
