"""The commands that need no screen: arguments in, one call, an answer out, an exit code."""

import os
import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from cyclopts import App
from cyclopts.exceptions import CycloptsError

from pipelines.errors import LaunchloopError

INTERRUPTED = 130
# An environment variable that lets tracebacks out.
TRACE = "LAUNCHLOOP_TRACE"
HELP = frozenset({"--help", "-h"})

app = App(
    name="launchloop",
    help="Is the launch succeeding, and did what we changed help?",
    help_format="plaintext",
    version=lambda: version("launchloop"),
    result_action="return_value",
    suppress_keyboard_interrupt=False,
)

# Modules are loaded when their command is: a query need not wait for a scheduler.
_COMMANDS = (
    ("init", "beginning:init", "launchloop init lumen"),
    ("map", "beginning:map_file", "launchloop map exports/survey.csv > mappings/survey.toml"),
    ("check", "pulling:check", "launchloop check -w lumen"),
    ("refresh", "pulling:refresh", "launchloop refresh -w lumen --json"),
    ("query", "asking:query", "launchloop query activation_rate --every week --by plan"),
    ("metrics", "asking:metrics", "launchloop metrics --format csv"),
    ("schedule", "timing:schedule", 'launchloop schedule -w lumen "0 6 * * *"'),
    ("release", "marking:release", "launchloop release v2.1 --at 2026-06-01T09:30:00+02:00"),
    ("annotate", "marking:annotate", 'launchloop annotate "Price change" --at 2026-06-01'),
)

for command, target, example in _COMMANDS:
    app.command(f"pipelines.cli.{target}", name=command, help_epilogue=f"Example: {example}")
app.command("pipelines.cli.deciding:app", name="imports")
app.command("pipelines.cli.keeping:app", name="snapshots")
app.command("pipelines.cli.reviewing:app", name="reviews")


def run(arguments: Sequence[str]) -> int:
    """Runs one command; returns its exit code and lets no traceback out."""
    try:
        if not arguments or arguments[0] in HELP:
            # Their texts stand in their docstrings, which a command that runs need not load.
            app.resolved_commands()
        result = app(list(arguments), exit_on_error=False, print_error=False)
        sys.stdout.flush()
    except CycloptsError as problem:
        return _refused(str(problem), 2)
    except LaunchloopError as problem:
        return _refused(str(problem), problem.exit_code)
    except KeyboardInterrupt:
        return _refused("Interrupted.", INTERRUPTED)
    except BrokenPipeError:
        # The reader, such as `head`, has seen enough; Python would complain again at its exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as problem:
        where = f"{problem.filename}: " if problem.filename else ""
        return _refused(f"{where}{problem.strerror or problem}.", 1)
    except Exception as problem:
        if os.environ.get(TRACE):
            raise
        return _refused(_fault(problem), 1)
    return result if isinstance(result, int) else 0


def _fault(problem: Exception) -> str:
    """What a person can pass on when it is the program that is wrong."""
    last = traceback.extract_tb(problem.__traceback__)[-1]
    return (
        f"Launchloop failed by its own fault: {type(problem).__name__}: {problem} "
        f"({Path(last.filename).name}, line {last.lineno}). Nothing was published. "
        f"{TRACE}=1 shows the way there."
    )


def _refused(text: str, exit_code: int) -> int:
    sys.stderr.write(text.rstrip() + "\n")
    return exit_code
