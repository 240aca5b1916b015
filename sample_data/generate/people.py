"""The simulated accounts and users of Lumen, and their two neutral tables."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sample_data.generate.dice import Dice
from sample_data.generate.stories import (
    CAMPAIGN_FROM,
    CAMPAIGN_TO,
    activation_chance,
    signups_expected,
)
from sample_data.generate.timeline import (
    DATA_END,
    DATA_START,
    HOUR_WEIGHT,
    HOURS,
    WEEKDAY_WEIGHT,
    busyness,
    days,
    instant,
    iso,
    local_day,
)
from sample_data.generate.writing import Row

ACCOUNT_HEADER = (
    "account_id", "account_name", "segment_code", "region_code", "created_at", "is_internal",
    "is_test", "source_updated_at",
)  # fmt: skip
USER_HEADER = (
    "user_id", "account_id", "first_seen_at", "signed_up_at", "locale_code", "country_code",
    "is_internal", "is_test",
)  # fmt: skip
ALIAS_HEADER = ("alias_id", "user_id", "linked_at")

COUNTRIES = (("DE", 54), ("AT", 9), ("CH", 9), ("NL", 9), ("FR", 7), ("GB", 7), ("PL", 5))
LOCALES = {"DE": "de-DE", "AT": "de-AT", "CH": "de-CH", "NL": "nl-NL", "FR": "fr-FR",
           "GB": "en-GB", "PL": "pl-PL"}  # fmt: skip
REGIONS = {"DE": "DACH", "AT": "DACH", "CH": "DACH"}
PLATFORMS = (("web", 68), ("ios", 17), ("android", 15))
CHANNELS = (("organic", 46), ("referral", 22), ("partner", 14), ("paid_search", 18))
DAYS_PER_WEEK_BUSY = sum(WEEKDAY_WEIGHT)
WAITLIST_DAYS = 21


@dataclass(frozen=True)
class Account:
    """A using organisation; its id is the id of its customer at the payment provider."""

    account_id: str
    number: int
    country: str
    created_at: datetime
    weight: float
    is_internal: bool = False
    is_test: bool = False


@dataclass(frozen=True)
class User:
    """One person, with all that decides how they will use the product."""

    user_id: str
    anonymous_id: str
    account: Account
    landed_at: datetime
    signed_up_at: datetime
    channel: str
    platform: str
    is_activated: bool
    eagerness: float


@dataclass(frozen=True)
class People:
    """Everybody, in order of sign-up."""

    accounts: tuple[Account, ...]
    users: tuple[User, ...]


def simulated_people() -> People:
    """Accounts and users from the first day to the last, own staff and robots included."""
    dice = Dice("people")
    accounts, users = _staff(dice)
    for day in days():
        expected = signups_expected(day) * busyness(day) / DAYS_PER_WEEK_BUSY
        moments = sorted(_moment(dice, day) for _ in range(dice.count(expected)))
        for signed_up_at in moments:
            account = _account_for(dice, accounts, signed_up_at)
            users.append(_user(dice, len(users), account, signed_up_at))
    return People(tuple(accounts), tuple(users))


def _staff(dice: Dice) -> tuple[list[Account], list[User]]:
    internal = Account("cus_LMN00000", 0, "DE", DATA_START, 1.0, is_internal=True)
    robots = Account("cus_LMN00001", 1, "DE", DATA_START, 1.0, is_test=True)
    users: list[User] = []
    for account, heads in ((internal, 9), (robots, 3)):
        for _ in range(heads):
            at = DATA_START + timedelta(hours=dice.between(8, 60))
            users.append(_user(dice, len(users), account, at))
    return [internal, robots], users


def _moment(dice: Dice, day: date) -> datetime:
    hour = dice.weighted(tuple(zip(HOURS, HOUR_WEIGHT, strict=True)))
    return instant(day, hour, dice.whole(0, 59), dice.whole(0, 59))


def _account_for(dice: Dice, accounts: list[Account], moment: datetime) -> Account:
    """A colleague joins an account; now and then a new account begins."""
    customers = [a for a in accounts if not (a.is_internal or a.is_test)]
    is_waitlist = moment < DATA_START + timedelta(days=WAITLIST_DAYS)
    if not customers or dice.chance(0.5 if is_waitlist else 0.052):
        number = len(accounts)
        country = dice.weighted(COUNTRIES)
        weight = 0.25 + 2.2 * dice.share() ** 3
        account = Account(f"cus_LMN{number:05d}", number, country, moment, weight)
        accounts.append(account)
        return account
    return dice.weighted([(a, a.weight) for a in customers])


def _user(dice: Dice, number: int, account: Account, signed_up_at: datetime) -> User:
    in_campaign = CAMPAIGN_FROM <= local_day(signed_up_at) <= CAMPAIGN_TO
    channel = "campaign" if in_campaign and dice.chance(0.3) else dice.weighted(CHANNELS)
    return User(
        user_id=f"u{10000 + number}",
        anonymous_id=f"v{dice.hexadecimal(8)}",
        account=account,
        landed_at=signed_up_at - timedelta(seconds=dice.whole(40, 1500)),
        signed_up_at=signed_up_at,
        channel=channel,
        platform=dice.weighted(PLATFORMS),
        is_activated=dice.chance(activation_chance(signed_up_at)),
        eagerness=dice.between(0.55, 1.45),
    )


def account_rows(people: People, plans: dict[str, str]) -> list[Row]:
    """One row per account; `plans` names the plan in force at the end, free where absent."""
    return [
        {
            "account_id": account.account_id,
            "account_name": f"Sample account {account.number:03d}",
            "segment_code": plans.get(account.account_id, "free"),
            "region_code": REGIONS.get(account.country, "rest of Europe"),
            "created_at": iso(account.created_at),
            "is_internal": str(account.is_internal).lower(),
            "is_test": str(account.is_test).lower(),
            # Newer than the payment provider's copy of the same account, which knows no plan.
            "source_updated_at": iso(DATA_END),
        }
        for account in people.accounts
    ]


def user_rows(people: People) -> list[Row]:
    """One row per user."""
    return [
        {
            "user_id": user.user_id,
            "account_id": user.account.account_id,
            "first_seen_at": iso(max(user.landed_at, DATA_START)),
            "signed_up_at": iso(user.signed_up_at),
            "locale_code": LOCALES[user.account.country],
            "country_code": user.account.country,
            "is_internal": str(user.account.is_internal).lower(),
            "is_test": str(user.account.is_test).lower(),
        }
        for user in people.users
        if user.signed_up_at < DATA_END
    ]


def alias_rows(people: People) -> list[Row]:
    """One row per visitor id that turned out to be a user."""
    return [
        {
            "alias_id": user.anonymous_id,
            "user_id": user.user_id,
            "linked_at": iso(user.signed_up_at),
        }
        for user in people.users
    ]
