"""Where the pages find their workspace."""

import os
from pathlib import Path

# An environment variable, because an ASGI server that is not ours can set it too.
WORKSPACE = "LAUNCHLOOP_WORKSPACE"


def folder() -> Path:
    """The workspace of this process; the folder it was started in unless told otherwise."""
    return Path(os.environ.get(WORKSPACE, "."))
