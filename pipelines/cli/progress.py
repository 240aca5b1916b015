"""Progress on stderr: a bar on a terminal, a plain line per step elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pipelines.cli.answers import printable, remark


@contextmanager
def shown_steps(expected: int) -> Iterator[Callable[[str], None]]:
    """A function to call with a few words before each step.

    Args:
        expected: About how many steps there will be.
    """
    if sys.stderr.isatty():
        with _bar(expected) as step:
            yield step
    else:
        yield _line_per_step()


def _line_per_step() -> Callable[[str], None]:
    begun = time.monotonic()

    def step(words: str) -> None:
        remark(f"{time.monotonic() - begun:7.1f} s  {words}")

    return step


@contextmanager
def _bar(expected: int) -> Iterator[Callable[[str], None]]:
    # Only here: a quarter of the time that a short command takes would go into loading it.
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (
        BarColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=expected)

        def step(words: str) -> None:
            progress.update(task, advance=1, description=printable(words))

        yield step
