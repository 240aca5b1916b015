"""Cells of Stripe's tables → typed values; what cannot be read refuses its record.

The warehouse loader writes naive UTC times, minor units, and TRUE beside true.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from pipelines.metrics.money import exponent
from pipelines.sources.definition import Context, Dropped, Made, Record, Refused, Value

_FLAGS = {"true": True, "t": True, "1": True, "yes": True,
          "false": False, "f": False, "0": False, "no": False}  # fmt: skip
_MISSING = {"", "null", "none", "n/a", "na"}
_WHOLE = re.compile(r"[+-]?\d+(\.0+)?")
# Open ends of the loader's history: "9999-12-31 23:59:59.999".
_FOREVER = 9000
# docs.stripe.com/currencies, where its minor unit is not that of ISO 4217: MGA comes
# without decimals, ISK and UGX keep two for compatibility.
_STRIPE_EXPONENTS = {"MGA": 0, "ISK": 2, "UGX": 2}


class CellError(ValueError):
    """A cell that cannot be used, with what the fix-list says about it."""

    def __init__(self, column: str, raw: str, code: str, text: str) -> None:
        """Keeps what a `Refused` needs."""
        super().__init__(text)
        self.column, self.raw, self.code, self.text = column, raw, code, text


def text(record: Record, column: str) -> str | None:
    """The trimmed cell; None where it is empty or the file has no such column."""
    cell = str(record.values.get(column) or "").strip()
    return None if cell.casefold() in _MISSING else cell


def needed(record: Record, column: str) -> str:
    """The trimmed cell of a column that must be filled."""
    cell = text(record, column)
    if cell is None:
        raise CellError(column, "", "missing", f"{column} is empty; the row cannot be placed.")
    return cell


def flag(record: Record, column: str) -> bool | None:
    """TRUE, true, t, 1 … as a truth value."""
    cell = text(record, column)
    if cell is None:
        return None
    if cell.casefold() not in _FLAGS:
        raise CellError(column, cell, "not_a_flag", f"'{cell}' is neither true nor false.")
    return _FLAGS[cell.casefold()]


def moment(record: Record, column: str) -> datetime | None:
    """An instant; naive times are UTC, the loader's open end in year 9999 is None."""
    cell = text(record, column)
    if cell is None:
        return None
    try:
        parsed = datetime.fromisoformat(re.sub(r"\s*(UTC|GMT)$", "+00:00", cell))
    except ValueError as error:
        raise CellError(column, cell, "not_a_time", f"'{cell}' is not a time.") from error
    if parsed.year > _FOREVER:
        return None
    return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def needed_moment(record: Record, *columns: str) -> datetime:
    """The first filled instant of several columns."""
    for column in columns:
        found = moment(record, column)
        if found is not None:
            return found
    raise CellError(columns[0], "", "missing", f"none of {', '.join(columns)} holds a time.")


def whole(record: Record, column: str) -> int | None:
    """An integer; 4.0 is one, 4.5 is refused."""
    cell = text(record, column)
    if cell is None:
        return None
    if not _WHOLE.fullmatch(cell):
        raise CellError(column, cell, "not_a_number", f"'{cell}' is not a whole number.")
    return int(cell.split(".")[0])


def number(record: Record, column: str) -> Decimal | None:
    """An exact decimal."""
    cell = text(record, column)
    if cell is None:
        return None
    try:
        return Decimal(cell)
    except InvalidOperation as error:
        raise CellError(column, cell, "not_a_number", f"'{cell}' is not a number.") from error


def currency(record: Record, column: str = "currency") -> str:
    """The ISO code in capitals."""
    code = needed(record, column).upper()
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise CellError(column, code, "not_a_currency", f"'{code}' is no ISO 4217 code.")
    return code


def iso_minor(amount: Decimal, code: str) -> Decimal:
    """Stripe's minor units → minor units of ISO 4217; the same but for three currencies."""
    shift = exponent(code) - _STRIPE_EXPONENTS.get(code, exponent(code))
    return amount.scaleb(shift)


def money(record: Record, column: str, code: str) -> int | None:
    """An amount in whole minor units of ISO 4217."""
    amount = whole(record, column)
    if amount is None:
        return None
    minor = iso_minor(Decimal(amount), code)
    if minor != minor.to_integral_value():
        raise CellError(column, str(amount), "fraction_left", f"{amount} is no whole {code}.")
    return int(minor)


def synced_at(record: Record) -> datetime | None:
    """When the loader last saw the row; orders versions of one key."""
    return moment(record, "_fivetran_synced")


def with_version(record: Record, values: dict[str, Value]) -> dict[str, Value]:
    """The values and the row's own update time."""
    return {**values, "source_updated_at": synced_at(record)}


def is_test_mode(record: Record) -> bool:
    """Whether the row was made in Stripe's test mode."""
    return flag(record, "livemode") is False


Maker = Callable[[Record, Context], Iterator[Made]]


def each(
    records: Iterable[Record], context: Context, maker: Maker, *, deleted_rule: str | None = None
) -> Iterator[Made]:
    """Runs a maker over the records of live mode and turns its cell errors into refusals.

    Args:
        records: Of one file.
        context: Of the file.
        maker: One record → its rows.
        deleted_rule: Under which rule rows deleted at the source are dropped; None keeps them.
    """
    for record in records:
        try:
            if is_test_mode(record):
                yield Dropped(record.no, "test_mode")
            elif deleted_rule and (flag(record, "is_deleted") or flag(record, "_fivetran_deleted")):
                yield Dropped(record.no, deleted_rule)
            else:
                yield from list(maker(record, context))
        except CellError as error:
            yield refused(record, error)


def refused(record: Record, error: CellError) -> Refused:
    """The record as refused for that cell."""
    return Refused(record.no, error.column, error.raw, error.code, error.text)
