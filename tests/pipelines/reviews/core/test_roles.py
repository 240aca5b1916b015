"""Who may do what: the table of reviews.md 13, cell by cell."""

from datetime import UTC, datetime, timedelta
from itertools import chain, combinations
from typing import get_args

import pytest

from pipelines.reviews.core.roles import (
    Permission,
    is_self_signed,
    may,
    may_self_sign_from,
    refusal,
    team_role,
    team_roles,
)
from pipelines.reviews.core.terms import TeamRole
from pipelines.workspace.delivery import Role

# Copied from the specification: viewer, member, cycle owner, PM / PO, facilitator, admin.
TABLE = {
    Permission.READ: "xxxxxx",
    Permission.CONTRIBUTE: ".xxxx.",
    Permission.EDIT: "..xx..",
    Permission.LOCK: "...x..",
    Permission.SIGN: ".x.x..",
    Permission.ACT: "...x..",
    Permission.RUN_MEETING: "...xx.",
    Permission.CORRECT: ".xxxx.",
    Permission.DEFINE: "...x..",
    Permission.ADMINISTER: ".....x",
}
COLUMNS = {
    TeamRole.VIEWER: 0,
    TeamRole.MEMBER: 1,
    TeamRole.PRODUCT_MANAGER: 3,
    TeamRole.PRODUCT_OWNER: 3,
    TeamRole.FACILITATOR: 4,
    TeamRole.ADMIN: 5,
}
OWNER = 2


def test_every_permission_is_in_the_table():
    assert set(TABLE) == set(Permission)


@pytest.mark.parametrize("permission", list(Permission))
@pytest.mark.parametrize("is_owner", [False, True])
def test_any_set_of_roles_may_exactly_what_one_of_them_may(permission, is_owner):
    ticks = TABLE[permission]
    sets = chain.from_iterable(combinations(TeamRole, k) for k in range(len(TeamRole) + 1))
    for roles in sets:
        expected = any(ticks[COLUMNS[role]] == "x" for role in roles)
        expected = expected or (is_owner and ticks[OWNER] == "x")
        assert may(frozenset(roles), permission, is_owner=is_owner) is expected


def test_every_role_of_the_settings_is_a_role_here():
    words = {word: team_role(word) for word in get_args(Role)}
    assert {word for word, role in words.items() if role is TeamRole.MEMBER} == {
        "member",
        "developer",
        "designer",
        "support",
    }
    assert words["stakeholder"] is TeamRole.VIEWER
    with pytest.raises(ValueError, match="owner of all"):
        team_role("owner of all")


def test_roles_of_a_team_are_its_own_and_those_for_every_team():
    roles = {"web": ["developer"], "*": ["facilitator"], "app": ["admin"]}
    assert team_roles(roles, "web") == {TeamRole.MEMBER, TeamRole.FACILITATOR}
    assert team_roles(roles, "shop") == {TeamRole.FACILITATOR}
    assert team_roles({}, "web") == frozenset()


def test_a_refusal_names_those_who_may():
    text = refusal(Permission.LOCK)
    assert text.endswith("Ask someone who may: product manager, product owner.")
    assert "the cycle's owner" in refusal(Permission.EDIT)


@pytest.mark.parametrize(
    ("signer", "solo", "own"),
    [("ben", False, True), ("ana", False, False), ("ana", True, True), ("cem", True, False)],
)
def test_a_signature_is_ones_own_for_owners_of_actions_and_alone_for_the_cycle_owner(
    signer, solo, own
):
    assert is_self_signed(signer, {"ben", None}, owner_id="ana", solo=solo) is own


def test_a_self_signature_waits_a_day():
    checked = datetime(2026, 10, 6, 9, tzinfo=UTC)
    assert may_self_sign_from(checked) == checked + timedelta(days=1)
