"""The other files of a source: some presets need to look into them."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.engines.duckdb import FileReadError, Session
from pipelines.errors import LaunchloopError
from pipelines.sources import choosing, reading
from pipelines.sources.definition import Context, Record


@dataclass(frozen=True)
class _Known:
    """One file as its preset sees it."""

    preset_id: str
    file_hash: str
    records: tuple[Record, ...]


class SourceFiles:
    """The files of one source, each read at most once and only if some preset asks."""

    def __init__(
        self, paths: Sequence[Path], context_of: Callable[[Path], Context], memory: Session
    ) -> None:
        """Names the files; none is opened yet."""
        self._paths = paths
        self._context_of = context_of
        self._memory = memory
        self._known: dict[Path, _Known | None] | None = None

    def beside(self, path: Path) -> "Siblings":
        """All files but one."""
        return Siblings(self, path)

    def known(self) -> Mapping[Path, _Known | None]:
        """Every file; None where no preset knows it (its own import says what is wrong)."""
        if self._known is None:
            self._known = {path: self._read(path) for path in self._paths}
        return self._known

    def _read(self, path: Path) -> _Known | None:
        context = self._context_of(path)
        try:
            with tempfile.TemporaryDirectory() as work, self._memory.cursor() as session:
                mapping = choosing.declared(context)
                opened = choosing.opened_as(path, context, Path(work), mapping)
                choice = choosing.choose(session, opened, context, mapping)
                if choice.preset is None:
                    return None
                records, _ = reading.all_records(session, opened, choice, context)
        except (LaunchloopError, *FileReadError):
            return None
        return _Known(choice.preset.id, opened.file_hash, tuple(records))


@dataclass(frozen=True)
class Siblings:
    """The files of a source beside one of them."""

    files: SourceFiles
    own: Path

    def records(self, preset_ids: Sequence[str]) -> Mapping[str, Sequence[Record]]:
        """The records of some presets' files; a preset without a file has none."""
        return {
            preset_id: [record for known in self._of(preset_id) for record in known.records]
            for preset_id in preset_ids
        }

    def fingerprint(self, preset_ids: Sequence[str]) -> str:
        """Changes when any file of those presets changes."""
        return " ".join(
            known.file_hash for preset_id in sorted(preset_ids) for known in self._of(preset_id)
        )

    def _of(self, preset_id: str) -> list[_Known]:
        found = [
            known
            for path, known in self.files.known().items()
            if path != self.own and known and known.preset_id == preset_id
        ]
        return sorted(found, key=lambda known: known.file_hash)
