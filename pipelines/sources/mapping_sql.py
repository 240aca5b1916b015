"""A mapping and a header → the SQL that types a file. Pure text; nothing is run here."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pipelines.engines.duckdb import quoted
from pipelines.metrics.money import DEFAULT_EXPONENT, EXPONENTS
from pipelines.sources import conversion
from pipelines.sources.defaults import default_sql
from pipelines.sources.definition import Context
from pipelines.sources.mapping_file import UPDATE_TIME, ColumnRule, MappingFile
from pipelines.sources.raw import Raw, normalised
from pipelines.sources.source_columns import Columns
from pipelines.sources.tables import Column, Table

# What no event, payment or answer of a product that launched can lie before or behind; a year
# like 9999 means "never" in many systems.
_FIRST_DAY, _END_DAY = "1970-01-01", "2100-01-01"


@dataclass(frozen=True)
class Cell:
    """One target column: where its text comes from and how it is typed.

    Attributes:
        column: The canonical column.
        header: What messages call the source; the column's own name for constants.
        text: SQL of the text, null where missing; may name the x columns of the cells.
        typed: SQL of the value over `{text}`.
        default: SQL used where the text is missing, or None.
        with_comma: SQL that reads numbers with a decimal comma, where the mark is not declared.
        numbers: SQL of the number in the text by decimal point and by comma, where `typed` and
            `with_comma` refuse some numbers for other reasons.
        pattern: The declared format of a time: no other is looked for.
        zone: For its times without offset, where its header says UTC.
        code: Reason code of a cell that cannot be read.
        wanted: What the cell should have held, for the message.
    """

    column: Column
    header: str
    text: str
    typed: str
    default: str | None = None
    with_comma: str | None = None
    numbers: tuple[str, str] | None = None
    pattern: str | None = None
    zone: str | None = None
    code: str = "bad_value"
    wanted: str | None = None

    def with_typed(self, typed: str) -> "Cell":
        """The same cell read in another way."""
        return replace(self, typed=typed)


@dataclass(frozen=True)
class Plan:
    """How the rows of one canonical table are made from a file.

    Attributes:
        table: The target.
        cells: In any order; columns without a cell stay null.
        sources: x columns: name → SQL over the raw columns, null where missing.
        where: SQL over x columns; other records are dropped by the rule `mapping`.
        only: SQL over typed columns that rows must meet to exist at all (comments, say).
    """

    table: Table
    cells: tuple[Cell, ...]
    sources: Mapping[str, str]
    where: str = "true"
    only: str = "true"
    privacy: Mapping[str, str] = field(default_factory=dict)


def exponent_sql(currency: str) -> str:
    """SQL giving a currency's number of decimals (ISO 4217)."""
    by_exponent: dict[int, list[str]] = {}
    for code, exponent in EXPONENTS.items():
        by_exponent.setdefault(exponent, []).append(quoted(code))
    listed = " ".join(
        f"when upper({currency}) in ({', '.join(codes)}) then {exponent}"
        for exponent, codes in by_exponent.items()
    )
    return f"case {listed} else {DEFAULT_EXPONENT} end"


@dataclass(frozen=True)
class Money:
    """SQL of a record's currency, and of that currency's number of decimals."""

    currency: str

    @property
    def exponent(self) -> str:
        """Decimals by ISO 4217."""
        return exponent_sql(self.currency)


def typed_sql(
    column: Column, rule: ColumnRule | None, context: Context, decimal: str, money: Money
) -> str:
    """SQL over `{text}` that types a cell."""
    kind = (rule.type if rule else None) or ""
    text = "{text}"
    if column.type == "TIMESTAMPTZ":
        return _instant_sql(rule, context)
    if column.type == "DATE":
        return _day_sql(rule, context)
    if column.type == "BOOLEAN":
        return conversion.boolean(text)
    if column.type == "BIGINT":
        if column.name.endswith("_minor") and rule and rule.unit == "major":
            return conversion.minor_units(text, decimal, money.exponent, money.currency)
        return conversion.whole_number(text, decimal)
    if column.type == "DOUBLE" or column.type.startswith("DECIMAL"):
        return conversion.decimal_number(text, decimal, column.type)
    if column.type == "VARCHAR[]":
        return conversion.text_list(text, rule.separator if rule else None)
    if column.allowed:
        values = ", ".join(map(quoted, column.allowed))
        return f"case when lower({text}) in ({values}) then lower({text}) end"
    if column.name == "currency" or column.name.endswith("_currency"):
        return f"case when regexp_full_match({text}, '[A-Za-z]{{3}}') then upper({text}) end"
    if kind in {"integer", "decimal"}:
        return conversion.plain_number(text, decimal)
    return text


def _day_sql(rule: ColumnRule | None, context: Context) -> str:
    if not rule or not rule.format:
        return conversion.day("{text}")
    if rule.format.startswith("epoch"):
        return conversion.epoch_day("{text}", rule.format, context.timezone)
    return conversion.formatted_day("{text}", [rule.format])


def _instant_sql(rule: ColumnRule | None, context: Context) -> str:
    if rule and rule.format:
        if rule.format.startswith("epoch"):
            return conversion.epoch("{text}", rule.format)
        return conversion.formatted("{text}", [rule.format], context.timezone)
    return conversion.instant("{text}", context.timezone)


def in_our_time(table: Table, column: Column, typed: str) -> str:
    """The column that places a row in time must lie in a time that calendars can span."""
    if column.name != table.dated_by:
        return typed
    kind = "date" if column.type == "DATE" else "timestamptz"
    bounds = f"{kind} '{_FIRST_DAY}' and {kind} '{_END_DAY}'"
    return f"case when ({typed}) between {bounds} then ({typed}) end"


# Between the factors of a product: a text of no number.
_TIMES = " × "


def _product(rule: ColumnRule, decimal: str) -> str:
    """SQL over `{text}` of the product whose factors `rule_text` wrote side by side."""
    parts = f"string_split({{text}}, '{_TIMES}')"
    factors = [
        f"try_cast({conversion.plain_number(f'{parts}[{number}]', decimal)} as decimal(18, 6))"
        for number in range(1, len(rule.product) + 1)
    ]
    return f"cast(try({' * '.join(factors)}) as varchar)"


def rule_text(rule: ColumnRule, columns: Columns) -> str:
    """SQL of the text that a rule takes from a record; the factors of a product side by side."""
    if rule.product:
        return "(" + f" || '{_TIMES}' || ".join(map(columns.text, rule.product)) + ")"
    if not rule.from_:
        return "cast(null as varchar)"
    texts = [columns.text(part, rule.occurrence) for part in _there(rule, columns)]
    text = texts[0] if len(texts) == 1 else f"coalesce({', '.join(texts)})"
    if rule.starts_with:
        cases = " ".join(
            f"when starts_with({text}, {quoted(prefix)}) then {quoted(_plain(value))}"
            for prefix, value in rule.starts_with.items()
        )
        rest = quoted(_plain(rule.otherwise)) if rule.otherwise is not None else text
        return f"case {cases} else {rest} end"
    return text


def _there(rule: ColumnRule, columns: Columns) -> Sequence[str | int]:
    """The origins of a rule that the file has; the first one where it has none, to be refused."""
    found = [part for part in rule.from_ if isinstance(part, int) or columns.has(part)]
    return found or rule.from_[:1]


def _mapped(text: str, values: Mapping[str, Any]) -> str:
    """Labels map after trimming and case-folding; what is not listed becomes unreadable."""
    cases = " ".join(
        f"when {conversion.folded(quoted(label.strip()))} then {quoted(_plain(value))}"
        for label, value in values.items()
    )
    return f"case {conversion.folded(text)} {cases} end"


def _plain(value: Any) -> str:  # noqa: ANN401 (a TOML value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def table_plan(
    table: Table, mapping: MappingFile, raw: Raw, context: Context, columns: Columns
) -> Plan:
    """The plan for one table of a mapping without questions.

    Raises:
        SourceError: If the mapping names a column that the file lacks.
    """
    maker = _CellMaker(table, mapping, context, columns)
    cells = [cell for column in table.columns if (cell := maker.cell(column))]
    if UPDATE_TIME in mapping.columns:
        cells.append(maker.ruled(_UPDATED, mapping.columns[UPDATE_TIME], None))
    privacy = {name: rule.privacy for name, rule in mapping.columns.items() if rule.privacy}
    where = _where(mapping, columns)
    return Plan(table, tuple(cells), columns.sources, where, privacy=privacy)


_UPDATED = Column(UPDATE_TIME, "TIMESTAMPTZ", is_required=False, allowed=(), privacy="keep")


def _says_utc(rule: ColumnRule) -> bool:
    """Whether the header names the zone of its times: "Created (UTC)", `created_utc`."""
    return bool(rule.from_) and all(
        re.search(r"\(utc\)$|[_ ]utc$", normalised(str(part))) for part in rule.from_
    )


class _CellMaker:
    """Turns the rules of a mapping into cells of one table."""

    def __init__(
        self, table: Table, mapping: MappingFile, context: Context, columns: Columns
    ) -> None:
        self._table = table
        self._mapping = mapping
        self._context = context
        self._columns = columns
        self._decimal = mapping.decimal or "."
        self._stated = self._stated_currency()
        self._money = Money(self._currency())

    def cell(self, column: Column) -> Cell | None:
        """The cell of one column, None where nothing fills it."""
        default = default_sql(self._table, column, self._context)
        if column.name in self._mapping.constants:
            text = quoted(_plain(self._mapping.constants[column.name]))
            return Cell(column, column.name, text, self._typed(column, None), default)
        rule = self._mapping.columns.get(column.name)
        if rule:
            return self.ruled(column, rule, default)
        if column.name == "currency" and self._stated:
            return Cell(column, column.name, self._stated, "{text}", default)
        nothing = "cast(null as varchar)"
        return Cell(column, column.name, nothing, nothing, default) if default else None

    def ruled(self, column: Column, rule: ColumnRule, default: str | None) -> Cell:
        """The cell of a column that the file fills."""
        text = rule_text(rule, self._columns)
        typed = self._typed(column, rule)
        header = ", ".join(str(part) for part in (*rule.from_, *rule.product))
        zone = "UTC" if _says_utc(rule) else None
        cell = Cell(column, header, text, typed, default, pattern=rule.format, zone=zone)
        if rule.values:
            typed = typed.replace("{text}", f"({_mapped('{text}', rule.values)})")
            wanted = "a value that the mapping lists under `values`"
            return replace(cell, typed=typed, wanted=wanted)
        if column.name.endswith("_minor") and rule.unit == "major":
            wanted = "an amount without a fraction of its currency's smallest unit"
            cell = replace(cell, wanted=wanted)
        comma = self._typed(column, rule, ",")
        if self._mapping.decimal or column.type in {"VARCHAR", "BOOLEAN"} or comma == typed:
            return cell
        numbers = self._number(column, rule, "."), self._number(column, rule, ",")
        return replace(cell, with_comma=comma, numbers=numbers)

    @staticmethod
    def _number(column: Column, rule: ColumnRule, decimal: str) -> str:
        """SQL of the number in a text, as a decimal mark makes it."""
        if rule.product:
            return _product(rule, decimal)
        if column.type == "BIGINT" and not column.name.endswith("_minor"):
            return conversion.whole_number("{text}", decimal)
        return conversion.plain_number("{text}", decimal)

    def _typed(self, column: Column, rule: ColumnRule | None, decimal: str | None = None) -> str:
        mark, context = decimal or self._decimal, self._context
        if rule and _says_utc(rule):
            context = replace(context, timezone="UTC")
        typed = typed_sql(column, rule, context, mark, self._money)
        if rule and rule.product:
            plain = typed_sql(column, rule, self._context, ".", self._money)
            typed = plain.replace("{text}", _product(rule, mark))
        return in_our_time(self._table, column, typed)

    def _stated_currency(self) -> str | None:
        """SQL of the currency that the amounts themselves bear, where no column has it."""
        if "currency" in {*self._mapping.constants, *self._mapping.columns}:
            return None
        if "currency" not in self._table.column_names:
            return None
        for name, rule in self._mapping.columns.items():
            if name.endswith("_minor") and rule.unit == "major" and rule.from_:
                text = rule_text(rule, self._columns)
                return conversion.stated_currency(text)
        return None

    def _currency(self) -> str:
        """SQL of a row's currency, as its own cell has it."""
        context, mapping = self._context, self._mapping
        fallback = quoted(context.source.currency or context.workspace.product.currency)
        has_cell = "currency" in {*mapping.constants, *mapping.columns} or self._stated
        if has_cell and "currency" in self._table.column_names:
            return f"coalesce(t_currency, {fallback})"
        return fallback


def _where(mapping: MappingFile, columns: Columns) -> str:
    """SQL: a record has the wanted texts, in columns of the file or else of the target."""
    parts = ["true"]
    for header, wanted in mapping.where.items():
        rule = mapping.columns.get(header)
        if rule and not columns.has(header):
            text = rule_text(rule, columns)
            text = _mapped(text, rule.values) if rule.values else text
        else:
            text = columns.text(header)
        if set(wanted) <= {"true", "false"}:
            text = f"lower({text})"
        listed = ", ".join(quoted(value) for value in wanted)
        parts.append(f"{text} in ({listed})")
    return " and ".join(parts)


def neutral_mapping(table: Table, header: Sequence[str]) -> dict[str, Any]:
    """The mapping of a file whose header already bears the canonical names."""
    names = {normalised(text) for text in header}
    wanted = [*table.column_names, "source_updated_at"]
    return {
        "import": {"target": table.name, "decimal": "."},
        "columns": {name: name for name in wanted if name in names},
    }
