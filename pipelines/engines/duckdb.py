"""The embedded engine: every connection to DuckDB is opened here."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import polars as pl

from pipelines.errors import SourceError

# Leaves room for Python and Polars below the 4 GB that a refresh may take.
MEMORY_LIMIT = "2500MB"
MAX_LINE_BYTES = 16_000_000

Parameters = Mapping[str, Any] | Sequence[Any] | None


class Session:
    """One connection: UTC, no downloads, one query at a time.

    Args:
        path: Database file; None keeps everything in memory (spilling to `spill`).
        read_only: Open without the right to change it.
        spill: Folder for what does not fit into memory.
    """

    def __init__(
        self, path: Path | None = None, *, read_only: bool = False, spill: Path | None = None
    ) -> None:
        """Opens a file's connection; one in memory waits for its first use, which may not come."""
        self._options: dict[str, Any] = {
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        self._place, self._read_only = str(path) if path else ":memory:", read_only
        if not read_only:
            self._options["memory_limit"] = MEMORY_LIMIT
            if spill:
                self._options["temp_directory"] = str(spill)
        if path:
            _ = self._connection

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(self._place, read_only=self._read_only, config=self._options)
        connection.execute("set TimeZone = 'UTC'")
        return connection

    def execute(self, sql: str, parameters: Parameters = None) -> None:
        """Runs statements for their effect."""
        self._connection.execute(sql, parameters).fetchall()

    def rows(self, sql: str, parameters: Parameters = None) -> list[tuple[Any, ...]]:
        """The whole result, a tuple per row."""
        return self._connection.execute(sql, parameters).fetchall()

    def frame(self, sql: str, parameters: Parameters = None) -> pl.DataFrame:
        """The whole result as a frame, through Arrow."""
        result: pl.DataFrame = self._connection.sql(sql, params=parameters).pl()
        return result

    def value(self, sql: str, parameters: Parameters = None) -> Any:  # noqa: ANN401
        """The first column of the only row."""
        return self.rows(sql, parameters)[0][0]

    @contextmanager
    def planned_as_written(self) -> Iterator[None]:
        """Runs statements without rearranging them.

        For hundreds of cells over few rows, looking for a faster way takes longer than the way.
        """
        self._connection.execute("pragma disable_optimizer")
        try:
            yield
        finally:
            self._connection.execute("pragma enable_optimizer")

    def register(self, name: str, frame: pl.DataFrame) -> None:
        """Copies a frame into a temporary table of that name, replacing an older one."""
        self._connection.register("incoming_frame", frame.to_arrow())
        self._connection.execute(
            f'create or replace temp table "{name}" as select * from incoming_frame'
        )
        self._connection.unregister("incoming_frame")

    def cursor(self) -> "Session":
        """A second handle on the same database, for another thread."""
        twin = object.__new__(Session)
        twin._connection = self._connection.cursor()  # noqa: SLF001
        twin._connection.execute("set TimeZone = 'UTC'")  # noqa: SLF001
        return twin

    def close(self) -> None:
        """Closes the connection; the file may then be renamed."""
        if "_connection" in self.__dict__:
            self._connection.close()

    def __enter__(self) -> Self:
        """The session itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Closes the connection."""
        self.close()


DatabaseError = duckdb.Error


def references(texts: Sequence[str]) -> list[tuple[frozenset[str], frozenset[str]] | str]:
    """Qualified tables and `$parameters` of SELECTs, by DuckDB's parser; else what is wrong."""
    with Session() as session:
        # What is left out here is most of a tree and names nothing.
        trees = [
            session.value(
                "select json_serialize_sql(?::varchar, skip_default := true, skip_empty := true, "
                "skip_null := true)",
                [sql],
            )
            for sql in texts
        ]
    return [_named(json.loads(tree)) for tree in trees]


def _named(tree: dict[str, Any]) -> tuple[frozenset[str], frozenset[str]] | str:
    if tree.get("error"):
        return str(tree.get("error_message"))
    tables, parameters, nodes = set[str](), set[str](), list[Any]([tree])
    while nodes:
        node = nodes.pop()
        if isinstance(node, list):
            nodes += node
        elif isinstance(node, dict):
            nodes += node.values()
            if node.get("type") == "BASE_TABLE" and node.get("schema_name"):
                tables.add(f"{node['schema_name']}.{node['table_name']}")
            elif node.get("class") == "PARAMETER":
                parameters.add(str(node["identifier"]))
    return frozenset(tables), frozenset(parameters)


# What a user's file can provoke while it is read, as opposed to a slip in our SQL.
FileReadError = (
    duckdb.ConversionException,
    duckdb.InvalidInputException,
    duckdb.InvalidTypeException,
    duckdb.IOException,
    duckdb.OutOfMemoryException,
    duckdb.OutOfRangeException,
    duckdb.SerializationException,
)


@cache
def hash_probe() -> str:
    """A few hashes in one: other releases of DuckDB may hash otherwise, and keys are hashes."""
    with Session() as session:
        return str(
            session.value(
                "select printf('%016x', hash('launchloop', cast(7 as bigint), 1.5::double, true, "
                "date '2026-05-04', ['a', null], cast(null as varchar)))"
            )
        )


def quoted(text: str) -> str:
    """A text as an SQL literal, for the places that take no parameter (file names, options)."""
    return "'" + text.replace("'", "''") + "'"


def name(text: str) -> str:
    """A text as an SQL identifier."""
    return '"' + text.replace('"', '""') + '"'


def csv_scan(path: Path, columns: Sequence[str], *, delimiter: str, skip: int) -> str:
    """SQL that reads a CSV file as text by position, keeping bad records apart.

    Nothing is sniffed: on one over-wide row DuckDB's detection loses the table silently.
    Bad records land in `rejected_records`.

    Args:
        path: UTF-8 with LF.
        columns: Names to give, in file order.
        delimiter: One character.
        skip: Physical lines before the first record (the header).
    """
    typed = ", ".join(f"{quoted(column)}: 'VARCHAR'" for column in columns)
    return (
        f"read_csv({quoted(str(path))}, auto_detect = false, header = false, skip = {skip}, "
        f"delim = {quoted(delimiter)}, quote = '\"', escape = '\"', new_line = '\\n', "
        f"columns = {{{typed}}}, max_line_size = {MAX_LINE_BYTES}, store_rejects = true, "
        "rejects_table = 'rejected_records', rejects_scan = 'rejected_scans')"
    )


def lines_scan(path: Path, *, skip: int) -> str:
    """SQL that reads a text file as one column `line`, in order; quotes mean nothing in it.

    Args:
        path: UTF-8 with LF.
        skip: Lines before the first one wanted.
    """
    return (
        f"read_csv({quoted(str(path))}, auto_detect = false, header = false, skip = {skip}, "
        "delim = '\x1f', quote = '', escape = '', new_line = '\\n', "
        f"columns = {{'line': 'VARCHAR'}}, max_line_size = {MAX_LINE_BYTES})"
    )


def read_or_refuse(session: Session, sql: str, file_name: str) -> None:
    """Runs a statement that reads a user's file; says which file when it cannot be read."""
    try:
        session.execute(sql)
    except duckdb.Error as problem:
        first = str(problem).splitlines()[0]
        raise SourceError(
            "unreadable",
            f"{file_name}: cannot be read ({first}). Export the file again, or name its "
            "delimiter and encoding in the source.",
        ) from problem
