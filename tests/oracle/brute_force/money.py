"""MRR and its movements, from the payment provider's tables by the rules of policy `ours`."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property

from brute_force.answer import Cell, Key, immature, share, unknown
from brute_force.calendar import months_earlier, next_day, periods
from brute_force.exports import Exports, Row, utc
from brute_force.intervals import resampled

SOURCE = "payments"
PAST_DUE = timedelta(days=30)
LOCKED_AFTER = 5
ENOUGH_CUSTOMERS = 20
MONTHS = {"month": 1, "year": 12}
Amounts = dict[str, int]


@dataclass(frozen=True)
class State:
    """What held for a subscription from one moment to the next."""

    since: datetime
    until: datetime
    status: str
    quantity: str


class Books:
    """The subscriptions in live mode with their items, plans and discounts."""

    def __init__(self, exports: Exports) -> None:
        self.exports = exports
        self.complete_to = exports.exported_at(SOURCE)
        self.plans = {row["id"]: row for row in exports.rows("stripe/plan.csv")}
        self.coupons = {row["id"]: row for row in exports.rows("stripe/coupon.csv")}
        self.items = self._by_subscription("stripe/subscription_item.csv")
        self.discounts = self._by_subscription("stripe/subscription_discount.csv")
        self.customers: dict[str, str] = {}
        self.states: dict[str, list[State]] = defaultdict(list)
        for row in exports.rows("stripe/subscription_history.csv.gz"):
            if row["livemode"] == "TRUE":
                self.customers[row["id"]] = row["customer_id"]
                since, until = utc(row["_fivetran_start"]), utc(row["_fivetran_end"])
                state = State(since, until, row["status"], row["quantity"])
                self.states[row["id"]].append(state)
        for states in self.states.values():
            states.sort(key=lambda state: state.since)

    @cached_property
    def months(self) -> list[date]:
        """The months from the first subscription on."""
        first = min(states[0].since for states in self.states.values())
        begin, end = (self.exports.local_day(moment) for moment in (first, self.complete_to))
        return list(periods(begin, end, "month"))

    def amounts(self, day: date) -> Amounts:
        """What each paying customer paid a month, in cents, just before a day began."""
        moment = self.exports.midnight(day) - timedelta(seconds=1)
        found: Amounts = defaultdict(int)
        for subscription, states in self.states.items():
            state = self._paying_state(states, moment)
            if state:
                found[self.customers[subscription]] += self._price(subscription, state, moment)
        return {customer: amount for customer, amount in found.items() if amount}

    def is_locked(self, month: date) -> bool:
        """Whether five working days went by since a month's end."""
        day, left = next_day(month, "month"), LOCKED_AFTER
        while left:
            left -= day.weekday() < 5
            day += timedelta(days=1)
        return self.exports.ends_by(day, self.complete_to)

    def _paying_state(self, states: list[State], moment: datetime) -> State | None:
        current = None
        overdue_since = None
        for state in states:
            if state.since <= moment:
                is_first = overdue_since is None
                if state.status != "past_due":
                    overdue_since = None
                elif is_first:
                    overdue_since = state.since
                current = state
        if current is None or current.status not in {"active", "past_due"}:
            return None
        if overdue_since is not None and moment - overdue_since > PAST_DUE:
            return None
        return current

    def _price(self, subscription: str, state: State, moment: datetime) -> int:
        """Every licensed item by the month, less running discounts, rounded to the even cent."""
        total = 0
        for item in self.items[subscription]:
            plan = self.plans[item["plan_id"]]
            if plan["usage_type"] == "licensed":
                quantity = Decimal(state.quantity or item["quantity"])
                months = MONTHS[plan["interval"]] * int(plan["interval_count"])
                amount = Decimal(plan["amount"]) * quantity
                for discount in self.discounts[subscription]:
                    amount *= 1 - self._reduction(discount, moment)
                total += int((amount / months).quantize(Decimal(1), ROUND_HALF_EVEN))
        return total

    def _reduction(self, discount: Row, moment: datetime) -> Decimal:
        coupon = self.coupons[discount["coupon_id"]]
        has_begun = utc(discount["start"]) <= moment
        is_over = bool(discount["end"]) and utc(discount["end"]) <= moment
        if coupon["duration"] == "once" or not has_begun or is_over:
            return Decimal(0)
        assert coupon["percent_off"]
        return Decimal(coupon["percent_off"]) / 100

    def _by_subscription(self, name: str) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = defaultdict(list)
        for row in self.exports.rows(name):
            found[row["subscription_id"]].append(row)
        return found


def mrr(books: Books, customers: set[str] | None = None) -> dict[Key, Cell]:
    """At each month's end, of all customers or of some."""
    found: dict[Key, Cell] = {}
    for month in books.months:
        paid = books.amounts(next_day(month, "month"))
        kept = [amount for each, amount in paid.items() if customers is None or each in customers]
        found[(month.isoformat(),)] = money(books, month, sum(kept), len(kept))
    return found


def money(books: Books, month: date, cents: int, n: int) -> Cell:
    """An amount in major units, once its month is locked."""
    return Cell("ok", cents / 100, n, cents / 100) if books.is_locked(month) else immature(n)


def movements(books: Books) -> dict[Key, Cell]:
    """Per customer, from one month's end to the next."""
    found: dict[Key, Cell] = {}
    ever: set[str] = set()
    before: Amounts = {}
    for month in books.months:
        now = books.amounts(next_day(month, "month"))
        parts: dict[str, list[int]] = {
            "start": list(before.values()),
            "new": [paid for each, paid in now.items() if each not in ever],
            "reactivation": [now[each] for each in now if each in ever and each not in before],
            "expansion": _changes(before, now, 1),
            "contraction": _changes(before, now, -1),
            "churn": [paid for each, paid in before.items() if each not in now],
            "fx": [],
            "end": list(now.values()),
        }
        for component, amounts in parts.items():
            cell = money(books, month, sum(amounts), len(amounts))
            found[(month.isoformat(), component)] = cell
        before, ever = now, ever | set(now)
    return found


def _changes(before: Amounts, now: Amounts, sign: int) -> list[int]:
    changes = [sign * (now[each] - before[each]) for each in before.keys() & now.keys()]
    return [change for change in changes if change > 0]


def logo_churn(books: Books) -> dict[Key, Cell]:
    """Of who paid at a month's start, who pays nothing at its end."""
    found: dict[Key, Cell] = {}
    before: Amounts = {}
    for month in books.months:
        now = books.amounts(next_day(month, "month"))
        lost = len(before.keys() - now.keys())
        cell = share(lost, len(before), enough=ENOUGH_CUSTOMERS)
        found[(month.isoformat(),)] = cell if books.is_locked(month) else immature(len(before))
        before = now
    return found


def yearly_retention(books: Books, *, net: bool) -> dict[Key, Cell]:
    """What the customers of twelve months earlier still pay, with or without growth."""
    found: dict[Key, Cell] = {}
    for month in books.months:
        now = books.amounts(next_day(month, "month"))
        then = books.amounts(next_day(months_earlier(month, 12), "month"))
        pairs = [(now.get(each, 0), paid) for each, paid in then.items()]
        kept = pairs if net else [(min(pair), pair[1]) for pair in pairs]
        known = ratio(kept) if kept else unknown()
        found[(month.isoformat(),)] = known if books.is_locked(month) else immature(len(then))
    return found


def ratio(customers: list[tuple[int, int]]) -> Cell:
    """Σy/Σx over customers, each (y in cents, x)."""
    total, below, n = sum(y for y, _ in customers), sum(x for _, x in customers), len(customers)
    status = "ok" if n >= ENOUGH_CUSTOMERS else "too_few"
    return Cell(status, total / below, n, total / 100, draws=resampled(customers))


def arpa(books: Books) -> dict[Key, Cell]:
    """What a paying customer pays on average at each month's end."""
    found: dict[Key, Cell] = {}
    for month in books.months:
        paid = books.amounts(next_day(month, "month")).values()
        known = ratio([(each, 100) for each in paid])
        found[(month.isoformat(),)] = known if books.is_locked(month) else immature(len(paid))
    return found
