"""Files that lie as they were: what reading them whole showed is not asked of them again.

A refresh costs what is new. Of an export that was read before, only its place, size, times and
inode are looked at; any of them moved, and it is hashed and looked through again.
"""

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from pipelines.sources.landing import write_atomically
from pipelines.sources.opening import Opened

# Raised when opening finds something else in the same bytes.
OPENER_VERSION = "1"
# A file that changed a moment ago may change again without its clock showing it.
_SETTLED_NS = 2_000_000_000


@dataclass(frozen=True)
class _Known:
    """How a file lay, and what was found."""

    signature: list[int]
    opened: Opened


class OpenedBefore:
    """The memory of opened files.

    Args:
        path: Its JSON file; a missing or foreign one is an empty memory.
    """

    def __init__(self, path: Path) -> None:
        """Reads what earlier refreshes noted."""
        self._path = path
        self._earlier = _read(path)
        self._seen: dict[str, _Known] = {}

    def opened(self, path: Path, asked: str, read: Callable[[], Opened]) -> Opened:
        """What reading a file whole shows.

        Args:
            path: The file.
            asked: How it is to be read; another question is another answer.
            read: Reads it; called only if the file is new or moved.

        Raises:
            SourceError: As `read`.
        """
        name, started = f"{path} {asked}", time.time_ns()
        signature = _signature(path)
        known = self._earlier.get(name)
        if known and signature == known.signature:
            self._seen[name] = known
            return replace(known.opened, path=path)
        opened = read()
        is_read_in_place = opened.path == path
        is_settled = signature and max(signature[-2:]) < started - _SETTLED_NS
        if is_read_in_place and is_settled and _signature(path) == signature:
            self._seen[name] = _Known(signature, replace(opened, path=Path()))
        return opened

    def save(self) -> None:
        """Notes the files of this refresh; those that are gone are forgotten."""
        if self._seen == self._earlier:
            return
        files = {name: asdict(known) for name, known in sorted(self._seen.items())}
        write_atomically(
            self._path,
            json.dumps({"version": OPENER_VERSION, "files": files}, indent=1, default=str),
        )


def _signature(path: Path) -> list[int]:
    """Device, inode, size and times in nanoseconds; empty for a file that cannot be looked at.

    The time of the last change of the inode is no program's to set.
    """
    try:
        found = path.stat()
    except OSError:
        return []
    return [found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns]


def _read(path: Path) -> dict[str, _Known]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["version"] != OPENER_VERSION:
            return {}
        return {name: _known(**noted) for name, noted in content["files"].items()}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _known(signature: list[int], opened: dict[str, Any]) -> _Known:
    notes = tuple(opened.pop("notes"))
    return _Known(signature, Opened(**opened | {"path": Path(), "notes": notes}))
