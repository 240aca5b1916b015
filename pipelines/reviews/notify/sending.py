"""Messages go out by Apprise, each once for each address; what was sent is remembered."""

import fcntl
import json
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pipelines.errors import WorkspaceError
from pipelines.reviews.notify.messages import Message, messages
from pipelines.reviews.notify.notices import Notice
from pipelines.sources.landing import write_atomically
from pipelines.workspace import Workspace
from pipelines.workspace.environment import resolved

NAME, LOCK = "NOTICES.json", ".notices.lock"
# What happened longer ago comes back as something new.
REMEMBERED_DAYS = 400
Tell = Callable[[str], None]


@dataclass
class Memory:
    """What was sent: address as launchloop.toml writes it → kind → key → day.

    It holds hashes and days, neither texts nor resolved addresses.
    """

    sent: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)

    def news(self, address: str, notices: Sequence[Notice], today: date) -> list[Notice]:
        """Those that the address was not told, of kinds that it was told nothing of today."""
        kinds = self.sent.get(address, {})
        return [
            notice
            for notice in notices
            if notice.key not in kinds.get(notice.kind, {})
            and today.isoformat() not in kinds.get(notice.kind, {}).values()
        ]

    def keep(self, address: str, message: Message, today: date) -> None:
        """Remembers a message; forgets what was sent long ago."""
        known = self.sent.setdefault(address, {}).setdefault(message.kind, {})
        known.update(dict.fromkeys(message.keys, today.isoformat()))
        old = [
            key
            for key, day in known.items()
            if (today - date.fromisoformat(day)).days > REMEMBERED_DAYS
        ]
        for key in old:
            del known[key]


def send(settings: Workspace, notices: Sequence[Notice], today: date, tell: Tell) -> int:
    """Sends what is new to every address.

    An address that takes a message is never sent the same again; one that does not is tried
    again after the next refresh. Nothing that goes wrong is raised.

    Args:
        settings: With `[notify]`.
        notices: All that there is to tell.
        today: One message of a kind a day.
        tell: Takes a sentence for whoever runs the refresh.

    Returns:
        How many messages were taken.
    """
    snapshots = settings.folder / "snapshots"
    if not settings.notify.urls or not notices or not snapshots.is_dir():
        return 0
    with _alone(snapshots) as is_alone:
        if not is_alone:
            return 0
        memory, taken = recalled(snapshots), 0
        for address in dict.fromkeys(settings.notify.urls):
            news = memory.news(address, notices, today)
            for message in messages(news, settings.product.name, settings.notify.on):
                if _deliver(address, message, tell):
                    memory.keep(address, message, today)
                    write_atomically(snapshots / NAME, json.dumps(memory.sent, indent=1))
                    taken += 1
        return taken


def recalled(snapshots: Path) -> Memory:
    """What was sent; nothing where no word is left that can be read."""
    try:
        kept = json.loads((snapshots / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Memory()
    return Memory(kept) if isinstance(kept, dict) else Memory()


@contextmanager
def _alone(snapshots: Path) -> Iterator[bool]:
    """Whether nobody else sends just now: two refreshes must not tell the same."""
    with (snapshots / LOCK).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _deliver(address: str, message: Message, tell: Tell) -> bool:
    again = f"It is sent again after the next refresh: {message.subject}"
    try:
        service = _service(address)
    except WorkspaceError as problem:
        tell(f"A message was not sent. {problem} {again}")
        return False
    if service is None:
        tell(
            f"A message was not sent: [notify] urls {_shown(address)} is no address that Apprise "
            f"knows. {again}"
        )
        return False
    if service.notify(title=message.subject, body=message.body, body_format="text"):
        return True
    tell(
        f"A message was not taken by [notify] urls {_shown(address)}. See that the service "
        f"answers and that the address is right. {again}"
    )
    return False


def _service(address: str) -> Any:  # noqa: ANN401  Apprise ships no types
    import apprise  # noqa: PLC0415  it loads a hundred services, and most refreshes tell nothing

    # Its own words may hold tokens and passwords.
    logging.getLogger("apprise").setLevel(logging.CRITICAL)
    service = apprise.Apprise()
    return service if service.add(resolved(address)) else None


def _shown(address: str) -> str:
    """An address without what may be secret in it."""
    return address if address.startswith("env:") else address.partition("?")[0]
