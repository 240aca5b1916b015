"""`serve` and `demo`: the commands that open the dashboard."""

import signal
import socket
import time
import urllib.error
import urllib.request

import pytest


@pytest.fixture
def port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def is_ready(port, seconds=60):
    """Whether the server says it is ready in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz/ready") as answer:
                return answer.status == 200
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    return False


def test_serve_prints_its_address_and_is_ready_before_the_first_snapshot(
    start, make, tmp_path, port
):
    process = start("serve", "-w", make(tmp_path / "lumen"), "--port", str(port))
    try:
        assert process.stdout.readline() == f"http://127.0.0.1:{port}\n"
        assert is_ready(port)
    finally:
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in said


def test_serve_names_a_port_that_is_taken(run, published):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        answer = run("serve", "-w", published, "--port", str(listener.getsockname()[1]))
    assert answer.code == 2
    assert "--port" in answer.err
    assert "Traceback" not in answer.err


@pytest.fixture(scope="module")
def demo(run, tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    return folder, run("demo", "--no-serve", cwd=folder)


def test_the_demo_publishes_the_sample_in_a_folder_of_its_own(demo):
    folder, answer = demo
    assert answer.code == 0, answer.err
    assert f"in {folder / 'demo'}" in answer.out
    assert len(list((folder / "demo" / "snapshots").glob("[0-9]*.duckdb"))) == 1


def test_the_demo_again_changes_nothing_and_keeps_edits(run, demo):
    folder, _ = demo
    settings = folder / "demo" / "launchloop.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    answer = run("demo", "--no-serve", cwd=folder)
    assert answer.code == 0
    assert "Nothing changed" in answer.out
    assert settings.read_text(encoding="utf-8").endswith("# mine\n")


def test_the_demo_leaves_other_folders_alone(run, tmp_path):
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    answer = run("demo", tmp_path, "--no-serve")
    assert (answer.code, answer.out) == (2, "")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
