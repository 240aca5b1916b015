"""A subscription and what happened to it."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from sample_data.generate.people import Account
from sample_data.generate.plans import Coupon, Plan
from sample_data.generate.timeline import DATA_END, add_months


@dataclass(frozen=True)
class State:
    """A subscription as the provider would show it from `at` on."""

    at: datetime
    status: str
    quantity: int
    period_start: datetime
    period_end: datetime
    cancel_at_period_end: bool = False
    canceled_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Invoice:
    """One period's bill, with each attempt to collect it."""

    issued_at: datetime
    period_end: datetime
    quantity: int
    attempts: tuple[tuple[datetime, bool], ...]


@dataclass
class Subscription:
    """One contract and its whole history, states in order of time."""

    subscription_id: str
    account: Account
    plan: Plan
    started_at: datetime
    trial_end: datetime | None
    coupon: Coupon | None
    extra: Plan | None = None
    states: list[State] = field(default_factory=list)
    invoices: list[Invoice] = field(default_factory=list)

    @property
    def discount_end(self) -> datetime | None:
        """When a running discount stops; null: never."""
        if self.coupon is None or self.coupon.months is None:
            return None
        return _after_months(period_start(self, 0), self.coupon.months)


def _after_months(moment: datetime, months: int) -> datetime:
    day = add_months(moment.date(), months)
    return moment.replace(year=day.year, month=day.month, day=day.day)


def period_start(subscription: Subscription, number: int) -> datetime:
    """Start of the numbered paid period, 0 being the first after the trial."""
    anchor = subscription.trial_end or subscription.started_at
    return _after_months(anchor, number * subscription.plan.months)


def known_states(contract: Subscription) -> list[State]:
    """States that began before the data end, in order of time."""
    states = [state for state in contract.states if state.at < DATA_END]
    if any(later.at < earlier.at for earlier, later in pairwise(states)):
        raise AssertionError(f"{contract.subscription_id}: history runs backwards")
    return states
