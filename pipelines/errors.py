"""Every error that Launchloop raises on purpose. The message is the documentation."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipelines.identities import CheckResult
    from pipelines.last_refresh import RefreshReport


class LaunchloopError(Exception):
    """Something a person can mend; the message names the thing and the next step."""

    exit_code = 1


class UsageError(LaunchloopError):
    """The question was wrong: an unknown id, variant, segment or option."""

    exit_code = 2


class WorkspaceError(LaunchloopError):
    """launchloop.toml or a mapping cannot be used; names file, line and cure."""

    exit_code = 2


class SourceError(LaunchloopError):
    """A file cannot be opened, recognised or read; its source stops, others go on."""

    def __init__(self, code: str, text: str, toml: str | None = None) -> None:
        """Keeps the message code of imports.md 4 and the TOML line that answers it."""
        super().__init__(text)
        self.code = code
        self.text = text
        self.toml = toml


class KeyMismatchError(LaunchloopError):
    """The ids of this workspace were hashed with another key."""


class ModelError(LaunchloopError):
    """A model is not portable, has no key, or reads something that does not exist."""


class CheckError(LaunchloopError):
    """An identity or key does not hold; nothing was published."""

    def __init__(self, text: str, checks: "Sequence[CheckResult]" = ()) -> None:
        """Keeps what every check found; the refresh adds what became of every file."""
        super().__init__(text)
        self.checks = tuple(checks)
        self.report: RefreshReport | None = None


class SnapshotError(LaunchloopError):
    """A snapshot is missing, pinned, or was written by another version."""


class BusyError(LaunchloopError):
    """Another refresh is running in this workspace."""


class RecordsError(LaunchloopError):
    """Records cannot be opened, saved, verified, backed up or restored; names the cure."""


class NotAllowedError(RecordsError):
    """A rule of reviews forbids it; keeps the rule's id where it has one."""

    def __init__(self, text: str, rule: str | None = None) -> None:
        """The message is the rule as a sentence and what to do instead."""
        super().__init__(text)
        self.rule = rule


class StaleError(RecordsError):
    """Somebody else saved the same record meanwhile; keeps both texts, field by field."""

    def __init__(self, text: str, theirs: Mapping[str, Any], yours: Mapping[str, Any]) -> None:
        """Keeps, for each field that you wanted to change, what stands there and what you sent."""
        super().__init__(text)
        self.theirs = dict(theirs)
        self.yours = dict(yours)
