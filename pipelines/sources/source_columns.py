"""The columns of a file by header: which raw column a rule means, and the SQL of its text."""

from collections.abc import Sequence

from pipelines.errors import SourceError
from pipelines.sources import conversion
from pipelines.sources.raw import Raw, normalised

MAX_SHOWN_HEADERS = 30


class Columns:
    """Finds the raw column of a header and collects the x columns that a plan needs.

    Attributes:
        sources: x and r columns: name → SQL over the trimmed raw columns.
        used: Positions of the columns that a plan reads.
    """

    def __init__(self, raw: Raw, missing: Sequence[str], file_name: str) -> None:
        """Indexes the header by its normalised names."""
        self._raw = raw
        self._missing = missing
        self._file_name = file_name
        self._places: dict[str, list[int]] = {}
        for position, text in enumerate(raw.header):
            self._places.setdefault(normalised(text), []).append(position)
        self.sources: dict[str, str] = {}
        self.used: set[int] = set()

    def has(self, header: str) -> bool:
        """Whether the file has that header."""
        return normalised(header) in self._places

    def count(self, header: str | int) -> int:
        """How many columns bear a header; a position is one."""
        return len(self._places.get(normalised(header), [])) if isinstance(header, str) else 1

    def position(self, wanted: str | int, occurrence: int | None) -> int:
        """Index of a header's column.

        Raises:
            SourceError: If none or several fit.
        """
        if isinstance(wanted, int):
            if not 1 <= wanted <= len(self._raw.columns):
                raise self._absent(f"has {len(self._raw.columns)} columns, not {wanted}.")
            return wanted - 1
        places = self._places.get(normalised(wanted), [])
        if not places:
            known = ", ".join(text for text in self._raw.header[:MAX_SHOWN_HEADERS] if text)
            raise self._absent(f"has no column '{wanted}'. It has: {known}.")
        if occurrence:
            if occurrence > len(places):
                raise self._absent(f"has '{wanted}' {len(places)} times, not {occurrence}.")
            return places[occurrence - 1]
        if len(places) > 1:
            listed = ", ".join(str(place + 1) for place in places)
            raise SourceError(
                "repeated_column",
                f"{self._file_name}: '{wanted}' occurs at positions {listed}. Say which one with "
                "`occurrence` (1 is the leftmost).",
            )
        return places[0]

    def _absent(self, why: str) -> SourceError:
        return SourceError("no_column", f"{self._file_name}: {why} Correct `from` in the mapping.")

    def text(self, wanted: str | int, occurrence: int | None = None) -> str:
        """The x column of a header: its text, null where missing."""
        position = self.position(wanted, occurrence)
        column = f"x{position + 1}"
        self.used.add(position)
        self.sources[column] = conversion.present(self._raw.columns[position], self._missing)
        return column

    def untouched(self, wanted: str | int, occurrence: int | None = None) -> str:
        """The r column of a header: its text as it stands, "N/A" included."""
        position = self.position(wanted, occurrence)
        column = f"r{position + 1}"
        self.sources[column] = self._raw.columns[position]
        return column
