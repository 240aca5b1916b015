"""The demo's folder: a copy of the sample workspace, because that may be installed read-only."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from pipelines.errors import UsageError
from pipelines.workspace import FILE_NAME

# Says which sample a folder was made from; without it a folder is not ours to change.
MARK = ".launchloop-demo"
# What the program itself leaves in a workspace; made anew when the sample changed.
BUILT = ("landing", "quarantine", "snapshots")


def copy_sample(sample: Path, folder: Path) -> None:
    """Brings a demo folder to the state of the sample; edits in it stay while the sample does.

    Args:
        sample: The workspace to copy.
        folder: A new, empty or earlier demo folder.

    Raises:
        UsageError: If the folder holds something else or cannot be written to.
    """
    mark, digest = folder / MARK, _digest(sample)
    if folder.is_dir() and any(folder.iterdir()) and not mark.exists():
        raise UsageError(f"{folder} holds something else; name another folder for the demo.")
    if mark.exists() and mark.read_text(encoding="utf-8") == digest:
        return
    try:
        for name in BUILT:
            shutil.rmtree(folder / name, ignore_errors=True)
        for path in _files(sample):
            target = folder / path.relative_to(sample)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        # Written last: a copy that was cut short is made again.
        mark.write_text(digest, encoding="utf-8")
    except OSError as problem:
        raise UsageError(
            f"{folder} cannot be written to ({problem.strerror}); name another folder for the demo."
        ) from problem


def _files(sample: Path) -> Iterator[Path]:
    """Settings, exports and mappings; nothing that a refresh of the sample itself left there."""
    yield sample / FILE_NAME
    for name in ("exports", "mappings"):
        yield from sorted(path for path in (sample / name).rglob("*") if path.is_file())


def _digest(sample: Path) -> str:
    digest = hashlib.sha256()
    for path in _files(sample):
        digest.update(f"{path.relative_to(sample)}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
