"""Subscriptions: who starts, grows, shrinks, leaves and comes back, and what is invoiced."""

from dataclasses import replace
from datetime import datetime, timedelta

from sample_data.generate.contracts import (
    Invoice,
    State,
    Subscription,
    known_states,
    period_start,
)
from sample_data.generate.dice import Dice
from sample_data.generate.people import Account, People
from sample_data.generate.plans import (
    API,
    BUSINESS,
    LAUNCH20,
    OVERAGE,
    Plan,
    chosen_coupon,
    chosen_plan,
)
from sample_data.generate.stories import LAUNCHED_AT
from sample_data.generate.timeline import DATA_END, HOURS, instant, local_day

SUBSCRIBES = 0.8
TRIAL = timedelta(days=14)
EXPANDS_PER_MONTH, EXPANDS_AFTER_LAUNCH = 0.045, 0.085
CONTRACTS_PER_MONTH = 0.02
LEAVES_PER_MONTH = 0.021
UPGRADES_PER_PERIOD = 0.014
COMES_BACK = 0.5
TRIAL_FAILS = 0.15
PAYMENT_FAILS, RECOVERS = 0.03, 0.8


def simulated_subscriptions(people: People) -> list[Subscription]:
    """Every contract of every customer, in order of start."""
    dice = Dice("billing")
    contracts: list[Subscription] = []
    for account in people.accounts:
        if account.is_internal or account.is_test or not dice.chance(SUBSCRIBES):
            continue
        start = _office_hour(account.created_at + timedelta(days=dice.whole(2, 38)), dice)
        if start < DATA_END - timedelta(days=1):
            contracts.extend(_contracts(account, start, dice))
    contracts.sort(key=lambda contract: (contract.started_at, contract.account.number))
    for number, contract in enumerate(contracts, 1):
        contract.subscription_id = f"sub_LMN{number:05d}"
    return contracts


def _office_hour(moment: datetime, dice: Dice) -> datetime:
    day = local_day(moment)
    return instant(day, dice.whole(HOURS[2], HOURS[11]), dice.whole(0, 59), dice.whole(0, 59))


def _contracts(account: Account, start: datetime, dice: Dice) -> list[Subscription]:
    """A customer's first contract, and those that follow an upgrade or a return."""
    trial_end = start + TRIAL if dice.chance(0.8) else None
    plan = chosen_plan(dice, start)
    extra = None
    if plan is BUSINESS and start >= instant(API.created_on):
        extra = dice.weighted(((None, 60), (API, 25), (OVERAGE, 15)))
    first = Subscription("", account, plan, start, trial_end, chosen_coupon(dice, start), extra)
    following = _live(first, _quantity(plan, dice), dice)
    contracts = [first]
    while following is not None and following[0] < DATA_END:
        at, plan, quantity = following
        contract = Subscription("", account, plan, at, None, None)
        following = _live(contract, quantity, dice)
        contracts.append(contract)
    return contracts


def _quantity(plan: Plan, dice: Dice) -> int:
    return 1 + int((5 if plan.product == "team" else 3) * dice.share() ** 1.7)


def _live(contract: Subscription, quantity: int, dice: Dice) -> tuple[datetime, Plan, int] | None:
    """Run a contract until it ends or the data do; the contract that follows it, if any."""
    if contract.trial_end:
        contract.states.append(
            State(
                contract.started_at, "trialing", quantity, contract.started_at, contract.trial_end
            )  # fmt: skip
        )
        if dice.chance(TRIAL_FAILS):
            _end(contract, contract.trial_end)
            return None
    number = 0
    while (start := period_start(contract, number)) < DATA_END:
        end = period_start(contract, number + 1)
        state = State(start, "active", quantity, start, end)
        contract.states.append(state)
        ended = _collect(contract, state, dice)
        if ended is None:
            state, ended = _period(contract, dice)
            quantity = state.quantity
        if ended is not None and ended < DATA_END:
            _end(contract, ended)
            return _following(contract, ended, quantity, dice)
        number += 1
    return None


def _collect(contract: Subscription, state: State, dice: Dice) -> datetime | None:
    """Invoice the period; when the card fails for good, the moment the contract ends."""
    first = state.at + timedelta(hours=1)
    attempts = [(first, not dice.chance(PAYMENT_FAILS))]
    ended: datetime | None = None
    if not attempts[0][1]:
        contract.states.append(replace(state, at=first, status="past_due"))
        retry = first + timedelta(days=dice.whole(3, 10))
        attempts.append((retry, dice.chance(RECOVERS)))
        if attempts[1][1]:
            contract.states.append(replace(state, at=retry))
        else:
            ended = first + timedelta(days=28)
    contract.invoices.append(Invoice(state.at, state.period_end, state.quantity, tuple(attempts)))
    return ended


def _period(contract: Subscription, dice: Dice) -> tuple[State, datetime | None]:
    """What happens inside a paid period; its last state and, if it ends there, when."""
    state = contract.states[-1]
    months = contract.plan.months
    begin = state.at + timedelta(hours=6)
    moments = sorted(begin + (state.period_end - begin) * dice.share() for _ in range(months))
    if contract.extra is None:
        for moment in moments:
            quantity = _changed_quantity(state.quantity, moment, dice)
            if quantity != state.quantity:
                state = replace(state, at=moment.replace(microsecond=0), quantity=quantity)
                contract.states.append(state)
    if not dice.chance(1 - (1 - LEAVES_PER_MONTH) ** months):
        upgrades = contract.plan.product == "team" and dice.chance(UPGRADES_PER_PERIOD)
        return state, state.period_end if upgrades else None
    asked = state.at + (state.period_end - state.at) * dice.between(0.2, 0.95)
    asked = asked.replace(microsecond=0)
    contract.states.append(replace(state, at=asked, cancel_at_period_end=True, canceled_at=asked))
    return state, state.period_end


def _changed_quantity(quantity: int, moment: datetime, dice: Dice) -> int:
    expands = EXPANDS_AFTER_LAUNCH if moment >= LAUNCHED_AT else EXPANDS_PER_MONTH
    if dice.chance(expands):
        return quantity + dice.whole(1, 2)
    if quantity > 1 and dice.chance(CONTRACTS_PER_MONTH):
        return quantity - 1
    return quantity


def _end(contract: Subscription, at: datetime) -> None:
    state = contract.states[-1]
    contract.states.append(
        replace(state, at=at, status="canceled", canceled_at=state.canceled_at or at, ended_at=at)
    )


def _following(
    contract: Subscription, ended: datetime, quantity: int, dice: Dice
) -> tuple[datetime, Plan, int] | None:
    """An upgrade starts at once; a leaver comes back later, or never."""
    last = contract.states[-2]
    if not last.cancel_at_period_end and last.status == "active":
        return ended, BUSINESS, max(1, quantity // 2)
    if dice.chance(COMES_BACK):
        at = _office_hour(ended + timedelta(days=dice.whole(25, 130)), dice)
        return at, chosen_plan(dice, at), quantity
    return None


def plans_at_end(contracts: list[Subscription]) -> dict[str, str]:
    """The product that each paying account has when the data end."""
    plans: dict[str, str] = {}
    for contract in contracts:
        if known_states(contract)[-1].status in {"active", "past_due"}:
            plans[contract.account.account_id] = contract.plan.product
    return plans


def has_discount(contract: Subscription, at: datetime) -> bool:
    """Whether the contract's coupon takes something off a bill issued then."""
    if contract.coupon is None:
        return False
    if contract.coupon.duration == "once":
        return at == contract.invoices[0].issued_at
    return contract.coupon is not LAUNCH20 or at < (contract.discount_end or at)
