"""How teams work, in the records, for a person: as `records`."""

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.records import Speaker
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.team_settings import GuardRailDefault
from pipelines.reviews.core.terms import TeamRole
from pipelines.reviews.desk import TeamCard


def team(who: Speaker, team_id: str) -> TeamCard:
    """A team with its settings."""
    return who.desk.team(team_id)


def members(who: Speaker, team_id: str) -> Mapping[str, frozenset[TeamRole]]:
    """Person id → roles, of everybody who has one in the team today."""
    return who.desk.members(team_id)


def may_change(who: Speaker, team_id: str) -> bool:
    """For buttons; the save asks again."""
    return who.may(Permission.DEFINE, team_id) or who.may(Permission.ADMINISTER, team_id)


def change(who: Speaker, team_id: str, version: int, changes: Mapping[str, Any]) -> None:
    """Changes settings; None takes one back to its default."""
    if changes:
        who.desk.change_settings(team_id, version, **changes)


def change_guard_rails(
    who: Speaker, team_id: str, version: int, rails: Sequence[GuardRailDefault] | None
) -> None:
    """Sets the team's own guard-rails; None takes those that fit the workspace."""
    who.desk.change_settings(team_id, version, guard_rails=rails)
