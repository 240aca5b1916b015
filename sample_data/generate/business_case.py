"""The launch's business case in three scenarios, and what things cost each month."""

from datetime import date

from sample_data.generate.dice import Dice
from sample_data.generate.stories import LAUNCH_ID, LAUNCH_ON
from sample_data.generate.timeline import FIRST_DAY, add_months, instant, iso, month_starts
from sample_data.generate.writing import Row

CASE_HEADER = (
    "launch_id", "version_no", "line_code", "line_kind", "period_on", "scenario_code",
    "direction_code", "amount_minor", "currency", "quantity", "unit_code", "assumption_text",
    "owner_role", "approved_at",
)  # fmt: skip
COST_HEADER = (
    "cost_id", "period_on", "cost_kind", "amount_minor", "currency", "product_id", "launch_id",
    "is_estimate",
)  # fmt: skip

APPROVED_AT = instant(date(2026, 2, 16), 15)
HORIZON_MONTHS = 12
# Customers won per month and cents of net MRR that each brings, by scenario.
WON = {"low": 5, "base": 8, "high": 11}
MRR_EACH = 16500
EXPANSION_GROWTH = {"low": 20000, "base": 35000, "high": 50000}
ONE_OFF = {date(2026, 3, 1): 1800000, date(2026, 4, 1): 2600000, date(2026, 5, 1): 1400000}
RUNNING = 220000


def case_rows() -> list[Row]:
    """One row per line, month and scenario; the plan is frozen as approved in February."""
    rows: list[Row] = []
    for scenario in ("low", "base", "high"):
        for month_on, amount in ONE_OFF.items():
            rows.append(
                _line("build", month_on, scenario, "cost", amount, "Three squads, 3 months")
            )
        for number in range(HORIZON_MONTHS):
            month_on = add_months(LAUNCH_ON.replace(day=1), number)
            won = WON[scenario]
            benefit = won * MRR_EACH * (number + 1)
            grown = EXPANSION_GROWTH[scenario] * (number + 1)
            rows.append(_line("new_customers", month_on, scenario, "driver", None,
                              "Twelve weeks of campaign, then steady", won))  # fmt: skip
            rows.append(_line("new_mrr", month_on, scenario, "benefit", benefit,
                              "165 EUR of MRR per new customer"))  # fmt: skip
            rows.append(_line("expansion", month_on, scenario, "benefit", grown,
                              "Summaries lead to more seats"))  # fmt: skip
            rows.append(_line("running", month_on, scenario, "cost", RUNNING,
                              "Hosting of summaries and one more support shift"))  # fmt: skip
    return rows


def _line(
    code: str,
    month_on: date,
    scenario: str,
    direction: str,
    amount: int | None,
    assumption: str,
    quantity: int | None = None,
) -> Row:
    return {
        "launch_id": LAUNCH_ID,
        "version_no": 1,
        "line_code": code,
        "line_kind": "plan",
        "period_on": month_on.isoformat(),
        "scenario_code": scenario,
        "direction_code": direction,
        "amount_minor": amount,
        "currency": "EUR" if amount is not None else "",
        "quantity": quantity,
        "unit_code": "customers" if quantity is not None else "",
        "assumption_text": assumption,
        "owner_role": "product_manager",
        "approved_at": iso(APPROVED_AT),
    }


# Kind, cents in the first month, growth per month in cents.
MONTHLY = (
    ("cogs_hosting", 92000, 9500),
    ("cogs_support", 310000, 14000),
    ("cogs_payment_fees", 6000, 1900),
    ("cogs_third_party", 41000, 5200),
    ("sales_marketing", 640000, 22000),
    ("product_dev", 2900000, 45000),
)


def cost_rows() -> list[Row]:
    """One row per month and kind; launch costs carry the launch."""
    dice = Dice("costs")
    rows: list[tuple[date, str, int, str]] = []
    for number, month_on in enumerate(month_starts(FIRST_DAY)):
        for kind, first, growth in MONTHLY:
            amount = round((first + growth * number) * dice.between(0.95, 1.06))
            rows.append((month_on, kind, amount, ""))
        if month_on in ONE_OFF:
            overrun = dice.between(1.02, 1.16)
            rows.append((month_on, "launch_one_off", round(ONE_OFF[month_on] * overrun), LAUNCH_ID))
        if month_on >= LAUNCH_ON.replace(day=1):
            amount = round(RUNNING * dice.between(0.92, 1.18))
            rows.append((month_on, "launch_running", amount, LAUNCH_ID))
    return [
        {
            "cost_id": f"cost-{number:04d}",
            "period_on": month_on.isoformat(),
            "cost_kind": kind,
            "amount_minor": amount,
            "currency": "EUR",
            "launch_id": launch_id,
            "is_estimate": "true" if month_on == rows[-1][0] else "false",
        }
        for number, (month_on, kind, amount, launch_id) in enumerate(rows, 1)
    ]
