"""Lumen's price list, its coupons, and which plan a new customer takes."""

from dataclasses import dataclass
from datetime import date, datetime

from sample_data.generate.dice import Dice
from sample_data.generate.stories import LAUNCH_ON, PRICE_CHANGE_ON
from sample_data.generate.timeline import FIRST_DAY, instant, local_day


@dataclass(frozen=True)
class Plan:
    """One price: amount in cents for one unit and one interval."""

    plan_id: str
    product: str
    nickname: str
    amount: int
    interval: str
    interval_count: int
    created_on: date
    usage_type: str = "licensed"

    @property
    def months(self) -> int:
        """Length of the interval."""
        return self.interval_count * (12 if self.interval == "year" else 1)


@dataclass(frozen=True)
class Coupon:
    """A discount: percent or amount, once, for some months, or for ever."""

    coupon_id: str
    name: str
    duration: str
    created_on: date
    percent_off: float | None = None
    amount_off: int | None = None
    months: int | None = None


TEAM = Plan("plan_team_m", "team", "Team monthly", 3900, "month", 1, FIRST_DAY)
TEAM_QUARTER = Plan("plan_team_q", "team", "Team quarterly", 10500, "month", 3, FIRST_DAY)
TEAM_2026 = Plan("plan_team_m_2026", "team", "Team monthly 2026", 4500, "month", 1,
                 PRICE_CHANGE_ON)  # fmt: skip
TEAM_QUARTER_2026 = Plan("plan_team_q_2026", "team", "Team quarterly 2026", 12150, "month", 3,
                         PRICE_CHANGE_ON)  # fmt: skip
BUSINESS = Plan("plan_business_m", "business", "Business monthly", 12900, "month", 1, FIRST_DAY)
BUSINESS_HALF = Plan("plan_business_h", "business", "Business half-yearly", 69600, "month", 6,
                     FIRST_DAY)  # fmt: skip
BUSINESS_YEAR = Plan("plan_business_y", "business", "Business yearly", 129000, "year", 1,
                     FIRST_DAY)  # fmt: skip
API = Plan("plan_api_m", "business", "API add-on", 4900, "month", 1, date(2025, 9, 1))
OVERAGE = Plan("plan_overage_m", "business", "Render minutes", 2, "month", 1, date(2025, 9, 1),
               "metered")  # fmt: skip
TRYOUT = Plan("plan_tryout", "team", "Test mode plan", 100, "month", 1, FIRST_DAY)
PLANS = (TEAM, TEAM_QUARTER, TEAM_2026, TEAM_QUARTER_2026, BUSINESS, BUSINESS_HALF,
         BUSINESS_YEAR, API, OVERAGE)  # fmt: skip

FOUNDERS = Coupon("FOUNDERS10", "Founding customers", "forever", FIRST_DAY, percent_off=10.0)
LAUNCH20 = Coupon("LAUNCH20", "Lumen 2.0 launch", "repeating", LAUNCH_ON, percent_off=20.0,
                  months=3)  # fmt: skip
WELCOME = Coupon("WELCOME10", "Welcome", "once", FIRST_DAY, amount_off=1000)
COUPONS = (FOUNDERS, LAUNCH20, WELCOME)

FOUNDERS_UNTIL = date(2025, 8, 31)
LAUNCH_OFFER_UNTIL = date(2026, 6, 30)


def chosen_plan(dice: Dice, at: datetime) -> Plan:
    """What a new customer buys; Team costs more since the price change."""
    is_new_price = at >= instant(PRICE_CHANGE_ON)
    return dice.weighted(
        (
            (TEAM_2026 if is_new_price else TEAM, 52),
            (TEAM_QUARTER_2026 if is_new_price else TEAM_QUARTER, 9),
            (BUSINESS, 23),
            (BUSINESS_HALF, 5),
            (BUSINESS_YEAR, 11),
        )
    )


def chosen_coupon(dice: Dice, at: datetime) -> Coupon | None:
    """Founders keep theirs; at the launch some take the offer; few get a welcome."""
    day = local_day(at)
    if day <= FOUNDERS_UNTIL:
        return FOUNDERS if dice.chance(0.3) else None
    if LAUNCH_ON <= day <= LAUNCH_OFFER_UNTIL:
        return LAUNCH20 if dice.chance(0.6) else None
    return WELCOME if dice.chance(0.08) else None
