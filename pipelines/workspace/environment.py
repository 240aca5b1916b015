"""Settings that stand in the environment: `"env:NAME"` is read from there, and only when used."""

import os
from collections.abc import Mapping

from pipelines.errors import WorkspaceError

PREFIX = "env:"


def is_reference(text: str) -> bool:
    """Whether a setting names an environment variable instead of being the value."""
    return text.startswith(PREFIX)


def resolved(text: str, environment: Mapping[str, str] | None = None) -> str:
    """The value of a setting; the process's environment answers a reference.

    Raises:
        WorkspaceError: The variable is not set or empty; the message names it.

    >>> resolved("env:TOKEN", {"TOKEN": "s3cret"})
    's3cret'
    """
    if not is_reference(text):
        return text
    name = text.removeprefix(PREFIX)
    value = (os.environ if environment is None else environment).get(name, "")
    if not value:
        raise WorkspaceError(
            f'launchloop.toml says "{text}", but the environment variable {name} is not set. '
            f"Set it before starting launchloop: export {name}=…"
        )
    return value
