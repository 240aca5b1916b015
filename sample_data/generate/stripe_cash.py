"""Money that moves: charges, refunds, balance transactions and payouts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sample_data.generate.dice import Dice
from sample_data.generate.sessions import Happening
from sample_data.generate.stripe_bills import Bill
from sample_data.generate.stripe_tables import SYNCED, TEST_CUSTOMER
from sample_data.generate.timeline import DATA_END, DATA_START, naive
from sample_data.generate.writing import Row

PACK_CENTS = 1900
CARD_FEE_SHARE, CARD_FEE_CENTS = 0.014, 25
REFUNDED = 0.013


@dataclass(frozen=True)
class Charge:
    """One attempt to collect money."""

    charge_id: str
    at: datetime
    amount: int
    customer_id: str
    description: str
    worked: bool
    invoice_id: str = ""
    livemode: str = "TRUE"
    refunded: int = 0


def charges(issued: list[Bill], happenings: list[Happening]) -> list[Charge]:
    """Attempts for invoices, report packs bought in the product, and test-mode noise."""
    dice = Dice("charges")
    planned = [*_invoice_charges(issued), *_pack_charges(happenings), *_test_charges()]
    planned.sort(key=lambda charge: (charge.at, charge.customer_id, charge.amount))
    return [_numbered(charge, number, dice) for number, charge in enumerate(planned, 1)]


def _numbered(charge: Charge, number: int, dice: Dice) -> Charge:
    refunded = 0
    if charge.worked and charge.livemode == "TRUE" and dice.chance(REFUNDED):
        refunded = charge.amount if dice.chance(0.6) else charge.amount // 2
    return Charge(f"ch_LMN{number:05d}", charge.at, charge.amount, charge.customer_id,
                  charge.description, charge.worked, charge.invoice_id, charge.livemode,
                  refunded)  # fmt: skip


def _invoice_charges(issued: list[Bill]) -> Iterator[Charge]:
    for bill in issued:
        for at, worked in bill.invoice.attempts:
            if at < DATA_END:
                yield Charge("", at, bill.total, bill.contract.account.account_id,
                             "Subscription", worked, bill.invoice_id)  # fmt: skip


def _pack_charges(happenings: list[Happening]) -> Iterator[Charge]:
    for happening in happenings:
        account = happening.user.account
        is_own = account.is_internal or account.is_test
        if happening.name == "checkout_completed" and not is_own:
            at = happening.at + timedelta(seconds=2)
            yield Charge("", at, PACK_CENTS, account.account_id, "Report pack", worked=True)


def _test_charges() -> Iterator[Charge]:
    for month in range(3):
        at = DATA_START + timedelta(days=30 * month + 3)
        yield Charge("", at, 9900, TEST_CUSTOMER, "Test", worked=True, livemode="FALSE")


def charge_rows(made: list[Charge]) -> list[Row]:
    """One row per attempt, amounts in cents."""
    return [
        {
            "id": charge.charge_id,
            "_fivetran_synced": SYNCED,
            "amount": charge.amount,
            "amount_refunded": charge.refunded,
            "balance_transaction_id": _transaction_id(charge) if charge.worked else "",
            "captured": str(charge.worked).upper(),
            "created": naive(charge.at),
            "currency": "eur",
            "customer_id": charge.customer_id,
            "description": charge.description,
            "failure_code": "" if charge.worked else "card_declined",
            "failure_message": "" if charge.worked else "Your card was declined.",
            "invoice_id": charge.invoice_id,
            "livemode": charge.livemode,
            "metadata": "{}",
            "paid": str(charge.worked).upper(),
            "refunded": str(charge.refunded == charge.amount).upper(),
            "status": "succeeded" if charge.worked else "failed",
        }
        for charge in made
    ]


def _transaction_id(charge: Charge) -> str:
    return charge.charge_id.replace("ch_", "txn_")


def _refund_at(charge: Charge) -> datetime:
    # Three days and a bit: no draw is needed, the charge's minute varies it enough.
    return charge.at + timedelta(days=1 + charge.at.minute % 12, hours=5)


def refund_rows(made: list[Charge]) -> list[Row]:
    """One row per refund before the data end."""
    return [
        {
            "id": charge.charge_id.replace("ch_", "re_"),
            "_fivetran_synced": SYNCED,
            "amount": charge.refunded,
            "balance_transaction_id": charge.charge_id.replace("ch_", "txn_re_"),
            "charge_id": charge.charge_id,
            "created": naive(_refund_at(charge)),
            "currency": "eur",
            "metadata": "{}",
            "reason": "requested_by_customer",
            "status": "succeeded",
        }
        for charge in made
        if charge.refunded and _refund_at(charge) < DATA_END
    ]


def balance_rows(made: list[Charge]) -> list[Row]:
    """One row per movement of the provider's balance; payouts every Friday empty it."""
    movements: list[tuple[datetime, str, str, str, int, int]] = []
    for charge in made:
        if charge.worked and charge.livemode == "TRUE":
            fee = round(charge.amount * CARD_FEE_SHARE) + CARD_FEE_CENTS
            movements.append((charge.at, _transaction_id(charge), "charge", charge.charge_id,
                              charge.amount, fee))  # fmt: skip
        if charge.refunded and (at := _refund_at(charge)) < DATA_END:
            refund_id = charge.charge_id.replace("ch_", "re_")
            movements.append((at, charge.charge_id.replace("ch_", "txn_re_"), "refund",
                              refund_id, -charge.refunded, 0))  # fmt: skip
    movements.extend(_payouts(movements))
    return [_balance_row(*movement) for movement in sorted(movements)]


def _payouts(
    movements: list[tuple[datetime, str, str, str, int, int]],
) -> Iterator[tuple[datetime, str, str, str, int, int]]:
    friday = datetime(2025, 5, 9, 4, tzinfo=UTC)
    while friday < DATA_END:
        week = [m for m in movements if friday - timedelta(days=7) <= m[0] < friday]
        net = sum(amount - fee for *_, amount, fee in week)
        if net > 0:
            number = friday.strftime("%Y%m%d")
            yield (friday, f"txn_po_{number}", "payout", f"po_{number}", -net, 0)
        friday += timedelta(days=7)


def _balance_row(
    at: datetime, transaction_id: str, kind: str, source: str, amount: int, fee: int
) -> Row:
    return {
        "id": transaction_id,
        "_fivetran_synced": SYNCED,
        "amount": amount,
        "available_on": naive(at + timedelta(days=2)),
        "created": naive(at),
        "currency": "eur",
        "fee": fee,
        "net": amount - fee,
        "source": source,
        "status": "available" if at < DATA_END - timedelta(days=2) else "pending",
        "type": kind,
    }
