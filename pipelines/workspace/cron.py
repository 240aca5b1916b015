"""Cron expressions, checked where they are written and not when they first fire."""

import re

FIELDS = (
    ("minute", 0, 59, ""),
    ("hour", 0, 23, ""),
    ("day of month", 1, 31, ""),
    ("month", 1, 12, "jan feb mar apr may jun jul aug sep oct nov dec"),
    ("day of week", 0, 7, "mon tue wed thu fri sat sun"),
)
# "*", "5", "mon-fri", "8-18/2", "*/15"
PART = re.compile(r"(?:\*|(?P<first>\d+|[a-z]{3})(?:-(?P<last>\d+|[a-z]{3}))?)(?:/[1-9]\d*)?")


def cron_expression(text: str) -> str:
    """The five fields of a cron expression, single-spaced.

    Raises:
        ValueError: A field is missing or out of range; the message says which.

    >>> cron_expression("0  6 * * mon-fri")
    '0 6 * * mon-fri'
    """
    fields = text.split()
    if len(fields) != len(FIELDS):
        raise ValueError(
            f'"{text}" has {len(fields)} fields; a cron expression has five: minute, hour, '
            'day of month, month, day of week, for example "0 6 * * *"'
        )
    for field, (name, low, high, words) in zip(fields, FIELDS, strict=True):
        if not all(_fits(part, low, high, words.split()) for part in field.casefold().split(",")):
            raise ValueError(f'"{field}" in "{text}" does not fit the {name}, {low} to {high} or *')
    return " ".join(fields)


def _fits(part: str, low: int, high: int, words: list[str]) -> bool:
    match = PART.fullmatch(part)
    ends = [end for end in match.groups() if end is not None] if match else []
    return match is not None and all(
        low <= int(end) <= high if end.isdigit() else end in words for end in ends
    )
