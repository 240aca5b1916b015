"""What an own metric counts, and the metric around it."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer

from pipelines.workspace.frozen import Frozen, Named
from pipelines.workspace.values import (
    Column,
    Conditions,
    MetricId,
    Number,
    SettingError,
    Text,
    listed,
    nearest,
    shown,
)

KINDS = ("count", "sum", "mean", "distinct", "share", "quantile")
CURE = (
    "Write one of { count = true }, { sum = COLUMN }, { mean = COLUMN }, { distinct = COLUMN }, "
    "{ share = { column = value } }, { quantile = COLUMN, p = 0.85 } or { ratio = [one, other] }"
)
# Rows are dated by a time, so by the calendar; they name no sprint, release or wave.
Every = Literal["day", "week", "month", "quarter", "year", "total"]


class CountOf(Frozen):
    """How many rows."""

    kind: Literal["count"]
    where: Conditions = ()


class ColumnMeasure(Frozen):
    """The sum, the mean or the number of different values of one column."""

    kind: Literal["sum", "mean", "distinct"]
    column: Column
    where: Conditions = ()


class ShareOf(Frozen):
    """The share of the rows meeting `where` that also meet `share`."""

    kind: Literal["share"]
    share: Annotated[Conditions, Field(min_length=1)]
    where: Conditions = ()


class QuantileOf(Frozen):
    """The nearest-rank quantile `p` of one column."""

    kind: Literal["quantile"]
    column: Column
    p: Annotated[Number, Field(gt=0, lt=1)]
    where: Conditions = ()


def _tagged(value: object, kinds: tuple[str, ...] = KINDS) -> object:
    """The TOML shape with the one key that says what is measured turned into `kind`."""
    if not isinstance(value, Mapping):
        raise SettingError(f"{shown(value)} is not a measure. {CURE}")
    kind = _kind(value, kinds)
    argument = value[kind]
    if kind == "ratio":
        return _ratio_parts(argument)
    if kind == "count" and argument is not True:
        raise SettingError(f"count = {shown(argument)} is not a measure; write count = true")
    field = {} if kind == "count" else {"share" if kind == "share" else "column": argument}
    return {"kind": kind, **field, **{key: value[key] for key in value if key != kind}}


def _kind(value: Mapping[str, object], kinds: tuple[str, ...]) -> str:
    """The one key that says what is measured; no other may stand there but its own."""
    said = [kind for kind in kinds if kind in value]
    if not said:
        hint = nearest(str(next(iter(value), "")), list(kinds))
        raise SettingError(f"{listed(list(value)) or 'nothing'} measures nothing; {hint}. {CURE}")
    if len(said) > 1:
        raise SettingError(f"measures {len(said)} things at once ({listed(said)}); keep one")
    own = {"quantile": ["p", "where"], "ratio": []}.get(said[0], ["where"])
    for key in value:
        if key not in (said[0], *own):
            raise SettingError(
                f'unknown key "{key}" beside {said[0]}; {nearest(key, own or [said[0]])}'
            )
    return said[0]


def _ratio_parts(value: object) -> object:
    if not isinstance(value, list | tuple) or len(value) != len(("numerator", "denominator")):
        raise SettingError(f"{shown(value)} is not a pair of measures; write ratio = [one, other]")
    return {"kind": "ratio", "numerator": value[0], "denominator": value[1]}


def _toml_shape(measure: Any) -> dict[str, object]:  # noqa: ANN401
    """A measure as launchloop.toml writes it; the inverse of `_tagged`."""
    where = {"where": dict(measure.where)} if getattr(measure, "where", ()) else {}
    match measure:
        case CountOf():
            return {"count": True, **where}
        case ShareOf():
            return {"share": dict(measure.share), **where}
        case QuantileOf():
            return {"quantile": measure.column, "p": measure.p, **where}
        case RatioOf():
            return {"ratio": [_toml_shape(measure.numerator), _toml_shape(measure.denominator)]}
    return {measure.kind: measure.column, **where}


SimpleMeasure = Annotated[
    CountOf | ColumnMeasure | ShareOf | QuantileOf,
    Field(discriminator="kind"),
    BeforeValidator(_tagged),
]


class RatioOf(Frozen):
    """One measure over another, both over the metric's rows and period."""

    kind: Literal["ratio"]
    numerator: SimpleMeasure
    denominator: SimpleMeasure


Measure = Annotated[
    CountOf | ColumnMeasure | ShareOf | QuantileOf | RatioOf,
    Field(discriminator="kind"),
    BeforeValidator(lambda value: _tagged(value, (*KINDS, "ratio"))),
    PlainSerializer(_toml_shape),
]


class OwnMetric(Named):
    """A metric that the workspace declares over one canonical table."""

    id: MetricId
    definition: Text
    table: Column
    measure: Measure
    where: Conditions = ()
    unit: Text = "count"
    better: Literal["up", "down", "none"] = "none"
    every: Every = "week"
