"""Text that every format can hold. Pure."""

import math
import re
from dataclasses import fields

# XML has no sign for these, half a character has no UTF-8, and an override turns the words
# around it back to front: all are shown as the sign for a character that cannot be shown.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff\ufffe\uffff]"
)


def printable(text: str) -> str:
    r"""Text as every format can hold it: one kind of line break, no invisible controls.

    >>> printable("one\r\ntwo\x00")
    'one\ntwo\ufffd'
    """
    lines = re.sub("\r\n?|[\u2028\u2029\x85]", "\n", text).replace("\t", " ")
    return _UNPRINTABLE.sub("\ufffd", lines)


class Printable:
    """Makes every text of a part printable as it is built, so that no renderer can forget."""

    def __post_init__(self) -> None:
        for each in fields(self):  # type: ignore[arg-type]
            object.__setattr__(self, each.name, _cleaned(getattr(self, each.name)))


def _cleaned(value: object) -> object:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list | tuple):
        return tuple(_cleaned(one) for one in value)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"A paper holds finite numbers or None, not {value}.")
    return value
