"""The kinds of value that a settings key can take, each with the sentence that cures a wrong one.

Scalars are strict: a quoted number is text and is refused, never guessed at.
"""

import re
import zoneinfo
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from functools import cache
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, Strict

from pipelines.workspace.cron import cron_expression

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
LENGTH_OF_A_DAY = len("2026-07-01")


class SettingError(ValueError):
    """A value that a key cannot take; `key` is set where a whole table was looked at."""

    def __init__(self, text: str, key: str | None = None) -> None:
        """Keeps the key, so that the message can name its line."""
        super().__init__(text)
        self.key = key


def nearest(word: str, known: list[str]) -> str:
    """A clause naming the known words most like `word`, or all of them when none is.

    >>> nearest("timezon", ["timezone", "name"])
    'nearest: "timezone"'
    >>> nearest("colour", ["timezone", "name"])
    'known: "name", "timezone"'
    """
    close = get_close_matches(word.casefold(), known, n=2, cutoff=0.6)
    return ("nearest: " if close else "known: ") + listed(close or sorted(known))


def listed(words: list[str]) -> str:
    """Words in quotes, with commas between."""
    return ", ".join(f'"{word}"' for word in words)


def shown(value: object) -> str:
    """A value as it stands in TOML, near enough to be found in the file."""
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


def as_list(value: object) -> object:
    """One value where a list may stand is a list of one."""
    return value if isinstance(value, list | tuple) else [value]


def as_pairs(value: object) -> object:
    """The rows of a table whose keys the user chooses, in the order of the file."""
    if not isinstance(value, dict):
        raise SettingError(
            f"{shown(value)} is not a table; write one key per line below its header"
        )
    return tuple(value.items())


def plain(value: object) -> str:
    """A setting as the text it is compared with."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, str | int | float):
        return str(value)
    raise SettingError(
        f"{shown(value)} cannot be compared with; write a text, number or true/false"
    )


def _delimiter(text: str) -> str:
    if len(text) != 1 and text != "blanks":
        raise SettingError(f'{shown(text)} is not a delimiter; write one character, or "blanks"')
    return text


def _filled(text: str) -> str:
    if not text.strip():
        raise SettingError("is empty; write a text, or leave the key out")
    return text


@cache
def _zones() -> frozenset[str]:
    """Every zone that means the same on all machines; listing them reads 600 files."""
    return frozenset(zoneinfo.available_timezones() - {"localtime"})


def _zone(name: str) -> str:
    known = _zones()
    if name not in known:
        close = get_close_matches(name, sorted(known), n=2)
        hint = f"nearest: {listed(close)}" if close else 'write one such as "Europe/Berlin"'
        raise SettingError(f'"{name}" is not an IANA time zone; {hint}')
    return name


def _currency(code: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", code):
        cure = code.upper() if re.fullmatch(r"[A-Za-z]{3}", code) else "EUR"
        raise SettingError(f'"{code}" is not an ISO 4217 code; write three capitals, as "{cure}"')
    return code


def _column(name: str) -> str:
    if not re.fullmatch(r"[a-z_][a-z0-9_]*", name):
        raise SettingError(f'"{name}" is not a column; write small letters, digits and underscores')
    return name


def _metric_id(name: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise SettingError(
            f'"{name}" is not a metric id; write small letters, digits and underscores, '
            "a letter first (a dot would name a variant)"
        )
    return name


def _duration(value: object) -> timedelta:
    match = re.fullmatch(r"([1-9]\d{0,5})([smhdw])", value) if isinstance(value, str) else None
    if not match:
        raise SettingError(
            f'{shown(value)} is not a duration; write one such as "5m", "36h", "14d"'
        )
    return timedelta(seconds=int(match[1]) * SECONDS[match[2]])


def _duration_text(span: timedelta) -> str:
    """The longest unit that says it in whole numbers."""
    seconds = int(span.total_seconds())
    unit = max((unit for unit in SECONDS if seconds % SECONDS[unit] == 0), key=SECONDS.__getitem__)
    return f"{seconds // SECONDS[unit]}{unit}"


def _moment(value: object) -> date:
    try:
        if isinstance(value, str):
            is_day = len(value) == LENGTH_OF_A_DAY
            return date.fromisoformat(value) if is_day else datetime.fromisoformat(value)
    except ValueError:
        pass
    if isinstance(value, date):
        return value
    raise SettingError(f"{shown(value)} is not a date; write 2026-07-01 or 2026-07-01T06:00:00Z")


def _instant(value: object) -> datetime:
    """A moment as a time: a day is its midnight."""
    found = _moment(value)
    return found if isinstance(found, datetime) else datetime.combine(found, time.min)


def _day(value: object) -> date:
    found = _moment(value)
    if isinstance(found, datetime):
        raise SettingError(f"{shown(value)} is a time where a day is wanted; write {found.date()}")
    return found


def _undated(value: object) -> object:
    """A date as the text that a file would hold; other values as they are."""
    return value.isoformat() if isinstance(value, date | time) else value


def _conditions(value: object) -> object:
    """A table `column = value or list` as sorted pairs, so that equal conditions hash alike."""
    if not isinstance(value, dict):
        raise SettingError(f'{shown(value)} is not a table; write one such as {{ plan = "team" }}')
    pairs = []
    for name, wanted in sorted(value.items()):
        values = wanted if isinstance(wanted, list | tuple) else [wanted]
        if not values:
            raise SettingError("lists no value, so nothing matches; name one or leave it out", name)
        pairs.append((name, tuple(sorted({plain(one) for one in values}))))
    return tuple(pairs)


Text = Annotated[str, Strict(), AfterValidator(_filled)]
Flag = Annotated[bool, Strict()]
Integer = Annotated[int, Strict()]
Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Count = Annotated[int, Strict(), Field(ge=0)]
Positive = Annotated[int, Strict(), Field(ge=1)]
Fraction = Annotated[float, Strict(), Field(ge=0, le=1)]
Scalar = Annotated[Annotated[str, Strict()] | Flag | Integer | Number, BeforeValidator(_undated)]
Delimiter = Annotated[str, Strict(), AfterValidator(_delimiter)]
# A column of a file: its header, or its position from 1 where the file has none.
Origin = Text | Positive
Zone = Annotated[str, Strict(), AfterValidator(_zone)]
Currency = Annotated[str, Strict(), AfterValidator(_currency)]
Column = Annotated[str, Strict(), AfterValidator(_column)]
MetricId = Annotated[str, Strict(), AfterValidator(_metric_id)]
Cron = Annotated[str, Strict(), AfterValidator(cron_expression)]
Day = Annotated[date, BeforeValidator(_day)]
# A date or a datetime; a datetime without offset is local to the zone its table names.
Moment = Annotated[datetime | date, BeforeValidator(_moment)]
Instant = Annotated[datetime, BeforeValidator(_instant)]
Duration = Annotated[timedelta, BeforeValidator(_duration), PlainSerializer(_duration_text)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(as_list)]
# (column, values) pairs; the values are alternatives, the pairs must all hold.
Conditions = Annotated[
    tuple[tuple[str, tuple[str, ...]], ...], BeforeValidator(_conditions), PlainSerializer(dict)
]
