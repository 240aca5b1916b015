"""What a team set for its reviews, with a default for all that it did not set. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from pipelines.errors import NotAllowedError
from pipelines.reviews.core.plan import BASELINE_PERIODS
from pipelines.reviews.core.terms import Direction, Rigour
from pipelines.reviews.rules.facts import ACTIVE_LIMIT

AGENDA_MINUTES = (60, 30)
SOLO_ACTIVE_LIMIT = 1
LONGEST_BASELINE = 104


@dataclass(frozen=True)
class GuardRailDefault:
    """A guard-rail that every new plan of the team gets.

    Attributes:
        metric_id: Of the catalogue.
        filters: What it is narrowed to: of, variant, where, policy.
        direction: Which way is good; None = as the metric says.
        margin: Largest tolerated harm in metric units; None = half a baseline σ.
        band_lo: Lower end of the band, for the direction `within`.
        band_hi: Upper end of it.
    """

    metric_id: str
    filters: Mapping[str, Any]
    direction: Direction | None = None
    margin: float | None = None
    band_lo: float | None = None
    band_hi: float | None = None


@dataclass(frozen=True)
class TeamSettings:
    """The settings of a team.

    Attributes:
        rigour: How much a plan is asked for.
        solo: One person may own, sign and facilitate.
        active_limit: How many cycles may be active at once (V12).
        agenda_minutes: 60 or 30.
        baseline_periods: How many periods a baseline takes, or what there is.
        is_text_only_preread: The pre-read goes out without charts.
        ledger_from_points: Items from this size on get a ledger row; None = releases only.
        guard_rails: The team's own defaults; None = those that fit the workspace.
    """

    rigour: Rigour = Rigour.LIGHT
    solo: bool = False
    active_limit: int = ACTIVE_LIMIT
    agenda_minutes: int = AGENDA_MINUTES[0]
    baseline_periods: int = BASELINE_PERIODS
    is_text_only_preread: bool = False
    ledger_from_points: float | None = None
    guard_rails: tuple[GuardRailDefault, ...] | None = None


NAMES = frozenset(each.name for each in fields(TeamSettings))


def team_settings(stored: Mapping[str, Any], *, solo: bool) -> TeamSettings:
    """The settings from what is stored, the presets of a team of one included.

    Args:
        stored: `team.settings`: only what somebody set.
        solo: `team.solo`.
    """
    default = TeamSettings(solo=solo)
    if solo:
        default = replace(
            default,
            active_limit=SOLO_ACTIVE_LIMIT,
            agenda_minutes=AGENDA_MINUTES[1],
            is_text_only_preread=True,
        )
    known = {name: value for name, value in stored.items() if name in NAMES and name != "solo"}
    if "rigour" in known:
        known["rigour"] = Rigour(known["rigour"])
    if known.get("guard_rails") is not None:
        known["guard_rails"] = tuple(_guard_rail(row) for row in known["guard_rails"])
    return replace(default, **known)


def checked_changes(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Settings as they are stored, once they make sense; None stays None, which is the default.

    Raises:
        NotAllowedError: One is unknown or outside what it may be; says which and what it may be.
    """
    if unknown := sorted(set(changes) - NAMES):
        raise NotAllowedError(
            f"A team has no setting {', '.join(unknown)}. It has {', '.join(sorted(NAMES))}."
        )
    stored = {name: value for name, value in changes.items() if value is not None}
    if "rigour" in stored:
        stored["rigour"] = Rigour(stored["rigour"]).value
    _need_between(stored, "active_limit", 1, 99)
    _need_between(stored, "baseline_periods", 6, LONGEST_BASELINE)
    if stored.get("agenda_minutes", AGENDA_MINUTES[0]) not in AGENDA_MINUTES:
        raise NotAllowedError("An agenda has 60 or 30 minutes. Choose one of them.")
    if "guard_rails" in stored:
        rails = [_as_guard_rail(each) for each in stored["guard_rails"]]
        for rail in rails:
            _need_bound(rail)
        stored["guard_rails"] = [asdict(rail) for rail in rails]
    return {**changes, **stored}


def _need_bound(rail: GuardRailDefault) -> None:
    """A margin is a distance, a band has an end, and its ends are in order."""
    if rail.margin is not None and rail.margin <= 0:
        raise NotAllowedError(f"The margin of {rail.metric_id} must be above 0.", "V2")
    ends = [end for end in (rail.band_lo, rail.band_hi) if end is not None]
    if rail.direction is Direction.WITHIN and not ends:
        raise NotAllowedError(f"Say within which band {rail.metric_id} must stay.", "V2")
    if ends != sorted(ends):
        raise NotAllowedError(f"The band of {rail.metric_id} ends before it begins.", "V2")


def _need_between(stored: Mapping[str, Any], name: str, lowest: int, highest: int) -> None:
    value = stored.get(name, lowest)
    if not isinstance(value, int) or not lowest <= value <= highest:
        words = name.replace("_", " ")
        raise NotAllowedError(f"The {words} is a whole number from {lowest} to {highest}.")


def _as_guard_rail(given: GuardRailDefault | Mapping[str, Any]) -> GuardRailDefault:
    return given if isinstance(given, GuardRailDefault) else _guard_rail(given)


def _guard_rail(row: Mapping[str, Any]) -> GuardRailDefault:
    direction = row.get("direction")
    return GuardRailDefault(
        metric_id=row["metric_id"],
        filters=dict(row.get("filters") or {}),
        direction=Direction(direction) if direction else None,
        margin=row.get("margin"),
        band_lo=row.get("band_lo"),
        band_hi=row.get("band_hi"),
    )
