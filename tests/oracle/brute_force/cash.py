"""Cash: the charges and refunds that went through."""

from datetime import date

from brute_force.answer import Cell, Key, immature
from brute_force.calendar import next_day, periods
from brute_force.exports import Exports, utc

SOURCE = "payments"


def revenue(exports: Exports, variant: str = "") -> dict[Key, Cell]:
    """Succeeded charges in live mode, less refunds; without refunds (gross), or less fees, too."""
    balance = exports.rows("stripe/balance_transaction.csv.gz")
    fees = {row["source"]: int(row["fee"]) for row in balance}
    charges = [row for row in exports.rows("stripe/charge.csv.gz") if row["livemode"] == "TRUE"]
    refunds = exports.rows("stripe/refund.csv") if variant != "gross" else []
    cash: list[tuple[date, int]] = []
    for sign, rows in ((1, charges), (-1, refunds)):
        for row in rows:
            if row["status"] == "succeeded":
                fee = fees.get(row["id"], 0) if variant == "net_of_fees" else 0
                day = exports.local_day(utc(row["created"]))
                cash.append((day, sign * int(row["amount"]) - fee))
    until = exports.exported_at(SOURCE)
    found: dict[Key, Cell] = {}
    for month in periods(min(day for day, _ in cash), exports.local_day(until), "month"):
        end = next_day(month, "month")
        taken = [cents for day, cents in cash if month <= day < end]
        total = sum(taken) / 100
        is_settled = exports.ends_by(end, until)
        cell = Cell("ok", total, len(taken), total) if is_settled else immature(len(taken))
        found[(month.isoformat(),)] = cell
    return found
