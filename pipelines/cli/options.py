"""The options that several commands share, so that they are spelt and explained once."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

Format = Literal["table", "csv", "json"]

Folder = Annotated[
    Path, Parameter(name=("--workspace", "-w"), help="The folder with launchloop.toml.")
]
AsJson = Annotated[
    bool, Parameter(name="--json", negative="", show_default=False, help="Print one JSON value.")
]
AsFormat = Annotated[Format, Parameter(name="--format", help="How the answer is written.")]

HERE = Path()
