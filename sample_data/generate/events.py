"""Product events: one file a month, in the header of the neutral table `events`."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from json import dumps

from sample_data.generate.dice import Dice
from sample_data.generate.people import CHANNELS, COUNTRIES, PLATFORMS, People, User
from sample_data.generate.releases import version_at
from sample_data.generate.sessions import Happening, session_platform, visit, visit_start
from sample_data.generate.stories import signups_expected
from sample_data.generate.timeline import (
    DATA_END,
    DATA_START,
    WEEKDAY_WEIGHT,
    busyness,
    days,
    instant,
    iso,
    local_day,
)
from sample_data.generate.visits import usage_of
from sample_data.generate.writing import Row

EVENT_HEADER = (
    "event_id", "event_name", "occurred_at", "user_id", "anonymous_id", "account_id",
    "session_id", "platform_code", "app_version", "channel_code", "country_code",
    "properties_json",
)  # fmt: skip
LANDINGS_PER_SIGNUP = 5.5
ACTIVATION_HOURS = 160  # the last hour of the seven days is left free


def simulated_events(people: People) -> list[Happening]:
    """Everything that users do, in order of time."""
    dice = Dice("events")
    sessions = count(1)
    happenings = [
        happening
        for user in people.users
        for happening in _life(user, sessions, dice)
        if DATA_START <= happening.at < DATA_END
    ]
    return sorted(happenings, key=lambda h: (h.at, h.user.user_id, h.name))


def _life(user: User, sessions: Iterator[int], dice: Dice) -> Iterator[Happening]:
    usage = usage_of(user, dice)
    yield from _first_session(user, next(sessions), dice)
    if user.is_activated:
        yield from _first_share(user, next(sessions), dice)
    for day in usage.days:
        can_share = usage.shares_from is not None and day > usage.shares_from
        yield from visit(user, visit_start(day, dice), next(sessions), can_share, dice)
        if day.weekday() == 0 and dice.chance(0.5):
            digest_at = instant(day, 6, 5, dice.whole(0, 59))
            yield Happening(digest_at, "email_sent", user, 0, "")


def _first_session(user: User, session: int, dice: Dice) -> Iterator[Happening]:
    """Landing page, sign-up, and for most a look at the sample report."""
    platform = session_platform(user, dice)
    landed_at = max(user.landed_at, DATA_START)
    yield Happening(landed_at, "view_landing", user, session, platform)
    at = user.signed_up_at
    yield Happening(at, "sign_up", user, session, platform)
    for name, chance in (("dashboard_viewed", 0.9), ("report_created", 0.5)):
        if dice.chance(chance):
            at += timedelta(seconds=dice.whole(20, 300))
            yield Happening(at, name, user, session, platform)


def _first_share(user: User, session: int, dice: Dice) -> Iterator[Happening]:
    """Activation: half of it on the first day, the rest thinning out over the week."""
    hours = 0.1 + ACTIVATION_HOURS * dice.share() ** 3.2
    at = user.signed_up_at + timedelta(hours=hours)
    platform = session_platform(user, dice)
    yield Happening(at - timedelta(seconds=dice.whole(60, 320)), "report_created", user, session,
                    platform)  # fmt: skip
    yield Happening(at, "report_shared", user, session, platform)


def _row(happening: Happening) -> dict[str, object]:
    user = happening.user
    is_entry = happening.name in {"view_landing", "sign_up"}
    is_landing = happening.name == "view_landing"
    is_mail = happening.name == "email_sent"
    return {
        "event_name": happening.name,
        "occurred_at": iso(happening.at),
        "user_id": user.user_id,
        "anonymous_id": user.anonymous_id if is_entry else "",
        "account_id": "" if is_landing else user.account.account_id,
        "session_id": "" if is_mail else f"s{happening.session}",
        "platform_code": happening.platform,
        "app_version": "" if is_landing or is_mail else version_at(happening.at),
        "channel_code": user.channel if is_entry else "",
        "country_code": user.account.country,
        "properties_json": dumps(happening.properties) if happening.properties else "",
    }


def _passers_by(dice: Dice) -> Iterator[dict[str, object]]:
    """Visitors of the landing page who never sign up."""
    for day in days():
        pace = signups_expected(day) * busyness(day) / sum(WEEKDAY_WEIGHT)
        for _ in range(dice.count(LANDINGS_PER_SIGNUP * pace)):
            yield {
                "event_name": "view_landing",
                "occurred_at": iso(visit_start(day, dice)),
                "anonymous_id": f"v{dice.hexadecimal(8)}",
                "platform_code": dice.weighted(PLATFORMS),
                "channel_code": dice.weighted(CHANNELS),
                "country_code": dice.weighted(COUNTRIES),
            }


def event_rows_by_month(happenings: list[Happening]) -> dict[str, list[Row]]:
    """Rows per UTC month, numbered in order of time."""
    rows = [_row(happening) for happening in happenings]
    rows.extend(_passers_by(Dice("passers-by")))
    rows.sort(key=lambda row: (str(row["occurred_at"]), str(row.get("user_id", ""))))
    sessions: dict[object, str] = {}
    months: dict[str, list[Row]] = defaultdict(list)
    for number, row in enumerate(rows, 1):
        row["event_id"] = f"e{number:07d}"
        if session := row.get("session_id"):
            row["session_id"] = sessions.setdefault(session, f"s{len(sessions) + 1}")
        months[str(row["occurred_at"])[:7]].append(row)
    return months


def active_users_between(happenings: list[Happening], start: datetime, end: datetime) -> list[User]:
    """Users with at least one own event in the range, in order of id."""
    seen = {
        h.user.user_id: h.user
        for h in happenings
        if start <= h.at < end and h.name not in {"email_sent", "view_landing"}
    }
    return [seen[key] for key in sorted(seen)]


def last_seen_day(happenings: list[Happening]) -> dict[str, str]:
    """The last day with an own event per user."""
    return {
        h.user.user_id: local_day(h.at).isoformat() for h in happenings if h.name != "email_sent"
    }
