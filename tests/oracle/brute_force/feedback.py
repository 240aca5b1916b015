"""Feedback of all kinds: help-desk tickets and the comments beside survey answers."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from brute_force.answer import Cell, Key, immature, unknown
from brute_force.calendar import first_day, next_day, periods
from brute_force.exports import Exports, utc
from brute_force.intervals import dispersion, poisson, resampled
from brute_force.people import Usage
from brute_force.usage import Days, union
from brute_force.voice import Answer, in_app, relationship

LEAST_ITEMS = 5
ENOUGH_ITEMS = 30


@dataclass(frozen=True)
class Item:
    """One piece of feedback; `is_negative` only where a score says so."""

    day: date
    person: str
    account: str
    text: str
    is_negative: bool | None


def tickets(exports: Exports) -> list[Item]:
    """Tickets that were not deleted; only their words say how they are meant."""
    return [
        Item(
            exports.local_day(utc(row["created_at"])), row["requester_id"],
            row["organization_id"], row["subject"] + row["description"], None,
        )
        for row in exports.rows("zendesk/ticket.csv")
        if row["status"] != "deleted"
    ]  # fmt: skip


def comments(exports: Exports) -> list[Item]:
    """What was written beside a score: 0–6 of 10, and 1 or 2 of 5, are negative."""

    def items(answers: Iterable[Answer], worst: int) -> list[Item]:
        return [
            Item(each.day, each.person, each.account, each.text, each.score <= worst)
            for each in answers
            if each.text.strip()
        ]

    return items(relationship(exports), 6) + items(in_app(exports), 2)


def without_copies(items: Iterable[Item]) -> list[Item]:
    """The same words by the same person on the same day are one item."""
    found = {(each.day, each.person, each.text.casefold()): each for each in items}
    return list(found.values())


def volume(usage: Usage, days: Days, items: list[Item]) -> dict[Key, Cell]:
    """Items per 1,000 persons active in each week."""
    exports = usage.exports
    weeks: dict[date, int] = defaultdict(int)
    for each in items:
        weeks[first_day(each.day, "week")] += 1
    active = {
        week: len(union(days, week, next_day(week, "week")))
        for week in periods(usage.first_day, usage.end_day, "week")
    }
    settled = [w for w in active if exports.ends_by(next_day(w, "week"), usage.complete_to)]
    spread = dispersion([weeks[w] for w in settled], [active[w] / 1000 for w in settled])
    found: dict[Key, Cell] = {}
    for week, n in active.items():
        low, high = poisson(weeks[week], spread)
        status = "ok" if weeks[week] >= LEAST_ITEMS else "too_few"
        rate, bounds = 1000 * weeks[week] / n, (1000 * low / n, 1000 * high / n)
        known = Cell(status, rate, n, weeks[week], (bounds,))
        found[(week.isoformat(),)] = known if week in settled else immature(n)
    return found


def negative_share(exports: Exports, items: list[Item]) -> dict[Key, Cell]:
    """The share of negative items of each month; whole accounts are the unit of chance."""
    first = min(each.day for each in items)
    until = exports.exported_at("in-app survey")
    found: dict[Key, Cell] = {}
    for month in periods(first, exports.local_day(until), "month"):
        taken = [each for each in items if first_day(each.day, "month") == month]
        accounts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for each in taken:
            accounts[each.account or each.person][0] += bool(each.is_negative)
            accounts[each.account or each.person][1] += 1
        n, total = len(taken), sum(bool(each.is_negative) for each in taken)
        draws = resampled(list(accounts.values())) if taken else ()
        status = "ok" if n >= ENOUGH_ITEMS else "too_few"
        known = Cell(status, total / n, n, total, draws=draws) if n else unknown()
        is_settled = exports.ends_by(next_day(month, "month"), until)
        found[(month.isoformat(),)] = known if is_settled else immature(n)
    return found
