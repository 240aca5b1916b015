"""What a canonical table is, and how one is declared in words.

A name's ending gives its type, so a table is declared by its column names alone. `!` marks a
column that must be filled, `{a|b}` the allowed values, `:double` an explicit type.
"""

import re
from dataclasses import dataclass
from typing import Literal

Privacy = Literal["keep", "hash", "mask", "drop"]

_TYPE_BY_ENDING = {
    "_at": "TIMESTAMPTZ",
    "_on": "DATE",
    "_minor": "BIGINT",
    "_s": "BIGINT",
    "_count": "BIGINT",
    "_no": "BIGINT",
    "_ratio": "DOUBLE",
    "_json": "VARCHAR",
    "_list": "VARCHAR[]",
}
_FLAG = re.compile(r"^(is|has)_")
_SPEC = re.compile(
    r"(?P<name>\w+)(?::(?P<type>[\w(),]+))?(?P<required>!)?(?:\{(?P<values>[^}]*)\})?"
)


@dataclass(frozen=True)
class Column:
    """One column of a canonical table."""

    name: str
    type: str
    is_required: bool
    allowed: tuple[str, ...]
    privacy: Privacy


@dataclass(frozen=True)
class Table:
    """One canonical table.

    Attributes:
        name: As in SQL.
        columns: In order; the control columns of `CONTROL` come behind them.
        key: Natural key, without the source.
        dated_by: The column that places a row in time, None for lists without time.
        is_entity: One thing under one id wherever it is reported: several sources
            of it merge into one row. Facts of different sources never merge.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    dated_by: str | None
    is_entity: bool

    @property
    def person_keys(self) -> dict[str, str]:
        """Id column of a person → the number that lands beside it."""
        return {name: PERSON_KEYS[name] for name in self.column_names if name in PERSON_KEYS}

    def column(self, name: str) -> Column:
        """The column of that name; KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name}.{name}")

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names in order, without the control columns."""
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that must be filled."""
        return tuple(column.name for column in self.columns if column.is_required)


# Behind every landed row. `version_at` orders versions of one key: the row's own
# update time, else the export's; null where neither is known.
CONTROL = {
    "source_id": "VARCHAR",
    "import_id": "VARCHAR",
    "record_no": "BIGINT",
    "row_no": "BIGINT",
    "row_key": "UBIGINT",
    "row_hash": "UBIGINT",
    "source_updated_at": "TIMESTAMPTZ",
    "exported_at": "TIMESTAMPTZ",
}

# Ids of persons also land as a number, which joins and counts three times as fast as text.
PERSON_KEYS = {"user_id": "user_key", "anonymous_id": "anonymous_key", "alias_id": "alias_key"}

_HASHED = {"user_id", "anonymous_id", "alias_id", "account_id", "respondent_key", "voter_key",
           "email_hash", "author_hash", "rater_hash"}  # fmt: skip
_MASKED = {"answer_text", "body_text", "title_text", "comment_text"}


def _column(spec: re.Match[str]) -> Column:
    name = spec["name"]
    ending = next((end for end in _TYPE_BY_ENDING if name.endswith(end)), "")
    default = "BOOLEAN" if _FLAG.match(name) else _TYPE_BY_ENDING.get(ending, "VARCHAR")
    privacy: Privacy = "keep"
    if name in _HASHED:
        privacy = "hash"
    elif name in _MASKED:
        privacy = "mask"
    return Column(
        name=name,
        type=(spec["type"] or default).upper(),
        is_required=bool(spec["required"]),
        allowed=tuple("".join((spec["values"] or "").split()).split("|")) if spec["values"] else (),
        privacy=privacy,
    )


def declared(
    name: str, key: str, columns: str, *, dated_by: str | None = None, entity: bool = False
) -> Table:
    """A table from its key and its columns in words."""
    return Table(
        name=name,
        columns=tuple(_column(spec) for spec in _SPEC.finditer(columns)),
        key=tuple(key.split()),
        dated_by=dated_by,
        is_entity=entity,
    )
