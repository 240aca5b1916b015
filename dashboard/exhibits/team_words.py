"""How a team works, in words: its settings, its guard-rails, its people."""

from collections.abc import Mapping
from typing import Any

from dashboard import data
from dashboard.exhibits.plan_words import amount
from dashboard.format import counted, interval
from dashboard.question import Opened
from dashboard.review_words import field_name, words
from pipelines.reviews.core.team_settings import GuardRailDefault, TeamSettings
from pipelines.reviews.core.terms import Direction, Rigour, TeamRole

Line = tuple[str, str]
RIGOUR: Mapping[Rigour, str] = {
    Rigour.LIGHT: "Light: five answers; all else is filled in and can be changed",
    Rigour.STANDARD: "Standard: problem, evidence, cause and target too; whoever did the work "
    "does not sign",
}
RAILS_THAT_FIT = (
    "Every new plan gets up to two that fit its metric and have numbers here, each with a margin "
    "of one standard deviation of its baseline."
)
NO_RAILS = "None by default: every plan chooses its own, or says why it needs none."
_WAYS = {Direction.UP: "down", Direction.DOWN: "up"}


def setting_lines(settings: TeamSettings) -> list[Line]:
    """Every setting with its label."""
    return [
        (field_name(name), setting_told(name, getattr(settings, name)))
        for name in (
            "rigour", "active_limit", "agenda_minutes", "is_text_only_preread",
            "baseline_periods", "ledger_from_points", "solo",
        )
    ]  # fmt: skip


def setting_told(name: str, value: Any) -> str:  # noqa: ANN401  whatever a setting holds
    """One setting in words; of one that nobody set what the default is.

    >>> setting_told("active_limit", 1), setting_told("ledger_from_points", None)
    ('1 cycle', 'Releases only')
    """
    match name:
        case "rigour":
            return RIGOUR[Rigour(value)] if value else "As by default: light"
        case "active_limit":
            return counted(value, "cycle") if value else "As by default"
        case "agenda_minutes":
            return counted(value, "minute") if value else "As by default"
        case "baseline_periods":
            return f"{counted(value, 'period')}, or what there is" if value else "As by default"
        case "is_text_only_preread":
            return "Without charts" if value else "With charts"
        case "ledger_from_points":
            return f"Releases, and items from {value:g} points on" if value else "Releases only"
        case "solo":
            return "Yes" if value else "No" if value is not None else "As launchloop.toml says"
    return f"{counted(len(value), 'guard-rail')} of our own" if value else "Those that fit"


def stored_told(values: Mapping[str, Any]) -> dict[str, str]:
    """Settings as they are told when two people changed them at once."""
    return {name: setting_told(name, value) for name, value in values.items()}


def rail_told(opened: Opened, rail: GuardRailDefault) -> str:
    """What a default guard-rail of the team tolerates."""
    metric = data.metrics(opened).get(rail.metric_id)
    name = rail_name(opened, rail)
    if metric is None:
        return f"{name}: this workspace has no such metric, so no plan gets it."
    unit = data.subject(opened, rail.metric_id).unit
    if rail.direction is Direction.WITHIN:
        return f"{name} stays within {interval(rail.band_lo, rail.band_hi, unit)}"
    way = f" ({_WAYS[rail.direction]} is worse)" if rail.direction else ""
    if rail.margin is None:
        return f"{name} gets worse by less than one standard deviation of its baseline{way}"
    return f"{name} gets worse by less than {amount(rail.margin, unit)}{way}"


def rail_name(opened: Opened, rail: GuardRailDefault) -> str:
    """The metric's name with what it is of."""
    metric = data.metrics(opened).get(rail.metric_id)
    if metric is None:
        return rail.metric_id
    of = rail.filters.get("of")
    thing = data.things(opened, rail.metric_id).get(of, of) if of else None
    return f"{metric.name} ({thing})" if thing else metric.name


def people_lines(held: Mapping[str, frozenset[TeamRole]], names: Mapping[str, str]) -> list[Line]:
    """Name and roles of everybody in the team, by name."""
    found = [
        (names.get(person, person), ", ".join(words(role).lower() for role in sorted(roles)))
        for person, roles in held.items()
    ]
    return sorted(found, key=lambda line: line[0].casefold())
