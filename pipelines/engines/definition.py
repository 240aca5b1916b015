"""What a model is: one SELECT in a file whose header says what a row is and how it is kept."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import sqlglot
from sqlglot import exp

from pipelines.engines.duckdb import references
from pipelines.errors import ModelError

SCHEMAS = ("staging", "activity", "marts")
_ROW = re.compile(r"^-- One row per .+", re.MULTILINE)
_KEY = re.compile(r"^-- key: (.+)$", re.MULTILINE)
_PERSON = re.compile(r"^-- kept: by person \((\w+)\)$", re.MULTILINE)
_VIEW = re.compile(r"^-- kept: as a view$", re.MULTILINE)
_KEPT = re.compile(r"^-- kept: by day \((\w+)\)$", re.MULTILINE)
# Texts and comments come first, so that a `$name` inside one stays what it is.
_PARAMETER = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\$(?P<name>\w+)""")


@dataclass(frozen=True)
class Model:
    """One table of the warehouse.

    Attributes:
        schema: staging (views), activity or marts (tables).
        table: Name inside the schema.
        sql: The file's text.
        key: Columns that are unique together and never null.
        kept_by: The day column, for models whose touched days alone are rebuilt.
        is_view: Nothing is kept of it: cheaper to say anew than to store.
        person_column: For models that look at each person alone: those whose events or
            ids changed are rebuilt.
    """

    schema: str
    table: str
    sql: str
    key: tuple[str, ...]
    kept_by: str | None = None
    is_view: bool = False
    person_column: str | None = None

    @property
    def name(self) -> str:
        """Qualified, as other models call it."""
        return f"{self.schema}.{self.table}"

    @cached_property
    def tree(self) -> exp.Expr:
        """The parse tree of the SELECT."""
        try:
            return sqlglot.parse_one(self.sql, dialect="duckdb")
        except sqlglot.errors.ParseError as problem:
            raise ModelError(f"{self.name}: {problem}") from problem

    @property
    def _references(self) -> tuple[frozenset[str], frozenset[str]]:
        """Tables and parameters, from DuckDB's own parse tree: a tenth of the time of `tree`."""
        _look_up([self])
        found = _FOUND[self.sql]
        if isinstance(found, str):
            raise ModelError(f"{self.name}: {found}")
        return found

    @property
    def reads(self) -> frozenset[str]:
        """Qualified names of the tables it reads; CTEs are never qualified."""
        return self._references[0]

    @property
    def parameters(self) -> frozenset[str]:
        """Names of the `$parameters` in it."""
        return self._references[1]

    def bound(self, bindings: dict[str, exp.Expr], dialect: str = "duckdb") -> str:
        """The SELECT with every parameter replaced, as text of an engine's dialect.

        Raises:
            ModelError: If a parameter has no binding.
        """
        if unbound := sorted(self.parameters - bindings.keys()):
            raise ModelError(f"{self.name}: ${unbound[0]} is not bound.")
        if dialect == "duckdb":
            # Models are written in this dialect: only what stands for a setting changes.
            return _PARAMETER.sub(lambda found: _filled(found, bindings), self.sql).rstrip("; \n")

        def replaced(node: exp.Expr) -> exp.Expr:
            return bindings[node.name].copy() if isinstance(node, exp.Placeholder) else node

        return self.tree.copy().transform(replaced).sql(dialect=dialect)


# Kept while the process lives: a model's text says all.
_FOUND: dict[str, tuple[frozenset[str], frozenset[str]] | str] = {}


def _look_up(models: Iterable[Model]) -> None:
    """Parses what was not parsed yet, all in one connection: opening it is what costs."""
    unknown = [model.sql for model in models if model.sql not in _FOUND]
    if unknown:
        _FOUND.update(zip(unknown, references(unknown), strict=True))


def _filled(found: re.Match[str], bindings: dict[str, exp.Expr]) -> str:
    name = found["name"]
    return bindings[name].sql(dialect="duckdb") if name else found[0]


def model_from(path: Path) -> Model:
    """Reads a model file.

    Raises:
        ModelError: If the header lacks the row's sentence or the key.
    """
    sql = path.read_text(encoding="utf-8")
    schema, table = path.parent.name, path.stem
    name = f"{schema}.{table}"
    key = _KEY.search(sql)
    if not _ROW.search(sql) or key is None:
        raise ModelError(f"{name}: the header needs '-- One row per …' and '-- key: …'.")
    kept, person = _KEPT.search(sql), _PERSON.search(sql)
    columns = tuple(part.strip() for part in key[1].split(","))
    is_view = schema == "staging" or _VIEW.search(sql) is not None
    return Model(
        schema,
        table,
        sql,
        columns,
        kept_by=kept[1] if kept else None,
        is_view=is_view,
        person_column=person[1] if person else None,
    )


def in_order(models: list[Model]) -> list[Model]:
    """Models after everything they read; same names, same order.

    Raises:
        ModelError: If models read each other in a circle.
    """
    _look_up(models)
    by_name = {model.name: model for model in models}
    done: dict[str, Model] = {}
    open_names: list[str] = []

    def visit(model: Model) -> None:
        if model.name in done:
            return
        if model.name in open_names:
            raise ModelError(f"Models read each other: {' → '.join([*open_names, model.name])}.")
        open_names.append(model.name)
        for name in sorted(model.reads & by_name.keys()):
            visit(by_name[name])
        open_names.pop()
        done[model.name] = model

    for name in sorted(by_name):
        visit(by_name[name])
    return list(done.values())


def load_models(folder: Path) -> list[Model]:
    """All models below `models/`, in the order in which they can run."""
    paths = sorted(path for schema in SCHEMAS for path in (folder / schema).glob("*.sql"))
    return in_order([model_from(path) for path in paths])
