"""`launchloop init` and `launchloop map`: the first minutes with a workspace or a file."""

from pathlib import Path

from pipelines.cli.answers import say
from pipelines.errors import UsageError
from pipelines.sources.draft import drafted
from pipelines.sources.secret import load_secret
from pipelines.workspace import FILE_NAME, template

FOLDERS = ("exports", "mappings")


def init(folder: Path = Path(), /) -> None:
    """Make a workspace: launchloop.toml with comments, and folders.

    Args:
        folder: Where; it may hold exports already.
    """
    settings = folder / FILE_NAME
    if settings.exists():
        raise UsageError(f"{settings} is there already; nothing was changed.")
    try:
        for name in FOLDERS:
            (folder / name).mkdir(parents=True, exist_ok=True)
        settings.write_text(template(folder.resolve().name), encoding="utf-8")
    except OSError as problem:
        raise UsageError(f"{folder} cannot be written to ({problem.strerror}).") from problem
    load_secret()
    here = "" if folder == Path() else f" -w {folder}"
    say(
        f"Made {settings}.\n"
        f"Put an export into {folder / FOLDERS[0]}, then:\n"
        f"  launchloop check{here}      what it is, and what is still to be said\n"
        f"  launchloop refresh{here}    publish the numbers\n"
        f"  launchloop serve{here}      open the dashboard"
    )


def map_file(file: Path, /) -> None:
    """Write a first mapping for a file that no preset knows, on stdout.

    What only a person can know stands there as a comment with a question mark.

    Args:
        file: CSV, JSON, NDJSON, Parquet or XLSX, packed or not.
    """
    say(drafted(file))
