"""The exports of the sample workspace as plain rows, and the settings that name them."""

import csv
import gzip
import io
import json
import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, str]


@dataclass(frozen=True)
class Exports:
    """A workspace's folder; every property is read once."""

    folder: Path

    @cached_property
    def settings(self) -> dict[str, Any]:
        """launchloop.toml as it is written."""
        return tomllib.loads((self.folder / "launchloop.toml").read_text())

    @cached_property
    def zone(self) -> ZoneInfo:
        """The reporting zone."""
        return ZoneInfo(self.settings["product"]["timezone"])

    def exported_at(self, source: str) -> datetime:
        """Up to when a source is complete: its export's own time."""
        (found,) = [each for each in self.settings["source"] if each["name"] == source]
        moment = found["exported_at"]
        assert isinstance(moment, datetime)
        return moment

    def rows(self, name: str, delimiter: str = ",") -> list[Row]:
        """The records of a CSV file, every cell as text."""
        return list(csv.DictReader(io.StringIO(self._text(name)), delimiter=delimiter))

    def objects(self, name: str) -> list[dict[str, Any]]:
        """The objects of a file with one of them a line."""
        return [json.loads(line) for line in self._text(name).splitlines()]

    def names(self, pattern: str) -> list[str]:
        """The export files that match a pattern, in the order of their names."""
        root = self.folder / "exports"
        return sorted(str(path.relative_to(root)) for path in root.glob(pattern))

    def local_day(self, moment: datetime) -> date:
        """The day on which a moment falls in the reporting zone."""
        return moment.astimezone(self.zone).date()

    def midnight(self, day: date) -> datetime:
        """The moment at which a day begins in the reporting zone."""
        return datetime(day.year, day.month, day.day, tzinfo=self.zone)

    def ends_by(self, end: date, until: datetime, wait: timedelta = timedelta(0)) -> bool:
        """Whether a period and the wait after it were over at a moment."""
        return (self.midnight(end) + wait).timestamp() <= until.timestamp()

    def _text(self, name: str) -> str:
        data = (self.folder / "exports" / name).read_bytes()
        return (gzip.decompress(data) if name.endswith(".gz") else data).decode("utf-8-sig")


def utc(text: str) -> datetime:
    """A time as a vendor writes it: with an offset, or naive and then UTC."""
    return datetime.fromisoformat(text if text.endswith("Z") or "T" in text else text + "+00:00")
