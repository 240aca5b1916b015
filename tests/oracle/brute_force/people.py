"""Who did what and when, of the persons that count."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from brute_force.exports import Exports, utc

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Event:
    """One thing that one person did."""

    person: str
    name: str
    happened_at: float
    day: date
    platform: str
    account: str


Chosen = Callable[[Event], bool]


class Usage:
    """The events of a workspace in the order of time; internal and test identities are out."""

    def __init__(self, exports: Exports) -> None:
        self.exports = exports
        self.settings = exports.settings["usage"]
        self.complete_to = exports.exported_at("product events")
        self.accounts = {row["account_id"]: row for row in exports.rows("people/accounts.csv")}
        self.users = {row["user_id"]: row for row in exports.rows("people/users.csv")}

    @cached_property
    def events(self) -> list[Event]:
        """Every event of a person that counts; equal times keep the order of the files."""
        links = {
            row["alias_id"]: row["user_id"] for row in self.exports.rows("people/user_aliases.csv")
        }
        found = []
        for name in self.exports.names("events/*.csv.gz"):
            for row in self.exports.rows(name):
                anonymous = row["anonymous_id"]
                person = row["user_id"] or links.get(anonymous, anonymous)
                if self._counts(person):
                    moment = utc(row["occurred_at"])
                    account = row["account_id"] or self.users.get(person, {}).get("account_id", "")
                    day = self.exports.local_day(moment)
                    platform = row["platform_code"] or UNKNOWN
                    found.append(
                        Event(person, row["event_name"], moment.timestamp(), day, platform, account)
                    )
        return sorted(found, key=lambda event: event.happened_at)

    def active(self, chosen: Chosen = lambda event: True) -> list[Event]:
        """The events by which a person is active, of those chosen."""
        passive = self.settings["passive_events"]
        return [event for event in self.events if event.name not in passive and chosen(event)]

    @cached_property
    def first_day(self) -> date:
        """The day on which the history starts: passive events and internal persons count."""
        rows = self.exports.rows(self.exports.names("events/*.csv.gz")[0])
        return min(self.exports.local_day(utc(row["occurred_at"])) for row in rows)

    @cached_property
    def end_day(self) -> date:
        """The first day of which nothing is known."""
        return self.exports.local_day(self.complete_to)

    def plan(self, event: Event) -> str:
        """The plan of the account, as of now."""
        return self.accounts.get(event.account, {}).get("segment_code") or UNKNOWN

    def signed_up(self) -> dict[str, datetime]:
        """When each user that counts signed up."""
        return {
            user: utc(row["signed_up_at"])
            for user, row in self.users.items()
            if row["signed_up_at"] and self._counts(user)
        }

    def _counts(self, person: str) -> bool:
        row = self.users.get(person)
        if row is None:
            return True
        flags = [row, self.accounts.get(row["account_id"], {})]
        return not any(
            each.get(flag) == "true" for each in flags for flag in ("is_internal", "is_test")
        )
