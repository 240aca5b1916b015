"""What happens inside a visit: the events of one session, with their times."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sample_data.generate.dice import Dice
from sample_data.generate.people import User
from sample_data.generate.stories import LAUNCHED_AT, checkout_chance, export_seconds
from sample_data.generate.timeline import HOUR_WEIGHT, HOURS, instant, local_day

USES_SUMMARIES = 0.55  # of the users who come back after the launch
CHECKOUT_PER_VISIT = 0.062


@dataclass(frozen=True)
class Happening:
    """One event before it becomes a row."""

    at: datetime
    name: str
    user: User
    session: int
    platform: str
    properties: dict[str, object] = field(default_factory=dict)
    is_anonymous: bool = False


def visit_start(day: date, dice: Dice) -> datetime:
    """When on that day a visit begins."""
    hour = dice.weighted(tuple(zip(HOURS, HOUR_WEIGHT, strict=True)))
    return instant(day, hour, dice.whole(0, 59), dice.whole(0, 59))


def session_platform(user: User, dice: Dice) -> str:
    """Mostly the user's own platform, else the web."""
    return user.platform if dice.chance(0.85) else "web"


def visit(
    user: User, start: datetime, session: int, can_share: bool, dice: Dice
) -> list[Happening]:
    """The events of one visit, in order."""
    platform = session_platform(user, dice)
    at = start
    happenings = [Happening(at, "dashboard_viewed", user, session, platform)]
    for _ in range(dice.count(2.4)):
        at += timedelta(seconds=dice.whole(15, 260))
        name = dice.weighted(_choices(user, at, can_share))
        happenings.append(Happening(at, name, user, session, platform, _properties(name, at, dice)))
    if user.is_activated and dice.chance(CHECKOUT_PER_VISIT):
        happenings.extend(_checkout(user, at, session, platform, dice))
    return happenings


def _choices(user: User, at: datetime, can_share: bool) -> tuple[tuple[str, float], ...]:
    uses_summaries = at >= LAUNCHED_AT and int(user.user_id[1:]) % 100 < 100 * USES_SUMMARIES
    return (
        ("dashboard_viewed", 28),
        ("report_created", 24),
        ("report_shared", 15 if can_share else 0),
        ("comment_added", 9),
        ("export_csv", 9),
        ("export_pdf", 6),
        ("invite_sent", 3),
        ("summary_generated", 12 if uses_summaries else 0),
    )


def _properties(name: str, at: datetime, dice: Dice) -> dict[str, object]:
    if not name.startswith("export_"):
        return {}
    typical = export_seconds(local_day(at))
    return {"duration_s": max(1, round(typical * dice.between(0.6, 1.7)))}


def _checkout(user: User, at: datetime, session: int, platform: str, dice: Dice) -> list[Happening]:
    """A report pack is put in the cart, and mostly paid."""
    kind: dict[str, object] = {"kind": "report_pack"}
    started = at + timedelta(seconds=dice.whole(20, 120))
    completed = started + timedelta(seconds=dice.whole(45, 400))
    happenings = [Happening(started, "checkout_started", user, session, platform, kind)]
    if dice.chance(checkout_chance(started, platform)):
        happenings.append(Happening(completed, "checkout_completed", user, session, platform, kind))
    return happenings
