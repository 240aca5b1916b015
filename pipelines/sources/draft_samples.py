"""What the first rows of an unknown file show: header, texts, and how a column's values look.

Nothing here decides what a column means; it says what its values could be.
"""

import json
import re
import tempfile
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.engines.duckdb import Session
from pipelines.errors import SourceError
from pipelines.sources.conversion import MISSING
from pipelines.sources.csv_text import csv_relation, first_records, found_delimiter
from pipelines.sources.json_tree import json_objects, json_relation
from pipelines.sources.opening import Opened, open_file
from pipelines.sources.raw import Raw, no_lines, normalised
from pipelines.sources.table_files import parquet_relation, xlsx_relation

SAMPLED = 500
# Fewer values than this are listed for a person to give each its meaning.
MAX_LABELS = 12
# One cell below the header may well say "Response".
MIN_REPEATS = 2
# Answers in the second row of an export with two header rows (SurveyMonkey's).
_SECOND_HEADER = re.compile(r"(open-ended )?response$|other \(please specify\)$")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
# Groups, and a currency before or behind it.
_AMOUNT = re.compile(
    r"([€$£¥]|[A-Z]{3})?\s*[+-]?\d{1,3}([.,' \u00a0\u202f]?\d{3})*([.,]\d+)?\s*([€$£¥]|[A-Z]{3})?"
)
_OPEN = re.compile(r"^\D*[1-9]\d{0,2}[.,]\d{3}\D*$")
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_OFFSET = re.compile(r"(Z|UTC|GMT|[+-]\d\d:?\d\d)$")
_COMPACT_DAY = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])")
_SLASHED = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-](\d{4}|\d\d)\b")
_EPOCH_S, _EPOCH_MS = re.compile(r"1\d{9}(\.\d+)?"), re.compile(r"1\d{12}")


def _words(text: str) -> str:
    """A header in small words of plain letters: `Währung` → `wahrung`, `userId` → `user id`."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    plain = unicodedata.normalize("NFKD", apart.casefold())
    without_marks = "".join(mark for mark in plain if not unicodedata.combining(mark))
    return re.sub(r"[^a-z0-9]+", " ", without_marks).strip()


@dataclass(frozen=True)
class SampledColumn:
    """One column of a file.

    Attributes:
        origin: What `from` in a mapping names: the header, its position, or the JSON path.
        occurrence: Which of several equal headers, from 1; None where it is the only one.
        values: Filled cells among the first rows, trimmed.
    """

    origin: str | int
    occurrence: int | None
    values: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The header in words that can be compared: `userId` → `user id`.

        The end of a JSON path is a name too: `fields.status.name` → `status name`, `name`.
        """
        parts = str(self.origin).split(".")
        return tuple(_words(" ".join(parts[start:])) for start in range(len(parts)))

    @property
    def labels(self) -> list[str]:
        """Its different values in the order of their first use."""
        return list(dict.fromkeys(self.values))

    @property
    def is_number(self) -> bool:
        """Whether every value is a number."""
        return self._all(_NUMBER)

    @property
    def is_amount(self) -> bool:
        """Whether every value is a number, with its groups and currency if it has them."""
        return self._all(_AMOUNT)

    @property
    def has_open_mark(self) -> bool:
        """Whether some numbers could have groups or decimals, and none tells which."""
        numbers = [value for value in self.values if re.search(r"[.,]", value)]
        return self.is_amount and bool(numbers) and all(map(_OPEN.search, numbers))

    @property
    def is_time(self) -> bool:
        """Whether every value is a day or an instant."""
        return self.time_format is not None or self.is_slashed or self._all(_ISO, is_start=True)

    @property
    def is_slashed(self) -> bool:
        """Whether the values are days whose order of day and month must be known."""
        return self._all(_SLASHED, is_start=True)

    @property
    def is_naive(self) -> bool:
        """Whether some value is a time without zone."""
        if self.time_format in {"epoch_s", "epoch_ms"}:
            return False
        return self.is_time and any(
            not (len(value) > len("2026-05-04") and _OFFSET.search(value)) for value in self.values
        )

    @property
    def time_format(self) -> str | None:
        """The format that must be named for its times to be read, None where none need be."""
        for pattern, known in ((_EPOCH_MS, "epoch_ms"), (_EPOCH_S, "epoch_s")):
            if self._all(pattern):
                return known
        return "%Y%m%d" if self._all(_COMPACT_DAY) else None

    def _all(self, pattern: re.Pattern[str], *, is_start: bool = False) -> bool:
        fits = pattern.match if is_start else pattern.fullmatch
        return bool(self.values) and all(fits(value) for value in self.values)


@dataclass(frozen=True)
class Sample:
    """A file as far as a draft looks at it.

    Attributes:
        header_rows: 0 where the first row is data already.
        delimiter: Of a CSV file, where it is no comma.
    """

    container: str
    columns: tuple[SampledColumn, ...]
    header_rows: int
    delimiter: str | None


def sampled(path: Path) -> Sample:
    """The header and first rows of a file.

    Raises:
        SourceError: If the file cannot be opened or holds nothing.
    """
    with tempfile.TemporaryDirectory() as work, Session() as session:
        opened = open_file(path, path.name, Path(work))
        if opened.is_empty:
            raise SourceError("empty", f"{path.name}: is empty; there is nothing to map.")
        header_rows, delimiter = _layout(opened)
        raw = _relation(session, opened, path.name, header_rows, delimiter)
        rows = session.rows(f"select {', '.join(raw.columns)} from {raw.scan} limit {SAMPLED}")
    columns = _columns(raw, rows, header_rows)
    shown = None if delimiter == "," else delimiter
    return Sample(opened.container, columns, header_rows, shown)


def _layout(opened: Opened) -> tuple[int, str | None]:
    """How many header rows a table has, and what parts its cells."""
    if opened.container != "csv":
        return 1, None
    delimiter = found_delimiter(opened.path)
    head = first_records(opened.path, delimiter, 2)
    if head and all(_NUMBER.fullmatch(cell.strip()) for cell in head[0] if cell.strip()):
        return 0, delimiter
    below = [cell.strip().casefold() for cell in head[1] if cell.strip()] if len(head) > 1 else []
    repeats = sum(bool(_SECOND_HEADER.match(cell)) for cell in below)
    return (2 if repeats >= MIN_REPEATS else 1), delimiter


def _relation(
    session: Session, opened: Opened, file_name: str, header_rows: int, delimiter: str | None
) -> Raw:
    if opened.container == "parquet":
        return parquet_relation(session, opened.path, file_name)
    if opened.container == "xlsx":
        return xlsx_relation(session, opened.path, file_name, sheet=None, header_rows=1)
    if opened.container == "json":
        records, problems = json_objects(opened.path, file_name, None)
        paths: dict[str, None] = {}
        for record in records[:SAMPLED]:
            paths.update(dict.fromkeys(_paths(record.values)))
        return json_relation(session, records, problems, list(paths), no_lines)
    return csv_relation(session, opened, file_name, delimiter=delimiter, header_rows=header_rows)


def _paths(tree: object, before: str = "") -> list[str]:
    """The dotted paths of an object's values; lists are values."""
    if not isinstance(tree, dict):
        return [before]
    return [
        path
        for key, value in tree.items()
        for path in _paths(value, f"{before}.{key}" if before else str(key))
    ]


def _columns(
    raw: Raw, rows: Sequence[tuple[str | None, ...]], header_rows: int
) -> tuple[SampledColumn, ...]:
    names = [normalised(text) for text in raw.header]
    found = []
    for place, text in enumerate(raw.header or [""] * len(raw.columns)):
        cells = [(row[place] or "").strip() for row in rows]
        values = tuple(cell for cell in cells if cell not in MISSING)
        is_repeated = header_rows > 0 and names.count(names[place]) > 1
        occurrence = names[: place + 1].count(names[place]) if is_repeated else None
        origin = text.strip() if header_rows else place + 1
        if origin:
            found.append(SampledColumn(origin, occurrence, values))
    return tuple(found)


def toml_text(value: object) -> str:
    r"""A value as TOML writes it.

    >>> toml_text('say "hi"'), toml_text(3), toml_text(True)
    ('"say \\"hi\\""', '3', 'true')
    """
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
