"""The whole of launchloop.toml as one frozen value."""

import hashlib
import json
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

from pydantic import Field, PrivateAttr

from pipelines.errors import WorkspaceError
from pipelines.workspace.delivery import Delivery, Person
from pipelines.workspace.document import read_text, validated
from pipelines.workspace.environment import resolved
from pipelines.workspace.frozen import Frozen
from pipelines.workspace.matches import Segments
from pipelines.workspace.measures import OwnMetric
from pipelines.workspace.sections import Finance, Funnel, Launch, Product, Retention, Usage
from pipelines.workspace.services import Engine, Notify, Records, Schedule, Snapshots
from pipelines.workspace.sources import SourceSettings
from pipelines.workspace.targets import Target
from pipelines.workspace.toml_lines import line_of

FILE_NAME = "launchloop.toml"


class Workspace(Frozen):
    """The settings of one workspace folder, every default filled in."""

    product: Product
    launches: tuple[Launch, ...] = Field((), alias="launch")
    sources: tuple[SourceSettings, ...] = Field((), alias="source")
    usage: Usage = Usage()
    funnels: tuple[Funnel, ...] = Field((), alias="funnel")
    segments: Segments = ()
    retention: Retention = Retention()
    finance: Finance = Finance()
    delivery: Delivery = Delivery()
    targets: tuple[Target, ...] = Field((), alias="target")
    metrics: tuple[OwnMetric, ...] = Field((), alias="metric")
    people: tuple[Person, ...] = Field((), alias="person")
    snapshots: Snapshots = Snapshots()
    schedule: Schedule = Schedule()
    notify: Notify = Notify()
    engine: Engine = Engine()
    records: Records = Records()

    _folder: Path = PrivateAttr(default=Path())

    @property
    def folder(self) -> Path:
        """Where launchloop.toml lies; paths in it are relative to this."""
        return self._folder

    def path(self, setting: str) -> Path:
        """A path of launchloop.toml, its environment variable read, below the folder."""
        return self._folder / resolved(setting)

    def place(self, *keys: str | int) -> str:
        """Where a setting stands, for a message: `launchloop.toml, line 12`."""
        file = self._folder / FILE_NAME
        if not file.is_file():
            return FILE_NAME
        return f"{FILE_NAME}, line {line_of(read_text(file, ''), keys)}"

    def source(self, name: str) -> SourceSettings:
        """The source of that name.

        Raises:
            WorkspaceError: There is none; the message lists those there are.
        """
        for source in self.sources:
            if source.name == name:
                return source
        raise WorkspaceError(f'{FILE_NAME} has no [[source]] named "{name}"')

    def instant(self, moment: date, source: SourceSettings) -> datetime:
        """A day or time that a source names, in UTC; a day is its midnight.

        Without an offset it is local to the source's zone, else to the reporting zone.
        """
        found = moment if isinstance(moment, datetime) else datetime.combine(moment, time.min)
        if found.tzinfo is None:
            found = found.replace(tzinfo=ZoneInfo(source.timezone or self.product.timezone))
        return found.astimezone(UTC)

    def fingerprint(self, *parts: str) -> str:
        """A hash of the named settings, equal exactly when their values are.

        Args:
            parts: Attributes, with dots for inner ones: `"usage.activation"`, `"funnels"`.

        Raises:
            ValueError: A part is no setting.
        """
        settings = self.model_dump(mode="json")
        chosen = {part: _part(settings, part) for part in sorted(set(parts))}
        text = json.dumps(chosen, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    def as_json(self) -> str:
        """The settings to freeze in a snapshot; `env:` references stay references."""
        return self.model_dump_json(by_alias=True)

    @classmethod
    def from_json(cls, text: str, folder: Path) -> Self:
        """Settings as `as_json` froze them, with the folder they are used in.

        Raises:
            WorkspaceError: They were written by a version that knows other keys.
        """
        return validated(cls, json.loads(text), "settings of the snapshot", "").within(folder)

    def within(self, folder: Path) -> Self:
        """The same settings for another folder."""
        copy = self.model_copy()
        copy._folder = folder
        return copy


def _part(settings: object, part: str) -> object:
    """The value at a dotted path of attributes."""
    for name in part.split("."):
        if not isinstance(settings, dict) or name not in settings:
            raise ValueError(f'"{part}" is not a part of the settings')
        settings = settings[name]
    return settings
