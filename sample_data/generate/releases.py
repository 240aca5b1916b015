"""Tags, commits and deployments of the one service that Lumen is."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sample_data.generate.dice import Dice
from sample_data.generate.stories import (
    CHECKOUT_BROKEN_AT,
    CHECKOUT_FIXED_AT,
    LAUNCHED_AT,
    ONBOARDING_AT,
)
from sample_data.generate.timeline import BERLIN, busyness, days, instant, iso
from sample_data.generate.writing import Row

TAG_HEADER = ("tag", "created_at", "commit_sha", "annotated")
COMMIT_HEADER = ("sha", "author_id", "author_kind", "authored_at", "committed_at", "n_parents")
DEPLOYMENT_HEADER = (
    "deployment_id", "service_id", "environment_code", "created_at", "started_at", "finished_at",
    "result_code", "commit_sha", "release_id", "is_rework",
)  # fmt: skip
AUTHORS = tuple((f"dev_{n:02d}", weight) for n, weight in enumerate((20, 17, 14, 12, 9, 6, 4), 1))
SERVICE = "lumen-web"

# Tag, when it was cut. Stable ones are deployed the same hour; candidates stay on staging.
TAGS: tuple[tuple[str, datetime], ...] = (
    ("v1.0.0", instant(date(2025, 5, 1), 7, 30)),
    ("v1.1.0", instant(date(2025, 7, 8), 10, 15)),
    ("v1.2.0", instant(date(2025, 9, 16), 11, 5)),
    ("v1.2.1", instant(date(2025, 9, 19), 15, 40)),
    ("v1.3.0", instant(date(2025, 11, 4), 10, 20)),
    ("v1.4.0", instant(date(2026, 1, 20), 10, 50)),
    ("v1.5.0", instant(date(2026, 3, 10), 11, 30)),
    ("v2.0.0-rc.1", instant(date(2026, 4, 20), 16, 10)),
    ("v2.0.0-rc.2", instant(date(2026, 4, 28), 17, 25)),
    ("v2.0.0", LAUNCHED_AT),
    ("v2.0.1", instant(date(2026, 5, 12), 9, 45)),
    ("v2.1.0", CHECKOUT_BROKEN_AT),
    ("v2.1.1", CHECKOUT_FIXED_AT),
    ("v2.2.0-rc.1", instant(date(2026, 7, 8), 15, 5)),
    ("v2.2.0", ONBOARDING_AT),
    ("v2.3.0", instant(date(2026, 8, 25), 10, 30)),
    ("v2.3.1", instant(date(2026, 9, 2), 13, 20)),
    ("v2.4.0", instant(date(2026, 10, 6), 10, 55)),
)
STABLE = tuple((tag, at) for tag, at in TAGS if "-" not in tag)


@dataclass(frozen=True)
class History:
    """Commits oldest first, the commit of every tag, and deployments in order."""

    commits: tuple[Row, ...]
    tagged: dict[str, str]
    deployments: tuple[Row, ...]


def version_at(moment: datetime) -> str:
    """The stable version in force, without its v."""
    current = STABLE[0][0]
    for tag, at in STABLE:
        if at <= moment:
            current = tag
    return current[1:]


def simulated_history() -> History:
    """Some two commits a working day, and a release about every six weeks."""
    dice = Dice("commits")
    commits: list[Row] = []
    tagged: dict[str, str] = {}
    moments = sorted(
        instant(day, dice.whole(8, 18), dice.whole(0, 59), dice.whole(0, 59))
        for day in days()
        for _ in range(dice.count(2.0 * busyness(day)))
    )
    tags = {at - timedelta(minutes=25): tag for tag, at in TAGS}
    for at in sorted([*moments, *tags]):
        sha = dice.hexadecimal(40)
        commits.append(_commit(dice, sha, at))
        if at in tags:
            tagged[tags[at]] = sha
    return History(tuple(commits), tagged, tuple(_deployments(Dice("deploys"), commits, tagged)))


def _commit(dice: Dice, sha: str, committed_at: datetime) -> Row:
    authored_at = committed_at - timedelta(minutes=dice.whole(0, 60 * 30))
    local = [at.astimezone(BERLIN).isoformat() for at in (authored_at, committed_at)]
    return {
        "sha": sha,
        "author_id": dice.weighted(AUTHORS),
        "author_kind": "person",
        "authored_at": local[0],
        "committed_at": local[1],
        "n_parents": 2 if dice.chance(0.18) else 1,
    }


def _deployments(dice: Dice, commits: list[Row], tagged: dict[str, str]) -> list[Row]:
    """Releases go to production; small changes follow twice a week, staging gets more."""
    planned = [
        (at, "staging" if "-" in tag else "production", tagged[tag], tag) for tag, at in TAGS
    ]
    by_day = {str(commit["committed_at"])[:10]: str(commit["sha"]) for commit in commits}
    for day in days():
        sha = by_day.get(day.isoformat())
        for environment, expected in (("production", 0.34), ("staging", 0.45)):
            if sha and dice.chance(expected * busyness(day)):
                at = instant(day, dice.whole(18, 20), dice.whole(0, 59))
                planned.append((at, environment, sha, ""))
    return [
        _deployment(dice, number, *plan)
        for number, plan in enumerate(sorted(planned, key=lambda plan: (plan[0], plan[1])), 1)
    ]


def _deployment(dice: Dice, number: int, at: datetime, environment: str, sha: str, tag: str) -> Row:
    failed = not tag and dice.chance(0.06)
    return {
        "deployment_id": f"dep-{number:04d}",
        "service_id": SERVICE,
        "environment_code": environment,
        "created_at": iso(at - timedelta(minutes=2)),
        "started_at": iso(at),
        "finished_at": iso(at + timedelta(seconds=dice.whole(150, 900))),
        "result_code": "failure" if failed else "success",
        "commit_sha": sha,
        "release_id": tag,
        "is_rework": "true" if tag in {"v1.2.1", "v2.0.1", "v2.1.1", "v2.3.1"} else "false",
    }


def tag_rows(history: History) -> list[Row]:
    """One row per tag."""
    return [
        {
            "tag": tag,
            "created_at": at.astimezone(BERLIN).isoformat(),
            "commit_sha": history.tagged[tag],
            "annotated": "True",
        }
        for tag, at in TAGS
    ]
