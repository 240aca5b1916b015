"""Own metrics of launchloop.toml → models that hold what any period and segment of them needs.

The SQL is made from the settings: names were checked against the canonical tables when they were
read, values become literals through the parse tree.
"""

from collections.abc import Iterator

from sqlglot import exp

from pipelines.engines.definition import Model
from pipelines.engines.settings_tables import json_text
from pipelines.sources.tables import TABLES, Table
from pipelines.workspace import (
    ColumnMeasure,
    CountOf,
    Measure,
    OwnMetric,
    QuantileOf,
    RatioOf,
    ShareOf,
    Workspace,
)

SimpleMeasure = CountOf | ColumnMeasure | ShareOf | QuantileOf

EVENT_MEASURES = "own_event_measures"
MEASURES = "own_measures"
# Counts the rows of a money metric that are in another currency and left out.
LEFT_OUT = 0
_NUMERIC = ("DOUBLE", "BIGINT", "DECIMAL")
# Of these tables every revision is kept, and the latest one counts.
_REVISED = {"feedback_items": ("feedback_id", "revision_no")}
_NOTHING = """select
    cast(null as varchar) as metric_id, cast(null as bigint) as part,
    cast(null as date) as day_on, cast(null as varchar) as segment_key,
    cast(null as bigint) as actor_key, cast(null as varchar) as account_id,
    cast(null as varchar) as id_text, cast(null as double) as value, cast(null as bigint) as n,
    cast(null as double) as total, cast(null as double) as total_of_squares
from settings.sources where false"""


def own_metric_models(workspace: Workspace) -> list[Model]:
    """Two models: measures on events, kept by day, and measures on all other tables."""
    events, others = list[str](), list[str]()
    for metric in workspace.metrics:
        selects = _selects(metric, is_money=metric.unit == workspace.product.currency)
        (events if metric.table == "events" else others).extend(selects)
    return [
        Model("activity", EVENT_MEASURES, _union(events), (), "day_on"),
        Model("marts", MEASURES, _union(others), ()),
    ]


def _union(selects: list[str]) -> str:
    return "\nunion all\n".join(selects) if selects else _NOTHING


def parts(measure: Measure) -> tuple[SimpleMeasure, ...]:
    """The measures of which rows are kept: two for a ratio."""
    return (measure.numerator, measure.denominator) if isinstance(measure, RatioOf) else (measure,)


def _selects(metric: OwnMetric, *, is_money: bool) -> Iterator[str]:
    measures = parts(metric.measure)
    if not is_money or "currency" not in TABLES[metric.table].column_names:
        for number, measure in enumerate(measures, 1):
            yield _select(metric, number, measure)
        return
    # Amounts in two currencies have no sum: those of the reporting one count.
    foreign = "coalesce(upper(currency) <> $currency, false)"
    for number, measure in enumerate(measures, 1):
        yield _select(metric, number, measure, f"not {foreign}")
    yield _select(metric, LEFT_OUT, CountOf(kind="count"), foreign)


def _select(metric: OwnMetric, part: int, measure: SimpleMeasure, only: str = "true") -> str:
    table = TABLES[metric.table]
    source = f"landing.{table.name}"
    conditions = [_conditions(table, metric.where), _conditions(table, measure.where), only]
    if table.name in _REVISED:
        thing, revision = _REVISED[table.name]
        conditions.append(
            f"not exists (select 1 from {source} as later "
            f"where later.source_id = {table.name}.source_id "
            f"and later.{thing} = {table.name}.{thing} "
            f"and later.{revision} > {table.name}.{revision})"
        )
    dated = table.column(table.dated_by or "")
    day = f"cast({dated.name} at time zone $timezone as date)"
    if dated.type == "DATE":
        day = dated.name
    actor, segment = "cast(null as bigint)", "''"
    if table.name == "events":
        # staging.events has the local day, the id and the segments; landing has every column
        actor, segment = "coalesce(user_key, anonymous_key)", "$segment_key"
    elif "user_key" in table.person_keys.values():
        actor = "user_key"
    account = "account_id" if "account_id" in table.column_names else "cast(null as varchar)"
    identity, value, n, total, squares = _aggregates(table, measure)
    return f"""select
    '{metric.id}' as metric_id, cast({part} as bigint) as part, {day} as day_on,
    {segment} as segment_key, {actor} as actor_key, {account} as account_id,
    {identity} as id_text, {value} as value,
    {n} as n, {total} as total, {squares} as total_of_squares
from {source}
where {" and ".join(conditions)} and {dated.name} is not null
group by 1, 2, 3, 4, 5, 6, 7, 8"""


def _aggregates(table: Table, measure: SimpleMeasure) -> tuple[str, str, str, str, str]:
    """SQL of id, value, n, total and total of squares."""
    none = "cast(null as double)"
    if isinstance(measure, ColumnMeasure):
        column = measure.column
        if measure.kind == "distinct":
            return f"cast({column} as varchar)", none, "count(*)", none, none
        number = f"cast({column} as double)"
        return (
            "cast(null as varchar)", none, f"count({column})", f"sum({number})",
            f"sum({number} * {number})",
        )  # fmt: skip
    if isinstance(measure, QuantileOf):
        value = f"cast({measure.column} as double)"
        return "cast(null as varchar)", value, f"count({measure.column})", none, none
    if isinstance(measure, ShareOf):
        met = f"cast(count(case when {_conditions(table, measure.share)} then 1 end) as double)"
        return "cast(null as varchar)", none, "count(*)", met, met
    return "cast(null as varchar)", none, "count(*)", "cast(count(*) as double)", none


def _conditions(table: Table, where: tuple[tuple[str, tuple[str, ...]], ...]) -> str:
    parts = [_condition(table, column, values) for column, values in where]
    return exp.and_(*parts).sql(dialect="duckdb") if parts else "true"


def _condition(table: Table, name: str, values: tuple[str, ...]) -> exp.Expr:
    if name not in table.column_names:
        left: exp.Expr = json_text("properties_json", name)
    elif table.column(name).type.startswith(_NUMERIC):
        numbers = [exp.Literal.number(value) for value in values if _is_number(value)]
        return exp.In(this=exp.column(name), expressions=numbers or [exp.null()])
    else:
        left = exp.cast(exp.column(name), "varchar")
    return exp.In(this=left, expressions=[exp.Literal.string(value) for value in values])


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
