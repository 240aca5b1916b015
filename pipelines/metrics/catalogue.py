"""Every metric there is: the built-in ones and a workspace's own."""

from datetime import timedelta

from pipelines.metrics import delivery, feedback, finance, quality, satisfaction, trust, usage
from pipelines.metrics.definition import (
    Better,
    Family,
    Metric,
    MinimumN,
    Settling,
    Uncertainty,
    Unit,
)
from pipelines.metrics.measures.own import OwnMeasure
from pipelines.workspace import (
    ColumnMeasure,
    CountOf,
    OwnMetric,
    QuantileOf,
    RatioOf,
    ShareOf,
    Workspace,
)

_FAMILIES = (usage, satisfaction, finance, feedback, delivery, quality, trust)
_UNITS = {unit.value: unit for unit in Unit}


def built_in() -> tuple[Metric, ...]:
    """The catalogue without a workspace's own metrics."""
    return tuple(metric for family in _FAMILIES for metric in family.METRICS)


def all_metrics(workspace: Workspace) -> dict[str, Metric]:
    """Every metric of a workspace by its id; an own one never replaces a built-in one."""
    known = {metric.id: metric for metric in built_in()}
    for own in workspace.metrics:
        known.setdefault(own.id, _own(own, workspace.product.currency))
    return known


def _own(own: OwnMetric, currency: str) -> Metric:
    """An own metric, as good a citizen as a built-in one."""
    measure = own.measure
    uncertainty, minimum = Uncertainty.NONE, MinimumN.NONE
    if isinstance(measure, ShareOf):
        uncertainty, minimum = Uncertainty.WILSON, MinimumN.PROPORTION
    elif isinstance(measure, QuantileOf):
        uncertainty, minimum = Uncertainty.ORDER, MinimumN.QUANTILE
    elif isinstance(measure, ColumnMeasure) and measure.kind == "mean":
        uncertainty = Uncertainty.STUDENT
    grains = ("day", "week", "month", "quarter", "year", "total")
    every = (own.every, *(grain for grain in grains if grain != own.every))
    return Metric(
        id=own.id,
        name=own.name or own.id,
        family=Family.OWN,
        question=own.name or own.id,
        definition=own.definition,
        formula=_formula(own),
        unit=Unit.MONEY if own.unit == currency else _UNITS.get(own.unit, Unit.COUNT),
        unit_name="" if own.unit in {currency, *_UNITS} else own.unit,
        better=Better(own.better),
        reader="both",
        measure=OwnMeasure(own),
        needs=(own.table,),
        every=every,
        settles=Settling.PERIOD,
        settles_after=timedelta(0),
        uncertainty=uncertainty,
        minimum=minimum,
        segments=("events", "users", "accounts")
        if own.table == "events"
        else ("users", "accounts"),
        is_additive=isinstance(measure, CountOf)
        or (isinstance(measure, ColumnMeasure) and measure.kind == "sum"),
        source="launchloop.toml",
    )


def _formula(own: OwnMetric) -> str:
    def told(measure: object) -> str:
        if isinstance(measure, RatioOf):
            return f"{told(measure.numerator)} / {told(measure.denominator)}"
        if isinstance(measure, ShareOf):
            return f"share of {own.table} with {_where(measure.share)}"
        if isinstance(measure, QuantileOf):
            return f"p{measure.p * 100:g} of {measure.column}"
        if isinstance(measure, ColumnMeasure):
            where = f" where {_where(measure.where)}" if measure.where else ""
            return f"{measure.kind} of {measure.column}{where}"
        if isinstance(measure, CountOf) and measure.where:
            return f"rows of {own.table} where {_where(measure.where)}"
        return f"rows of {own.table}"

    return told(own.measure)


def _where(conditions: tuple[tuple[str, tuple[str, ...]], ...]) -> str:
    return " and ".join(f"{name} = {' or '.join(values)}" for name, values in conditions)
