"""A plain list of purchases: who, when, how much. Every row is one payment.

Which columns those are is asked with `[[source]] columns` where the header does not tell.
Identical rows are real purchases and stay (imports.md 1.5.3).
"""

from collections.abc import Mapping, Sequence

from pipelines.errors import SourceError
from pipelines.sources.definition import Context, Fingerprint, Preset
from pipelines.sources.mapping_file import MappingFile, parse_mapping

# What the three columns are called in exports we have seen.
_NAMES: Mapping[str, frozenset[str]] = {
    "customer": frozenset(
        {"customer", "customer_id", "customer id", "customerid", "client_id", "account_id"}
    ),
    "date": frozenset(
        {"date", "order_date", "order date", "purchase_date", "transaction_date", "invoicedate",
         "invoice_date", "happened_at"}
    ),
    "amount": frozenset(
        {"amount", "dollar_value", "total", "price_paid", "order_total", "revenue", "value"}
    ),
}  # fmt: skip
_TARGETS = {"customer": "account_id", "date": "happened_at", "amount": "amount_minor"}
# A column that another preset knows better what to do with.
_OTHERS = frozenset(
    {"_fivetran_synced", "livemode", "payment_kind", "amount_minor", "event", "event_name",
     "reporting_category", "balance_transaction_id", "sha", "score"}
)  # fmt: skip


def _mapping(header: Sequence[str], context: Context) -> MappingFile:
    chosen = {name: _column(name, header, context) for name in _TARGETS}
    currency = context.source.currency or context.workspace.product.currency
    return parse_mapping(
        {
            "import": {"target": "payments", "duplicates": "keep"},
            "constants": {"status_code": "succeeded", "currency": currency},
            "columns": {
                "account_id": chosen["customer"],
                "happened_at": {"from": chosen["date"], "type": "timestamp"},
                "amount_minor": {"from": chosen["amount"], "unit": "major"},
                # Money that went back is written with a minus or in brackets.
                "payment_kind": {
                    "from": chosen["amount"],
                    "starts_with": {"-": "refund", "(": "refund"},
                    "otherwise": "charge",
                },
            },
        }
    )


def _column(name: str, header: Sequence[str], context: Context) -> str | int:
    declared = context.source.columns.get(name)
    if declared is not None:
        return declared
    found = [column for column in header if column in _NAMES[name]]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(column for column in header if column)
    raise SourceError(
        "ask_columns",
        f"{context.file_name}: which column is the {name}? The file has: {listed}.",
        'columns = { customer = "…", date = "…", amount = "…" }',
    )


PRESETS: tuple[Preset, ...] = (
    Preset(
        id="transactions_csv",
        version="1",
        title="Transactions",
        fingerprint=Fingerprint(one_of=tuple(_NAMES.values()), forbidden=_OTHERS),
        tables=("payments",),
        mapping=_mapping,
        is_money=True,
    ),
)
