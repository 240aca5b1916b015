"""On which days each user comes: sign-up day, then weeks that fade or hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp

from sample_data.generate.dice import Dice
from sample_data.generate.people import User
from sample_data.generate.stories import engagement
from sample_data.generate.timeline import LAST_DAY, WEEKDAY_WEIGHT, local_day, season

LEAVES_PER_WEEK = 0.010
ALWAYS_AT_MOST = 0.97
QUIET_WEEKS = 12  # users who never activated are not seen again after that
LATE_SHARERS = 0.10  # non-activated users who share later than the seven days


@dataclass(frozen=True)
class Usage:
    """What a user will do, decided at sign-up."""

    shares_from: date | None
    days: tuple[date, ...]


def usage_of(user: User, dice: Dice) -> Usage:
    """The days with visits after sign-up, and from when on the user shares reports."""
    signed_up_on = local_day(user.signed_up_at)
    shares_from: date | None = signed_up_on
    if not user.is_activated:
        is_late = dice.chance(LATE_SHARERS)
        shares_from = signed_up_on + timedelta(days=dice.whole(9, 40)) if is_late else None
    return Usage(shares_from, tuple(_visit_days(user, signed_up_on, dice)))


def _visit_days(user: User, signed_up_on: date, dice: Dice) -> Iterator[date]:
    """Days in order; the week of sign-up counts too."""
    monday = signed_up_on - timedelta(days=signed_up_on.weekday())
    age = 0
    while monday <= LAST_DAY:
        if age and (dice.chance(LEAVES_PER_WEEK) or (age > QUIET_WEEKS and not user.is_activated)):
            return
        if dice.chance(_week_chance(user, monday, age)):
            yield from _days_of_week(user, monday, signed_up_on, dice)
        monday += timedelta(days=7)
        age += 1


def _week_chance(user: User, monday: date, age: int) -> float:
    """Chance to be seen in a week: activated users settle near one half, others fade out."""
    if not user.is_activated:
        return 0.34 * exp(-age / 2.2) * season(monday)
    settled = 0.44 + 0.42 * exp(-age / 4.0)
    chance = settled * user.eagerness * season(monday) * engagement(monday)
    return min(ALWAYS_AT_MOST, chance)


def _days_of_week(user: User, monday: date, signed_up_on: date, dice: Dice) -> Iterator[date]:
    """Most people come on one to three working days."""
    wanted = 1.5 * user.eagerness if user.is_activated else 0.6
    seen = False
    for weekday, weight in enumerate(WEEKDAY_WEIGHT):
        day = monday + timedelta(days=weekday)
        if not signed_up_on < day <= LAST_DAY:
            continue
        if dice.chance(min(ALWAYS_AT_MOST, wanted * weight / 3.4)):
            seen = True
            yield day
        elif weekday == 4 and not seen and user.is_activated:
            yield day
