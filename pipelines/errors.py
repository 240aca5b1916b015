"""Every error that Launchloop raises on purpose. The message is the documentation."""


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


class SnapshotError(LaunchloopError):
    """A snapshot is missing, pinned, or was written by another version."""


class BusyError(LaunchloopError):
    """Another refresh is running in this workspace."""
