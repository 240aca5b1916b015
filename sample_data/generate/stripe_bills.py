"""Invoices and their lines, with what a coupon takes off."""

from dataclasses import dataclass

from sample_data.generate.billing import has_discount
from sample_data.generate.contracts import Invoice, Subscription
from sample_data.generate.dice import Dice
from sample_data.generate.stripe_tables import SYNCED, contract_plans, item_id, item_quantity
from sample_data.generate.timeline import DATA_END, naive
from sample_data.generate.writing import Row

RENDER_MINUTES = (800, 5200)


@dataclass(frozen=True)
class Line:
    """One line of a bill, before discounts."""

    plan_id: str
    item: str
    quantity: int
    amount: int


@dataclass(frozen=True)
class Bill:
    """An invoice with its lines, as issued."""

    invoice_id: str
    contract: Subscription
    invoice: Invoice
    lines: tuple[Line, ...]
    discount: int

    @property
    def subtotal(self) -> int:
        """Sum of the lines in cents."""
        return sum(line.amount for line in self.lines)

    @property
    def total(self) -> int:
        """What is to be paid, in cents."""
        return self.subtotal - self.discount

    @property
    def is_paid(self) -> bool:
        """Whether an attempt before the end of the data succeeded."""
        return any(at < DATA_END and worked for at, worked in self.invoice.attempts)


def bills(contracts: list[Subscription]) -> list[Bill]:
    """Every invoice that was issued before the data end, in order of time."""
    dice = Dice("invoices")
    issued = [
        (invoice, contract)
        for contract in contracts
        for invoice in contract.invoices
        if invoice.issued_at < DATA_END
    ]
    issued.sort(key=lambda pair: (pair[0].issued_at, pair[1].subscription_id))
    return [
        _bill(f"in_LMN{number:05d}", contract, invoice, dice)
        for number, (invoice, contract) in enumerate(issued, 1)
    ]


def _bill(invoice_id: str, contract: Subscription, invoice: Invoice, dice: Dice) -> Bill:
    lines = []
    for number, plan in enumerate(contract_plans(contract), 1):
        units = item_quantity(plan, invoice.quantity, number)
        quantity = dice.whole(*RENDER_MINUTES) if units is None else units
        lines.append(
            Line(plan.plan_id, item_id(contract, number), quantity, quantity * plan.amount)
        )
    subtotal = sum(line.amount for line in lines)
    discount = 0
    if contract.coupon and has_discount(contract, invoice.issued_at):
        percent, amount = contract.coupon.percent_off, contract.coupon.amount_off
        discount = amount if amount else round(subtotal * (percent or 0) / 100)
    return Bill(invoice_id, contract, invoice, tuple(lines), discount)


def invoice_rows(issued: list[Bill]) -> list[Row]:
    """One row per invoice, amounts in cents; no tax (reverse charge)."""
    return [
        {
            "id": bill.invoice_id,
            "_fivetran_synced": SYNCED,
            "created": naive(bill.invoice.issued_at),
            "amount": bill.total,
            "currency": "eur",
            "customer_id": bill.contract.account.account_id,
            "is_deleted": "FALSE",
            "livemode": "TRUE",
            "period_end": naive(bill.invoice.period_end),
            "period_start": naive(bill.invoice.issued_at),
            "subscription_id": bill.contract.subscription_id,
            "amount_due": bill.total,
            "amount_paid": bill.total if bill.is_paid else 0,
            "amount_remaining": 0 if bill.is_paid else bill.total,
            "subtotal": bill.subtotal,
            "tax": 0,
            "total": bill.total,
            "attempt_count": sum(at < DATA_END for at, _ in bill.invoice.attempts),
            "auto_advance": "true",
            "billing_reason": "subscription_cycle",
            "metadata": "{}",
            "number": f"LMN-{number:05d}",
            "paid": str(bill.is_paid).lower(),
            "status": "paid" if bill.is_paid else "open",
        }
        for number, bill in enumerate(issued, 1)
    ]


def invoice_line_rows(issued: list[Bill]) -> list[Row]:
    """One row per invoice line; amounts before discounts."""
    return [
        {
            "id": f"{bill.invoice_id.replace('in_', 'il_')}_{number}",
            "invoice_id": bill.invoice_id,
            "_fivetran_synced": SYNCED,
            "amount": line.amount,
            "currency": "eur",
            "discountable": "TRUE",
            "livemode": "TRUE",
            "period_end": naive(bill.invoice.period_end),
            "period_start": naive(bill.invoice.issued_at),
            "plan_id": line.plan_id,
            "proration": "FALSE",
            "quantity": line.quantity,
            "subscription_id": bill.contract.subscription_id,
            "subscription_item_id": line.item,
            "type": "subscription",
            "metadata": "{}",
        }
        for bill in issued
        for number, line in enumerate(bill.lines, 1)
    ]
