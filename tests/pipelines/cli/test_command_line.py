"""What holds for every command: help, exit codes, stdout for the answer and nothing else."""

import signal

import pytest

COMMANDS = (
    "init",
    "map",
    "check",
    "refresh",
    "query",
    "metrics",
    "serve",
    "schedule",
    "release",
    "annotate",
    "demo",
    "imports",
    "imports list",
    "imports accept",
    "imports revoke",
    "snapshots",
    "snapshots list",
    "snapshots show",
    "snapshots diff",
    "snapshots pin",
    "snapshots unpin",
    "snapshots prune",
    "reviews",
    "reviews verify",
    "reviews backup",
    "reviews restore",
)


@pytest.fixture(scope="module")
def overview(run):
    return run("--help")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(run, command):
    answer = run(*command.split(), "--help")
    assert answer.code == 0
    assert answer.err == ""
    assert f"Example: launchloop {command}" in answer.out


def test_the_overview_lists_every_command_with_what_it_does(overview):
    assert overview.code == 0
    lines = [line.strip("│ ").split(maxsplit=1) for line in overview.out.splitlines()]
    told = {line[0]: line[1] for line in lines if len(line) > 1}
    for command in COMMANDS:
        if " " not in command:
            assert len(told[command]) > len("a few words"), command


def test_without_a_command_the_overview_is_shown(run, overview):
    assert run().out == overview.out


def test_the_version_is_that_of_the_package(run):
    answer = run("--version")
    assert (answer.code, answer.out.count(".")) == (0, 2)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["quer", "dau"], 'Did you mean "query"?'),
        (["snapshots", "lst"], 'Did you mean "list"?'),
        (["query", "dau", "--form", "json"], "Did you mean --format?"),
        (["query"], "METRIC"),
        (["query", "dau", "--format", "xml"], "json"),
        (["query", "dau", "extra"], "extra"),
        (["release", "v2"], "--at"),
        (["serve", "--port", "abc"], "abc"),
    ],
)
def test_wrong_usage_ends_with_2_and_the_nearest_name_on_stderr(run, arguments, said):
    answer = run(*arguments)
    assert answer.code == 2
    assert answer.out == ""
    assert said in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.parametrize(
    "arguments",
    [["check"], ["refresh"], ["query", "dau"], ["metrics"], ["imports", "list"],
     ["snapshots", "list"], ["schedule"], ["serve"], ["release", "v2", "--at", "2026-01-01"]],
)  # fmt: skip
def test_a_folder_that_is_no_workspace_is_named_with_the_cure(run, tmp_path, arguments):
    answer = run(*arguments, "-w", tmp_path)
    assert answer.code in {1, 2}
    assert answer.out == ""
    assert str(tmp_path) in answer.err or "launchloop refresh" in answer.err
    assert "Traceback" not in answer.err
    assert list(tmp_path.iterdir()) == []


def test_the_workspace_is_the_current_folder_unless_named(run, published):
    assert (
        run("snapshots", "list", "--json", cwd=published).json
        == run("snapshots", "list", "--json", "-w", published).json
    )


def test_a_reader_that_has_seen_enough_ends_the_command_quietly(start, published):
    process = start("query", "dau", "-w", published, "--format", "csv")
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait(timeout=60) == 0


def test_ctrl_c_ends_with_130_and_without_a_traceback(start, make, events, tmp_path):
    folder = make(tmp_path / "lumen", events=events(range(28), users=2000))
    process = start("refresh", "-w", folder)
    assert "reading" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in said
    assert not list((folder / "snapshots").glob("[0-9]*"))
