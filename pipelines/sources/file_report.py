"""What became of one file in one refresh."""

from dataclasses import dataclass, field
from typing import Any, Self

from pipelines.sources.fate import Question
from pipelines.sources.landing import Manifest


@dataclass(frozen=True)
class FileReport:
    """What became of one file in one refresh, as `check --json` and `refresh --json` print it."""

    source: str
    file: str
    preset: str | None
    status: str
    read: int = 0
    loaded: int = 0
    updated: int = 0
    unchanged: int = 0
    dropped: int = 0
    quarantined: int = 0
    tables: dict[str, int] = field(default_factory=dict)
    totals: dict[str, Any] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    import_id: str | None = None

    @property
    def is_good(self) -> bool:
        """Whether its rows count."""
        return self.status in {"loaded", "unchanged"}

    @classmethod
    def of(cls, known: Manifest, status: str) -> Self:
        """The report of an import that was landed."""
        return cls(
            known.source_id,
            known.file_name,
            known.preset_id,
            status,
            read=known.read,
            loaded=known.loaded,
            updated=known.updated,
            unchanged=known.unchanged,
            dropped=known.dropped,
            quarantined=known.quarantined,
            tables=known.tables,
            totals=known.totals,
            questions=list(known.questions),
            notes=list(known.notes),
            import_id=known.import_id,
        )
