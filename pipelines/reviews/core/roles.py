"""Who may do what in a team's records (reviews.md 13). Pure."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from pipelines.reviews.core.terms import TeamRole

# One's own eyes are fresher a day later: how long a self-signature waits after the machine check.
SELF_SIGNED_AFTER = timedelta(hours=24)
EVERY_TEAM = "*"


class Permission(StrEnum):
    """What a person may be allowed to do: the rows of the table."""

    READ = "read"
    CONTRIBUTE = "contribute"
    EDIT = "edit"
    LOCK = "lock"
    SIGN = "sign"
    ACT = "act"
    RUN_MEETING = "run_meeting"
    CORRECT = "correct"
    DEFINE = "define"
    ADMINISTER = "administer"


# The words of each row, for the sentence that refuses it.
WORDS = MappingProxyType(
    {
        Permission.READ: "read the team's records",
        Permission.CONTRIBUTE: "add evidence, draft a cycle or work on an own follow-up",
        Permission.EDIT: "edit a draft or its actions, or extend a cycle",
        Permission.LOCK: "lock a plan or waive a guard-rail",
        Permission.SIGN: "sign a verdict",
        Permission.ACT: "make the Act decision or take the fast path",
        Permission.RUN_MEETING: "send a pre-read, run a meeting or publish its minutes",
        Permission.CORRECT: "append a correction",
        Permission.DEFINE: "set definitions, targets or policies",
        Permission.ADMINISTER: "change members or settings, or erase a person",
    }
)
_MANAGERS = frozenset({TeamRole.PRODUCT_MANAGER, TeamRole.PRODUCT_OWNER})
_WORKERS = _MANAGERS | {TeamRole.MEMBER}
_SPEAKERS = _WORKERS | {TeamRole.FACILITATOR}
ALLOWED = MappingProxyType(
    {
        Permission.READ: frozenset(TeamRole),
        Permission.CONTRIBUTE: _SPEAKERS,
        Permission.EDIT: _MANAGERS,
        Permission.LOCK: _MANAGERS,
        Permission.SIGN: _WORKERS,
        Permission.ACT: _MANAGERS,
        Permission.RUN_MEETING: _MANAGERS | {TeamRole.FACILITATOR},
        Permission.CORRECT: _SPEAKERS,
        Permission.DEFINE: _MANAGERS,
        Permission.ADMINISTER: frozenset({TeamRole.ADMIN}),
    }
)
# The column "cycle owner": what owning a cycle allows, whatever the role.
OWNER_ALLOWED = frozenset(
    {Permission.READ, Permission.CONTRIBUTE, Permission.EDIT, Permission.CORRECT}
)
# The words of launchloop.toml that are not a role here.
_ALSO = MappingProxyType(
    {
        "developer": TeamRole.MEMBER,
        "designer": TeamRole.MEMBER,
        "support": TeamRole.MEMBER,
        "stakeholder": TeamRole.VIEWER,
    }
)


def team_role(word: str) -> TeamRole:
    """The role that a word of launchloop.toml means.

    Raises:
        ValueError: If it means none.

    >>> team_role("designer")
    <TeamRole.MEMBER: 'member'>
    """
    return _ALSO.get(word) or TeamRole(word)


def team_roles(roles: dict[str, Iterable[str]], team_id: str) -> frozenset[TeamRole]:
    """A person's roles in one team: those named for it and those for every team.

    Args:
        roles: As `[[person]] roles` has them: team id or "*" → words.
        team_id: Of the team.
    """
    words = (*roles.get(team_id, ()), *roles.get(EVERY_TEAM, ()))
    return frozenset(team_role(word) for word in words)


def may(roles: Collection[TeamRole], permission: Permission, *, is_owner: bool = False) -> bool:
    """Whether someone with these roles may do this.

    Args:
        roles: All that the person has in the team at that time.
        permission: What is to be done.
        is_owner: The person owns the cycle that it is about.
    """
    if is_owner and permission in OWNER_ALLOWED:
        return True
    return not ALLOWED[permission].isdisjoint(roles)


def refusal(permission: Permission) -> str:
    """Why someone may not, and who may."""
    who = [role.value.replace("_", " ") for role in TeamRole if role in ALLOWED[permission]]
    if permission in OWNER_ALLOWED - {Permission.READ}:
        who.append("the cycle's owner")
    return f"Your roles do not let you {WORDS[permission]}. Ask someone who may: {', '.join(who)}."


def is_self_signed(
    signer_id: str, action_owners: Collection[str | None], *, owner_id: str | None, solo: bool
) -> bool:
    """Whether a signature is one's own work judged by oneself.

    Args:
        signer_id: Who signs.
        action_owners: Of every action of the cycle.
        owner_id: Who owns the cycle.
        solo: In a team of one the owner of the cycle counts too.
    """
    return signer_id in action_owners or (solo and signer_id == owner_id)


def may_self_sign_from(checked_at: datetime) -> datetime:
    """The earliest moment of a self-signature."""
    return checked_at + SELF_SIGNED_AFTER
