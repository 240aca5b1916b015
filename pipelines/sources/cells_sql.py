"""SQL over a raw file: its numbered cells, and the text of every target column."""

from pipelines.sources import conversion
from pipelines.sources.mapping_sql import Cell, Plan
from pipelines.sources.raw import Raw

# Flags of cells that could not be read are the bits of one HUGEINT.
MAX_FLAGS = 126


def cells_sql(raw: Raw, plan: Plan) -> str:
    """SQL: record_no, row_no and the x columns of a plan, one row per readable record."""
    sources = "".join(f", {sql} as {name}" for name, sql in plan.sources.items())
    cells = ", ".join(f"{conversion.trimmed(column)} as {column}" for column in raw.columns)
    if raw.is_numbered:
        given = "record_no, row_no"
        return f"select {given}{sources} from (select {given}, {cells} from {raw.scan})"
    numbers = "cast(row_number() over () as bigint) as record_no, cast(0 as bigint) as row_no"
    return f"select {numbers}{sources} from (select {cells} from {raw.scan})"


def texts_sql(raw: Raw, plan: Plan) -> str:
    """SQL: record_no, row_no, record_hash, is_wanted and a t column per cell of the plan."""
    used = [name for name in plan.sources if name.startswith("x")]
    content = f"hash({', '.join(used)})" if used else "hash(record_no)"
    texts = "".join(f", {cell.text} as t_{cell.column.name}" for cell in plan.cells)
    return (
        f"select record_no, row_no, {content} as record_hash, "
        f"coalesce({plan.where}, false) as is_wanted{texts} from ({cells_sql(raw, plan)})"
    )


def distinct_texts_sql(raw: Raw, plan: Plan, cell: Cell, condition: str = "true") -> str:
    """SQL relation: text, n and record_no (its first) of a cell's filled texts.

    Args:
        raw: The file.
        plan: Of the cell.
        cell: Whose texts.
        condition: SQL over `{text}` that they must meet.
    """
    text = f"t_{cell.column.name}"
    return (
        f"(select {text} as text, count(*) as n, min(record_no) as record_no "
        f"from ({texts_sql(raw, plan)}) where is_wanted and {text} is not null "
        f"and ({condition.replace('{text}', text)}) group by 1)"
    )
