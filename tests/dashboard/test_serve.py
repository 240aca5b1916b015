"""Starting the server: what can go wrong is said before anything runs."""

import socket
from pathlib import Path

import pytest

from dashboard.serve import serve
from pipelines.errors import UsageError


def test_a_taken_port_is_named_with_the_option_that_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAUNCHLOOP_WORKSPACE", "")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"port {port} .*--port"):
            serve(tmp_path, port=port, address="127.0.0.1")


def test_an_address_of_another_machine_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAUNCHLOOP_WORKSPACE", "")
    with pytest.raises(UsageError, match=r"192\.0\.2\.1"):
        serve(tmp_path, port=0, address="192.0.2.1")
