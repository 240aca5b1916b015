"""Contracts as the payment provider's warehouse tables: customers, plans, history, items."""

from datetime import datetime, timedelta

from sample_data.generate.contracts import State, Subscription, known_states
from sample_data.generate.people import People
from sample_data.generate.plans import COUPONS, PLANS, TRYOUT, Plan
from sample_data.generate.timeline import DATA_END, DATA_START, instant, naive
from sample_data.generate.writing import Row

SYNCED = naive(DATA_END)
FOREVER = "9999-12-31 23:59:59.999"
TEST_CUSTOMER = "cus_TEST0001"
TEST_SUBSCRIPTION = "sub_TEST0001"


def customer_rows(people: People) -> list[Row]:
    """One row per account, and a test-mode customer; no names, no addresses."""
    known = [
        (account.account_id, account.created_at, "TRUE")
        for account in people.accounts
        if not (account.is_internal or account.is_test)
    ]
    return [
        {
            "id": customer_id,
            "_fivetran_synced": naive(created_at + timedelta(minutes=7)),
            "account_balance": 0,
            "balance": 0,
            "created": naive(created_at),
            "currency": "eur",
            "delinquent": "FALSE",
            "is_deleted": "FALSE",
            "livemode": livemode,
            "tax_exempt": "none",
            "metadata": "{}",
        }
        for customer_id, created_at, livemode in [*known, (TEST_CUSTOMER, DATA_START, "FALSE")]
    ]


def plan_rows() -> list[Row]:
    """One row per price, amounts in cents; the test-mode price is there too."""
    return [_plan_row(plan, "TRUE") for plan in PLANS] + [_plan_row(TRYOUT, "FALSE")]


def _plan_row(plan: Plan, livemode: str) -> Row:
    return {
        "id": plan.plan_id,
        "_fivetran_synced": SYNCED,
        "active": "TRUE",
        "aggregate_usage": "sum" if plan.usage_type == "metered" else "",
        "amount": plan.amount,
        "billing_scheme": "per_unit",
        "created": naive(instant(plan.created_on, 8)),
        "currency": "eur",
        "interval": plan.interval,
        "interval_count": plan.interval_count,
        "is_deleted": "FALSE",
        "livemode": livemode,
        "nickname": plan.nickname,
        "product_id": f"prod_{plan.product}",
        "usage_type": plan.usage_type,
    }


def coupon_rows() -> list[Row]:
    """One row per coupon."""
    return [
        {
            "id": coupon.coupon_id,
            "amount_off": coupon.amount_off,
            "created": naive(instant(coupon.created_on, 8)),
            "currency": "eur",
            "duration": coupon.duration,
            "duration_in_months": coupon.months,
            "livemode": "true",
            "metadata": "{}",
            "name": coupon.name,
            "percent_off": coupon.percent_off,
            "valid": "true",
            "_fivetran_synced": SYNCED,
        }
        for coupon in COUPONS
    ]


def discount_rows(contracts: list[Subscription]) -> list[Row]:
    """One row per contract with a coupon; an open end is empty."""
    return [
        {
            "id": f"di_LMN{number:05d}",
            "_fivetran_synced": SYNCED,
            "coupon_id": contract.coupon.coupon_id,
            "customer_id": contract.account.account_id,
            "end": naive(contract.discount_end) if contract.discount_end else "",
            "start": naive(contract.started_at),
            "subscription_id": contract.subscription_id,
        }
        for number, contract in enumerate(contracts, 1)
        if contract.coupon is not None
    ]


def history_rows(contracts: list[Subscription]) -> list[Row]:
    """One row per subscription and version; the version in force is active."""
    rows: list[Row] = []
    for contract in contracts:
        states = known_states(contract)
        for number, state in enumerate(states):
            following = states[number + 1].at if number + 1 < len(states) else None
            rows.append(_history_row(contract, state, following))
    trial = DATA_START + timedelta(days=30)
    rows.append({**_test_row(trial), "_fivetran_end": FOREVER, "_fivetran_active": "TRUE"})
    return rows


def _history_row(contract: Subscription, state: State, following: datetime | None) -> Row:
    until = f"{naive(following - timedelta(seconds=1))}.999" if following else FOREVER
    trial_start = naive(contract.started_at) if contract.trial_end else ""
    return {
        "id": contract.subscription_id,
        "_fivetran_synced": naive(state.at + timedelta(minutes=7)),
        "_fivetran_active": "FALSE" if following else "TRUE",
        "_fivetran_start": f"{naive(state.at)}.000",
        "_fivetran_end": until,
        "billing": "charge_automatically",
        "billing_cycle_anchor": naive(contract.trial_end or contract.started_at),
        "cancel_at": naive(state.period_end) if state.cancel_at_period_end else "",
        "cancel_at_period_end": str(state.cancel_at_period_end).upper(),
        "canceled_at": naive(state.canceled_at) if state.canceled_at else "",
        "created": naive(contract.started_at),
        "current_period_end": naive(state.period_end),
        "current_period_start": naive(state.period_start),
        "customer_id": contract.account.account_id,
        "ended_at": naive(state.ended_at) if state.ended_at else "",
        "livemode": "TRUE",
        "metadata": "{}",
        # The provider leaves the quantity of a subscription with several items empty.
        "quantity": "" if contract.extra else state.quantity,
        "start_date": naive(contract.started_at),
        "status": state.status,
        "trial_end": naive(contract.trial_end) if contract.trial_end else "",
        "trial_start": trial_start,
    }


def _test_row(at: datetime) -> dict[str, object]:
    return {
        "id": TEST_SUBSCRIPTION,
        "_fivetran_synced": naive(at),
        "_fivetran_start": f"{naive(at)}.000",
        "billing": "charge_automatically",
        "cancel_at_period_end": "FALSE",
        "created": naive(at),
        "current_period_end": naive(at + timedelta(days=3650)),
        "current_period_start": naive(at),
        "customer_id": TEST_CUSTOMER,
        "livemode": "FALSE",
        "quantity": 99,
        "start_date": naive(at),
        "status": "active",
    }


def item_rows(contracts: list[Subscription]) -> list[Row]:
    """One row per subscription item with its latest quantity."""
    rows: list[Row] = []
    for contract in contracts:
        state = known_states(contract)[-1]
        for number, plan in enumerate(contract_plans(contract), 1):
            rows.append(
                {
                    "_fivetran_synced": SYNCED,
                    "created": naive(contract.started_at),
                    "current_period_end": naive(state.period_end),
                    "current_period_start": naive(state.period_start),
                    "id": item_id(contract, number),
                    "metadata": "{}",
                    "plan_id": plan.plan_id,
                    "quantity": item_quantity(plan, state.quantity, number),
                    "subscription_id": contract.subscription_id,
                }
            )
    rows.append({"id": "si_TEST0001", "_fivetran_synced": SYNCED, "plan_id": TRYOUT.plan_id,
                 "created": naive(DATA_START), "quantity": 99,
                 "subscription_id": TEST_SUBSCRIPTION})  # fmt: skip
    return rows


def contract_plans(contract: Subscription) -> list[Plan]:
    """The plans of the contract's items, the main one first."""
    return [contract.plan, *([contract.extra] if contract.extra else [])]


def item_id(contract: Subscription, number: int) -> str:
    """The id of the contract's numbered item."""
    return contract.subscription_id.replace("sub_", "si_") + f"_{number}"


def item_quantity(plan: Plan, quantity: int, number: int) -> int | None:
    """Units of an item: add-ons come once, metered items have none."""
    if plan.usage_type == "metered":
        return None
    return quantity if number == 1 else 1
