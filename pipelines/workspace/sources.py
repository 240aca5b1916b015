"""`[[source]]`: where a set of files lies and what its files do not say themselves."""

from datetime import timedelta
from typing import Literal, Self

from pydantic import field_validator, model_validator

from pipelines.workspace.frozen import Frozen
from pipelines.workspace.values import (
    Currency,
    Day,
    Delimiter,
    Duration,
    Flag,
    Fraction,
    Moment,
    Number,
    Origin,
    SettingError,
    Text,
    Texts,
    Zone,
)

OWN_SOURCE = "launchloop"


class Scale(Frozen):
    """What the answers to a question may be."""

    min: Number
    max: Number
    higher_is_better: Flag = True

    @model_validator(mode="after")
    def _has_width(self) -> Self:
        if self.min >= self.max:
            raise SettingError(f"{self.min:g} is not below max, {self.max:g}; exchange them", "min")
        return self


class Survey(Frozen):
    """Which survey, kind, wave and scale the answers of a file belong to."""

    id: Text | None = None
    kind: Literal["relational", "transactional"] | None = None
    wave: Text | None = None
    wave_on: Day | None = None
    scale: Scale | None = None


class SourceSettings(Frozen):
    """One `[[source]]`; a key left out is answered by its preset, its mapping or its file."""

    name: Text
    files: Texts = ()
    preset: Text | None = None
    mapping: Text | None = None
    timezone: Zone | None = None
    date_order: Literal["infer", "dmy", "mdy", "ymd"] | None = None
    encoding: Text | None = None
    delimiter: Delimiter | None = None
    sheet: Text | None = None
    exported_at: Moment | None = None
    complete_to: Moment | None = None
    expected_every: Duration = timedelta(days=1)
    limit: Fraction = 0.02
    mode: Literal["append", "snapshot", "changelog"] | None = None
    scope: Literal["full"] | None = None
    currency: Currency | None = None
    columns: dict[Text, Origin] = {}
    survey: Survey | None = None
    team: Text | None = None
    production: Texts = ()

    @field_validator("name")
    @classmethod
    def _not_our_own(cls, name: str) -> str:
        if name.casefold() == OWN_SOURCE:
            raise SettingError(
                f'"{name}" is the source of `launchloop release`; choose another name'
            )
        return name

    @model_validator(mode="after")
    def _names_files(self) -> Self:
        if not self.files and self.mapping is None:
            raise SettingError('names no files; write files = "exports/*.csv"')
        if self.preset is not None and self.mapping is not None:
            raise SettingError("stands beside `mapping`; keep the one that fits the file", "preset")
        return self
