"""Ids of records: UUID version 7, which sort by the time at which they were given."""

import secrets
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
VERSION, VARIANT = 0x7, 0b10
RANDOM_BITS = 62
# The twelve bits behind the milliseconds hold parts of a millisecond (RFC 9562, method 3).
PARTS_OF_MILLISECOND = 4096


def new_id(at: datetime | None = None) -> str:
    """A new id; two never meet, and ids of different microseconds sort by time.

    Args:
        at: The time it holds, else now.

    Source: RFC 9562, sections 5.7 and 6.2.

    >>> new_id(datetime(2026, 5, 4, tzinfo=UTC))[:13]
    '019df048-dc00'
    """
    now = time.time_ns() // 1_000 if at is None else (at - EPOCH) // timedelta(microseconds=1)
    milliseconds, rest = divmod(now, 1_000)
    fraction = rest * PARTS_OF_MILLISECOND // 1_000
    number = milliseconds << 80 | VERSION << 76 | fraction << 64
    number |= VARIANT << RANDOM_BITS | secrets.randbits(RANDOM_BITS)
    return str(UUID(int=number))
