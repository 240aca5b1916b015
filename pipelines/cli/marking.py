"""`launchloop release` and `launchloop annotate`: markers for the time axis of every chart."""

from typing import Annotated

from cyclopts import Parameter

from pipelines import markers
from pipelines.cli.answers import say, say_json
from pipelines.cli.options import HERE, AsJson, Folder
from pipelines.markers import Marker

At = Annotated[
    str, Parameter("--at", help="A day or time; without an offset, in the reporting zone.")
]

Name = Annotated[str, Parameter(help="The version.")]
Text = Annotated[str, Parameter(help="What happened.")]
Kind = Annotated[str, Parameter(help=f"{', '.join(markers.KINDS)}.")]


def release(name: Name, /, *, at: At, workspace: Folder = HERE, as_json: AsJson = False) -> None:
    """Post a release marker; the same name and time again change nothing."""
    _say(markers.release(workspace, name, at), as_json=as_json)


def annotate(
    text: Text,
    /,
    *,
    at: At,
    kind: Kind = "other",
    workspace: Folder = HERE,
    as_json: AsJson = False,
) -> None:
    """Post a note that charts show; the same text and time again change nothing."""
    _say(markers.annotate(workspace, text, at, kind), as_json=as_json)


def _say(marker: Marker, *, as_json: bool) -> None:
    happened_at = marker.happened_at.isoformat()
    if as_json:
        say_json(
            {
                "marker": marker.text,
                "at": happened_at,
                "import_id": marker.import_id,
                "is_new": marker.is_new,
            }
        )
    elif marker.is_new:
        say(f"Noted {marker.text} at {happened_at}. Charts show it after the next refresh.")
    else:
        say(f"{marker.text} at {happened_at} was noted before; nothing changed.")
