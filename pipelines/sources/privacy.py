"""What of a person lands: ids as pseudonyms, free texts masked, the rest left out or kept."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.engines.duckdb import Session
from pipelines.sources import conversion
from pipelines.sources.secret import register_pseudonyms
from pipelines.sources.tables import Table

_ADDRESS = r"\s*[^@\s]+@[^@\s]+\.[^@\s]+\s*"


@dataclass(frozen=True)
class PrivateColumns:
    """SQL of the canonical columns over typed rows.

    Attributes:
        cells: One expression per column, and the numbers of persons beside their ids.
        joins: What stands behind `from … as typed`.
    """

    cells: str
    joins: str


def private_columns(  # noqa: PLR0913
    session: Session,
    table: Table,
    typed: str,
    *,
    secret: bytes,
    privacy: Mapping[str, str],
    given: frozenset[str],
) -> PrivateColumns:
    """Hashes ids, masks texts, drops what may not be kept (imports.md 1.7).

    Args:
        session: Holds `typed`.
        table: Of the rows.
        typed: Temporary table from typing.
        secret: Of the pseudonyms.
        privacy: Column → drop, hash, mask or keep, where a mapping says otherwise than the table.
        given: Columns that the file fills.
    """
    rules = {column.name: privacy.get(column.name, column.privacy) for column in table.columns}
    hashed = [name for name in given if rules.get(name) == "hash"]
    numbers = {name: number for name, number in table.person_keys.items() if name in given}
    joined = sorted({*hashed, *numbers})
    mailed = _with_addresses(session, secret, typed, table, given, privacy)
    pseudonyms = register_pseudonyms(session, secret, typed, joined)
    joins, cells = "", []
    for number, column in enumerate(table.columns):
        name, rule = column.name, rules[column.name]
        if name in joined:
            joins += f" left join {pseudonyms} as p{number} on p{number}.id = typed.{name}"
        if name in mailed:
            joins += f" left join {mailed[name]} as m{number} on m{number}.id = typed.{name}"
        if name in numbers:
            cells.append(f"p{number}.number as {numbers[name]}")
        elif name in table.person_keys:
            cells.append(f"cast(null as bigint) as {table.person_keys[name]}")
        if name in hashed:
            cells.append(f"p{number}.pseudonym as {name}")
        elif name in mailed:
            cells.append(f"coalesce(m{number}.pseudonym, typed.{name}) as {name}")
        elif rule == "mask" and name in given:
            cells.append(f"{conversion.masked('typed.' + name)} as {name}")
        elif rule == "drop":
            cells.append(f"cast(null as {column.type}) as {name}")
        else:
            cells.append(f"typed.{name}")
    return PrivateColumns(", ".join(cells), joins)


def _with_addresses(
    session: Session,
    secret: bytes,
    typed: str,
    table: Table,
    given: frozenset[str],
    privacy: Mapping[str, str],
) -> dict[str, str]:
    """Id columns that nobody said to keep and that hold e-mail addresses → their pseudonyms.

    Returns:
        Column → temporary table of id and pseudonym, of addresses only.
    """
    found = {}
    for column in table.columns:
        is_id = column.name.endswith("_id") or column.name in table.key
        is_kept = column.privacy == "keep" and column.name not in privacy
        if not (is_id and is_kept and column.type == "VARCHAR" and column.name in given):
            continue
        looks_so = (
            f"contains({column.name}, '@') and regexp_full_match({column.name}, '{_ADDRESS}')"
        )
        addresses = f"(select {column.name} from {typed} where {looks_so})"
        if session.value(f"select count(*) from {addresses}"):
            name = f"addresses_{column.name}"
            pseudonyms = register_pseudonyms(session, secret, addresses, [column.name])
            session.execute(f"create or replace temp table {name} as from {pseudonyms}")
            found[column.name] = name
    return found
