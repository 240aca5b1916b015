"""The subset of SQL that means the same on every engine, enforced on the parse tree.

An allow-list: what nobody has compared on DuckDB and Spark is not portable. Checks and metric
queries read the published snapshot, so they run on DuckDB alone and are exempt.
"""

from collections.abc import Iterator

import sqlglot
from sqlglot import exp

from pipelines.engines.definition import Model
from pipelines.errors import ModelError

# Kinds of nodes, by what they are for.
_ALLOWED = frozenset(
    """
    Select From Join Where Group Having Order Ordered With CTE Subquery Union Except Intersect
    Distinct Limit Table TableAlias Alias Column Identifier Star Var Placeholder
    Literal Boolean Null Cast TryCast DataType Interval Case If Coalesce Nullif
    And Or Not Paren EQ NEQ GT GTE LT LTE Is In Between Like NullSafeEQ NullSafeNEQ Exists
    Add Sub Mul Div Mod Neg Abs Ceil Floor Round Greatest Least Sqrt Ln Exp Pow
    Count Sum Min Max Avg Filter
    Window WindowSpec RowNumber Rank DenseRank Lag Lead FirstValue LastValue
    AtTimeZone DateDiff DateFromParts Extract TimestampTrunc DateTrunc
    Concat DPipe Lower Upper Trim Length Substring Replace SplitPart StrPosition StartsWith
    ArrayContains ArrayToString JSONExtractScalar
    """.split()
)
# DuckDB counts boundaries crossed, Spark elapsed units: only the smallest unit means the same.
_UNIT = "MICROSECOND"
_NUMBERED = ("Lag", "Lead", "FirstValue", "LastValue", "RowNumber")


def refuse_unportable(model: Model) -> Model:
    """The model itself.

    Raises:
        ModelError: If it says anything that engines may read differently; names all of it.
    """
    found = list(dict.fromkeys(deviations(model)))
    if found:
        raise ModelError(f"{model.name} is not portable: {'; '.join(found)}.")
    return model


def deviations(model: Model) -> Iterator[str]:
    """What in a model is outside the subset, in words."""
    tree = model.tree
    if ";" in model.sql.rstrip().rstrip(";") and _statements(model.sql) != 1:
        yield "a file holds one SELECT"
    if not isinstance(tree, exp.Query):
        yield "it is no SELECT"
        return
    for node in tree.walk():
        kind = type(node).__name__
        if isinstance(node, exp.Anonymous):
            yield f"function {node.name}()"
        elif kind not in _ALLOWED:
            yield kind
        yield from _misuse(node)
    yield from _names(tree)
    yield from _contract(model, tree)


def _statements(sql: str) -> int:
    return sum(tree is not None for tree in sqlglot.parse(sql, dialect="duckdb"))


def _misuse(node: exp.Expr) -> Iterator[str]:
    """Allowed words in a sense that engines do not share."""
    if isinstance(node, exp.Group) and node.args.get("all"):
        yield "group by all"
    if isinstance(node, exp.Ordered) and isinstance(node.this, exp.Var):
        yield "order by all"
    if isinstance(node, exp.Window) and node.this.find(exp.Distinct):
        yield "a windowed distinct"
    if isinstance(node, exp.Window) and _needs_order(node) and not node.args.get("order"):
        yield f"{type(node.this).__name__} without an order"
    if isinstance(node, exp.DateDiff) and str(node.args.get("unit")).upper() != _UNIT:
        yield f"date_diff in {str(node.args.get('unit')).lower()}s, not in microseconds"
    if isinstance(node, exp.Limit) and not node.parent_select:
        yield "limit outside a SELECT"
    if isinstance(node, exp.Limit) and node.parent and not node.parent.args.get("order"):
        yield "limit without an order"


def _needs_order(window: exp.Window) -> bool:
    """Whether the order is to be said here: a named window says its own."""
    return type(window.this).__name__ in _NUMBERED and not window.args.get("alias")


def _names(tree: exp.Query) -> Iterator[str]:
    """Tables are qualified and CTEs are not: by that the order of models is known."""
    ctes = {cte.alias for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        if not table.db and table.name not in ctes:
            yield f"table {table.name or table.sql()} without a schema"


def _contract(model: Model, tree: exp.Query) -> Iterator[str]:
    """The last SELECT lists every column, those of the key and of the days among them."""
    listed = tree.named_selects
    if "*" in listed:
        yield "the final SELECT does not list its columns"
        return
    wanted = [*model.key, *([model.kept_by] if model.kept_by else [])]
    for column in wanted:
        if column not in listed:
            yield f"the header names {column}, which it does not select"
