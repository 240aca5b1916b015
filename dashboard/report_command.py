"""`launchloop report`: a paper as a file or on stdout; the same numbers, the same bytes."""

import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from dashboard.report_kinds import KINDS, Kind
from dashboard.reports.content import BINARY, RENDERERS
from pipelines.errors import UsageError
from pipelines.workspace.values import listed, nearest


def write_report(  # noqa: PLR0913
    name: str, thing: str, form: str, output: Path | None, folder: Path
) -> list[Path]:
    """Writes a report.

    Args:
        name: One of `KINDS`.
        thing: Id of the meeting or cycle; "" where the report has none.
        form: One of its formats.
        output: A file, of CSV a folder; None = stdout.
        folder: The workspace.

    Returns:
        The files that were written; [] where it went to stdout.

    Raises:
        UsageError: Kind or format is unknown, the id is missing or too much, or the format needs
            a file.
        LaunchloopError: The report cannot be made; says why.
    """
    kind = _checked(name, thing, form)
    if form in BINARY and output is None and sys.stdout.isatty():
        raise UsageError(f"A terminal cannot show {form}. Say --output FILE, or redirect stdout.")
    content = kind.build(folder, thing)
    if form == "csv":
        return _write_tables(content.tables, output)
    data = RENDERERS[form](content)
    if output is None:
        _print(data)
        return []
    _write(output, data)
    return [output]


def _checked(name: str, thing: str, form: str) -> Kind:
    kind = KINDS.get(name)
    if kind is None:
        raise UsageError(f'There is no report "{name}"; {nearest(name, [*KINDS])}.')
    if kind.asks_for and not thing:
        raise UsageError(f"Say which one: launchloop report {name} {kind.asks_for}.")
    if thing and not kind.asks_for:
        raise UsageError(f'The report {name} takes no id; leave "{thing}" out.')
    if form not in kind.formats:
        raise UsageError(f'The report {name} has no format "{form}"; {_known(kind)}.')
    return kind


def _known(kind: Kind) -> str:
    return f"it has {listed([*kind.formats])}"


def _write_tables(tables: Mapping[str, bytes], output: Path | None) -> list[Path]:
    """A file for each table in a folder; a single table may go to stdout."""
    if output is None:
        if len(tables) != 1:
            raise UsageError(
                f"These are {len(tables)} tables, each a file of its own. Say --output FOLDER."
            )
        _print(next(iter(tables.values())))
        return []
    if output.exists() and not output.is_dir():
        raise UsageError(f"{output} is a file. CSV is a file for each table: name a folder.")
    output.mkdir(parents=True, exist_ok=True)
    for name, data in tables.items():
        _write(output / name, data)
    return [output / name for name in tables]


def _print(data: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _write(path: Path, data: bytes) -> None:
    """The whole file or none: what stood there before is replaced at the very end."""
    if path.is_dir():
        raise UsageError(f"{path} is a folder. Name a file.")
    with tempfile.NamedTemporaryFile(dir=path.absolute().parent, delete=False) as file:
        part = Path(file.name)
        try:
            file.write(data)
            file.flush()
            part.chmod(0o666 & ~_umask())
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
