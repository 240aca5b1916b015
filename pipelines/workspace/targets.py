"""`[[target]]`: what a metric is to reach, by when."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from pipelines.workspace.frozen import Frozen
from pipelines.workspace.values import Conditions, Day, Number, SettingError, Text, as_pairs, shown

CURVES = ("ramp", "step", "table")


class TargetPoint(Frozen):
    """The value that a target takes from a day on."""

    on: Day
    value: Number

    @model_validator(mode="before")
    @classmethod
    def _from_pair(cls, value: object) -> object:
        if not isinstance(value, list | tuple):
            return value
        if len(value) != len(("on", "value")):
            raise SettingError(f"{shown(value)} is not a point; write [2026-07-01, 0.4]")
        return {"on": value[0], "value": value[1]}


def _points(value: object) -> object:
    """Points as `{ 2026-07-01 = 0.4 }`, as `[[day, value], …]` or as `{ on, value }` tables."""
    return as_pairs(value) if isinstance(value, dict) else value


class Target(Frozen):
    """`[[target]]`: the value, band or curve that a metric is held against."""

    metric: Text
    of: Text | None = None
    where: Conditions = ()
    value: Number | None = None
    low: Number | None = None
    high: Number | None = None
    shape: Literal["constant", "ramp", "step", "cumulative", "table"] = "constant"
    points: Annotated[tuple[TargetPoint, ...], BeforeValidator(_points)] = ()
    from_on: Day | None = Field(None, alias="from")
    to_on: Day | None = Field(None, alias="to")
    owner: Text | None = None
    reason: Text | None = None

    @model_validator(mode="after")
    def _says_what_to_reach(self) -> Self:
        has_band = self.low is not None and self.high is not None
        if (self.low is None) != (self.high is None):
            raise SettingError("names one end of a band; write both `low` and `high`")
        if sum((self.value is not None, has_band, bool(self.points))) != 1:
            raise SettingError(
                "says no single goal; write one of `value`, `low` and `high`, `points`"
            )
        if self.shape in CURVES and not self.points:
            raise SettingError(f'"{self.shape}" needs a curve; write `points`', "shape")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise SettingError(
                f"`low` {self.low} is above `high` {self.high}; exchange them", "low"
            )
        if self.from_on and self.to_on and self.from_on >= self.to_on:
            raise SettingError(f"{self.to_on} is not after `from`, {self.from_on}", "to")
        return self
