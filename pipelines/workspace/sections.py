"""The tables of launchloop.toml that say what the product is and how it is judged."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, ClassVar, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    ValidationInfo,
    field_validator,
    model_validator,
)

from pipelines.workspace.frozen import Frozen, Named
from pipelines.workspace.matches import ANY_EVENT, EventMatch, Events, SomeEvents
from pipelines.workspace.values import (
    Currency,
    Day,
    Duration,
    Instant,
    Positive,
    SettingError,
    Text,
    Texts,
    Zone,
    as_pairs,
    shown,
)

EVERY_EVENT = (EventMatch(event=ANY_EVENT),)


class Product(Frozen):
    """`[product]`: what is measured, and the calendar and currency that numbers are in."""

    name: Text
    timezone: Zone = "UTC"
    week_start: Literal["monday", "sunday"] = "monday"
    currency: Currency = "EUR"
    now: Instant | None = None

    @field_validator("now")
    @classmethod
    def _in_utc(cls, now: datetime | None, info: ValidationInfo) -> datetime | None:
        """A fixed clock without an offset is local to the reporting zone."""
        zone = ZoneInfo(info.data.get("timezone", "UTC"))
        if now is None or now.tzinfo:
            return now and now.astimezone(UTC)
        return now.replace(tzinfo=zone).astimezone(UTC)


class Launch(Named):
    """`[[launch]]`: a day from which success is counted."""

    on: Day
    business_case: Text | None = None
    scorecard: Texts = ()


class Activation(Frozen):
    """Which events, how soon after sign-up, make a person activated."""

    events: SomeEvents
    within_days: Positive = 7
    match: Literal["all", "any"] = "all"


class Feature(Frozen):
    """A feature and the events that show its use."""

    name: Text
    events: SomeEvents

    @model_validator(mode="before")
    @classmethod
    def _from_pair(cls, value: object) -> object:
        return {"name": value[0], "events": value[1]} if isinstance(value, tuple) else value


def _feature_table(features: tuple[Feature, ...]) -> dict[str, list[dict[str, object]]]:
    return {feature.name: [match.model_dump() for match in feature.events] for feature in features}


class Usage(Frozen):
    """`[usage]`: which events count as activity, sign-up, activation and feature use."""

    active_events: SomeEvents = EVERY_EVENT
    passive_events: Events = ()
    sign_up_event: EventMatch | None = None
    activation: Activation | None = None
    features: Annotated[
        tuple[Feature, ...], BeforeValidator(as_pairs), PlainSerializer(_feature_table)
    ] = ()


class Funnel(Named):
    """`[[funnel]]`: steps in order; a step may come more than once."""

    steps: Annotated[Events, Field(min_length=2)]
    # How long after the first step the last one still counts, end included.
    window: Duration = timedelta(days=14)
    order: Literal["loose", "strict", "any_order"] = "loose"

    spellings: ClassVar[tuple[str, ...]] = ("window_days",)

    @model_validator(mode="before")
    @classmethod
    def _days_as_window(cls, value: object) -> object:
        if not isinstance(value, dict) or "window_days" not in value:
            return value
        days = value["window_days"]
        if "window" in value:
            raise SettingError("stands beside `window`; keep one of them", "window_days")
        if not isinstance(days, int) or isinstance(days, bool) or days < 1:
            raise SettingError(f"{shown(days)} is not a number of days from 1", "window_days")
        rest = {key: value[key] for key in value if key != "window_days"}
        return {**rest, "window": f"{days}d"}


class Retention(Frozen):
    """`[retention]`: who starts, what counts as coming back, and over which interval."""

    start_events: SomeEvents = EVERY_EVENT
    return_events: SomeEvents = EVERY_EVENT
    every: Literal["day", "week", "month", "quarter", "year"] = "week"
    variant: Literal["simple", "unbounded", "recurring", "rolling_24h"] | None = None


class Finance(Frozen):
    """`[finance]`: whose rules recurring revenue follows."""

    mrr_policy: Literal["ours", "stripe", "chartmogul", "profitwell"] = "ours"
