"""What other programs ask of launchloop, and what they must hear."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from expectations import differences

CASES = Path(__file__).parent / "cases"
WORKSPACES = sorted(
    str(path.parent.relative_to(CASES)) for path in CASES.glob("*/*/launchloop.toml")
)
SHOWN = 5


def asks(name: str) -> list[dict]:
    return json.loads((CASES / name / "ask.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", WORKSPACES)
def test_every_ask_of_a_workspace_is_answered_as_its_source_says(
    name: str, copy_of: Callable, refreshed: Callable
) -> None:
    workspace = refreshed(copy_of(name))

    wrong = [
        f"{' '.join(ask['command'])}: {text}"
        for ask in asks(name)
        for text in differences(ask, workspace.answer(ask["command"]))[:SHOWN]
    ]

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", ["flow/flow_wip_per_day", "cncf_maintainers/first_waves"])
def test_the_command_line_answers_the_same(name: str, copy_of: Callable) -> None:
    folder = copy_of(name)
    launchloop = shutil.which("launchloop", path=str(Path(sys.executable).parent))
    assert launchloop

    def said(*words: str) -> dict:
        environment = {**os.environ, "LAUNCHLOOP_KEY": "a key of the tests"}
        done = subprocess.run(
            [launchloop, *words, "-w", str(folder)],
            capture_output=True, text=True, check=False, env=environment,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    report = said("refresh", "--json")
    for ask in asks(name):
        is_refresh = ask["command"][0] == "refresh"
        body = report if is_refresh else said(*ask["command"], "--format", "json")
        assert differences(ask, body) == []
