"""One open store for each place of records in a process, whoever asks for it."""

import threading
from pathlib import Path

from pipelines.reviews.records.connecting import SQLITE, address_of
from pipelines.reviews.records.store import Store
from pipelines.workspace.environment import resolved

_open: dict[str, Store] = {}
_lock = threading.Lock()


def shared_store(url: str, folder: Path) -> Store:
    """The store of an address, opened the first time and kept open; for many threads.

    Args:
        url: `[records] url`.
        folder: The workspace.

    Raises:
        WorkspaceError, RecordsError: As `Store.open`.
    """
    key = address_of(resolved(url), folder).render_as_string(hide_password=False)
    with _lock:
        known = _open.get(key)
        if known is not None and has_records(url, folder):
            return known
        if known is not None:
            # Somebody moved the file away: what is open would write into nothing.
            known.close()
        _open[key] = Store.open(url, folder)
        return _open[key]


def has_records(url: str, folder: Path) -> bool:
    """Whether the place holds records already; a server always may, a file must exist."""
    address = address_of(resolved(url), folder)
    return address.drivername != SQLITE or Path(str(address.database)).exists()
