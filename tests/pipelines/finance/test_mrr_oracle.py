"""Random subscriptions: the bridge equals a plain simulation that shares no SQL with it."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
THROUGH = datetime(2026, 6, 15, tzinfo=UTC)
MONTHS = [date(2026, month, 1) for month in range(1, 6)]
PER_MONTH = {"month": Fraction(1), "year": Fraction(1, 12), "week": Fraction(52, 12)}
TICK = timedelta(microseconds=1)

MOMENTS = st.integers(0, 150 * 24).map(lambda hours: BEGIN + timedelta(hours=hours))
STATES = st.fixed_dictionaries(
    {
        "changed_at": MOMENTS,
        "status_code": st.sampled_from(["active", "active", "past_due", "canceled", "paused",
                                        "trialing", "unpaid"]),
        "quantity": st.sampled_from([1.0, 2.0, 3.0]),
        "unit_price_minor": st.sampled_from([0, 18, 30, 1829, 5000, 5001]),
        "interval_unit": st.sampled_from(list(PER_MONTH)),
        "interval_count": st.sampled_from([1, 3]),
        "discount_minor": st.sampled_from([None, 7, 2500]),
        "discount_kind": st.sampled_from(["none", "once", "repeating", "forever"]),
    }
)  # fmt: skip
CONTRACTS = st.fixed_dictionaries(
    {
        "account_id": st.sampled_from(["a", "b", "c"]),
        "changes": st.lists(STATES, min_size=1, max_size=5, unique_by=lambda s: s["changed_at"]),
    }
)


def monthly(state, policy):
    """Minor units a month of one state, half-even."""
    reducing = {"ours": {"forever", "repeating"}, "stripe": {"forever"}}[policy]
    price = Fraction(int(state["quantity"]) * state["unit_price_minor"])
    if state["discount_kind"] in reducing:
        price -= state["discount_minor"] or 0
    per_month = price * PER_MONTH[state["interval_unit"]] / state["interval_count"]
    return max(round(per_month), 0)


def worth(changes, at, policy):
    """MRR of one subscription at a moment."""
    past = [state for state in changes if state["changed_at"] <= at]
    if not past or past[-1]["status_code"] not in {"active", "past_due"}:
        return 0
    if past[-1]["status_code"] == "past_due" and policy == "ours":
        run = []
        for state in reversed(past):
            if state["status_code"] != "past_due":
                break
            run.append(state["changed_at"])
        if at >= run[-1] + timedelta(days=30):
            return 0
    return monthly(past[-1], policy)


def account_worth(contracts, account, at, policy):
    return sum(
        worth(contract["changes"], at, policy)
        for contract in contracts
        if contract["account_id"] == account
    )


def moments_of(contracts):
    times = [state["changed_at"] for contract in contracts for state in contract["changes"]]
    return sorted({*times, *(time + timedelta(days=30) for time in times)})


def span_of(month, zone):
    """First instant of a local month, and of the next one."""
    following = (month + timedelta(days=32)).replace(day=1)
    return tuple(
        datetime.combine(day, datetime.min.time(), zone).astimezone(UTC)
        for day in (month, following)
    )


def expected(contracts, month, zone, policy):
    """The bridge of one month between its ends, and as booked, account by account."""
    snapshot, booked = defaultdict(int), defaultdict(int)
    span = span_of(month, zone)
    for account in "abc":
        between_ends(contracts, account, span, policy, snapshot)
        as_it_happened(contracts, account, span, policy, booked)
        for end in ("start", "end"):
            booked[end] = snapshot[end]
    return snapshot, booked


def between_ends(contracts, account, span, policy, snapshot):
    before, after = (account_worth(contracts, account, end - TICK, policy) for end in span)
    times = moments_of(contracts)
    paid = [time for time in times if account_worth(contracts, account, time, policy)]
    ever = bool(paid) and paid[0] < span[0]
    snapshot["start"] += before
    snapshot["end"] += after
    if not before and after:
        snapshot["reactivation" if ever else "new"] += after
    elif before and not after:
        snapshot["churn"] += before
    else:
        snapshot["expansion"] += max(after - before, 0)
        snapshot["contraction"] += max(before - after, 0)
    if policy == "stripe" and not before and not after:
        short_stay(contracts, account, span, times, snapshot, ever)


def as_it_happened(contracts, account, span, policy, booked):
    has_paid = False
    for time in moments_of(contracts):
        old = account_worth(contracts, account, time - TICK, policy)
        new = account_worth(contracts, account, time, policy)
        if span[0] <= time < span[1]:
            if not old and new:
                booked["reactivation" if has_paid else "new"] += new
            elif old and not new:
                booked["churn"] += old
            else:
                booked["expansion"] += max(new - old, 0)
                booked["contraction"] += max(old - new, 0)
        has_paid = has_paid or bool(new)


def short_stay(contracts, account, span, times, snapshot, ever):
    """Stripe shows who joined and left inside the month on both sides."""
    left = sum(
        account_worth(contracts, account, time - TICK, "stripe")
        for time in times
        if span[0] <= time < span[1] and not account_worth(contracts, account, time, "stripe")
    )
    snapshot["churn"] += left
    snapshot["reactivation" if ever else "new"] += left


def landed(contracts):
    subscriptions, changes = [], []
    for number, contract in enumerate(contracts):
        contract["changes"].sort(key=lambda state: state["changed_at"])
        for place, state in enumerate(contract["changes"], 1):
            changes.append(
                {"subscription_id": f"s{number}", "change_no": place,
                 "change_origin": "reported", "currency": "USD", **state}
            )  # fmt: skip
        last = contract["changes"][-1]
        subscriptions.append(
            {
                "subscription_id": f"s{number}",
                "account_id": contract["account_id"],
                "status_code": last["status_code"]
                if last["status_code"] != "canceled"
                else "active",
                "currency": "USD",
                "started_at": contract["changes"][0]["changed_at"],
                "as_of_at": THROUGH,
            }
        )
    return {"subscriptions": subscriptions, "subscription_changes": changes}


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    contracts=st.lists(CONTRACTS, min_size=1, max_size=5),
    zone=st.sampled_from(["UTC", "America/New_York", "Asia/Tokyo"]),
    policy=st.sampled_from(["ours", "stripe"]),
)
def test_the_bridge_equals_a_simulation_in_plain_python(books, contracts, zone, policy):
    made = books(**landed(contracts), timezone=zone, through=THROUGH)
    assert made.broken() == []
    covered = min(s["changed_at"] for c in contracts for s in c["changes"])
    first = covered.astimezone(ZoneInfo(zone)).date().replace(day=1)
    frames = {
        None: made.frame("mrr_movements", policy=policy),
        "event_booked": made.frame("mrr_movements", policy=policy, variant="event_booked"),
    }
    for month in (month for month in MONTHS if month >= first):
        wanted = expected(contracts, month, ZoneInfo(zone), policy)
        for (variant, frame), want in zip(frames.items(), wanted, strict=True):
            got = {
                row["component"]: round(row["value"] * 100)
                for row in frame.to_dicts()
                if row["period"] == month
            }
            assert got == {name: want[name] for name in got}, (variant, month)
