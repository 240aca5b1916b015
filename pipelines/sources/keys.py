"""Step 6 of an import: keys, pseudonyms and versions of typed rows, and what each row is worth.

Works on the temporary tables that typing left; the result is a relation ready to be landed.
"""

import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipelines.engines.duckdb import Session, quoted
from pipelines.sources.defaults import FROM_CONTENT
from pipelines.sources.in_force import rows_sql
from pipelines.sources.privacy import private_columns
from pipelines.sources.tables import Table

# The columns that tell two events apart where a vendor's insert id is there (imports.md 1.5.4).
_EVENT_KEY = ("event_name", "user_id", "anonymous_id", "occurred_at", "event_id")

# The place of each record among those of the same content; unique ones are left out.
_PLACES_SQL = """
    select record_no, row_number() over (partition by record_hash order by record_no) as place
    from (
        select record_no, any_value(record_hash) as record_hash
        from {typed}
        where record_hash in (
            select record_hash from {typed} group by 1 having count(distinct record_no) > 1
        )
        group by record_no
    )
"""


# Ids that stand for a whole record of the file.
_RECORD_IDS = frozenset({"response_id", "payment_id", "feedback_id"})


@dataclass(frozen=True)
class Keyed:
    """Rows of one table with keys.

    Attributes:
        relation: Temporary table with canonical columns and CONTROL columns.
        is_content_keyed: The file gives no ids; the key is the content.
        is_dated: The time is part of the key: rows of other times cannot share it.
    """

    table: Table
    relation: str
    is_content_keyed: bool
    is_dated: bool = False


def keyed_rows(  # noqa: PLR0913
    session: Session,
    table: Table,
    typed: str,
    *,
    secret: bytes,
    privacy: Mapping[str, str],
    source_id: str,
    import_id: str,
    exported_at: datetime | None,
    key: Sequence[str] = (),
    given: frozenset[str],
    salt: str = "",
    duplicates: str = "keep",
) -> Keyed:
    """Hashes ids, masks texts and gives every row its key and content hash.

    Args:
        session: Holds `typed`.
        table: Of the rows.
        typed: Temporary table from typing.
        secret: Of the pseudonyms.
        privacy: Column → drop, hash, mask or keep, where a mapping says otherwise than the table.
        source_id: Part of every key.
        import_id: Of this import.
        exported_at: Of this file.
        key: Columns that a mapping declares as key; empty = the table's own.
        given: Columns that the file fills.
        salt: What tells this file's content from equal content elsewhere (its constants).
        duplicates: "keep", "drop" or "keep_latest" of the mapping.
    """
    private = private_columns(session, table, typed, secret=secret, privacy=privacy, given=given)
    described = {row[0] for row in session.rows(f"describe {typed}")}
    updated = _version_time(table, described, duplicates)
    export = quoted(exported_at.isoformat()) if exported_at else "null"
    session.execute(
        f"create or replace temp view private_rows as select {private.cells}, "
        f"{quoted(source_id)} as source_id, {quoted(import_id)} as import_id, typed.record_no, "
        f"typed.row_no, typed.record_hash, {updated}, "
        f"cast({export} as timestamptz) as exported_at "
        f"from {typed} as typed{private.joins}"
    )
    keyed = _with_keys(
        session, table, typed, tuple(key), given, salt, keeps_repeats=duplicates != "drop"
    )
    session.execute("drop view private_rows")
    session.execute(f"drop table {typed}")
    return keyed


def _version_time(table: Table, described: Set[str], duplicates: str) -> str:
    """SQL of what orders versions of a key: with `keep_latest` the row's own time serves."""
    if "source_updated_at" in described:
        return "typed.source_updated_at"
    dated = duplicates == "keep_latest" and table.dated_by
    moment = f"typed.{table.dated_by}" if dated else "null"
    return f"cast({moment} as timestamptz) as source_updated_at"


def _content(table: Table, given: frozenset[str]) -> str:
    """What a row says, without the keys that are made from just that."""
    names = [name for name in table.column_names if name not in FROM_CONTENT or name in given]
    return ", ".join(names)


def _with_keys(  # noqa: PLR0913
    session: Session,
    table: Table,
    typed: str,
    key: tuple[str, ...],
    given: frozenset[str],
    salt: str,
    *,
    keeps_repeats: bool,
) -> Keyed:
    natural = key or table.key
    missing = [name for name in natural if name in FROM_CONTENT and name not in given]
    constant = quoted(salt)
    row_hash = f"hash('row', {_content(table, given)})"
    is_content_keyed, is_dated = bool(missing) and not key, table.dated_by in natural
    if table.name == "events" and "event_key" not in given and "event_id" in given and not key:
        is_content_keyed, is_dated = False, True
        row_key = f"hash(source_id, {', '.join(_EVENT_KEY)})"
        fill = {"event_key": "printf('%016x', row_key)", "occurrence_no": "1"}
    elif not is_content_keyed:
        row_key = f"hash(source_id, {', '.join(natural)})"
        fill = _from_declared_key(table, key, missing_of=given)
    elif missing[0] in _RECORD_IDS or table.name == "events":
        # Identical records can be real: they differ by their place among their equals.
        places = _PLACES_SQL.format(typed=typed)
        session.execute(f"create or replace temp table record_places as {places}")
        if not keeps_repeats:
            session.execute("update record_places set place = 1")
        name = missing[0]
        # Two comments of one respondent are two pieces of feedback.
        row = ", row_no" if name == "feedback_id" else ""
        identity = f"hash(source_id, {constant}, record_hash, coalesce(place, 1){row})"
        others = [part for part in natural if part not in FROM_CONTENT]
        row_key = f"hash({', '.join([identity, *others])})"
        fill = {name: f"printf('%016x', {identity})", "occurrence_no": "coalesce(place, 1)"}
    else:
        row_key, fill = f"hash(source_id, {_content(table, given)})", {missing[0]: "1"}
    relation = _keyed_relation(session, table, row_key, row_hash, fill)
    return Keyed(table, relation, is_content_keyed, is_dated and not is_content_keyed)


def _from_declared_key(
    table: Table, key: Sequence[str], *, missing_of: frozenset[str]
) -> dict[str, str]:
    """Ids that the file lacks, made from the key that a mapping declares.

    The answers to several questions of one response share its id: columns of the table's own
    key stay out of it.
    """
    absent = [name for name in table.key if name in FROM_CONTENT and name not in missing_of]
    own = [name for name in key if name not in table.key or name == "survey_id"]
    parts = ", ".join(["source_id", *(own or key)])
    return {
        name: f"printf('%016x', hash({parts}))"
        for name in absent
        if table.column(name).type == "VARCHAR"
    }


def _keyed_relation(
    session: Session, table: Table, row_key: str, row_hash: str, fill: Mapping[str, str]
) -> str:
    relation = f"keyed_{table.name}"
    joined = "left join record_places using (record_no)" if "place" in row_key else ""
    columns = []
    for column in table.columns:
        if column.name in fill:
            filled = f"coalesce({column.name}, cast({fill[column.name]} as {column.type}))"
            columns.append(f"{filled} as {column.name}")
        elif column.name in FROM_CONTENT and column.type == "BIGINT":
            columns.append(f"coalesce({column.name}, 1) as {column.name}")
        else:
            columns.append(column.name)
    columns += table.person_keys.values()
    place = ", place" if joined else ""
    session.execute(
        f"create or replace temp table {relation} as select {', '.join(columns)}, source_id, "
        "import_id, record_no, row_no, row_key, row_hash, source_updated_at, exported_at "
        f"from (select private_rows.*{place}, {row_key} as row_key, {row_hash} as row_hash "
        f"from private_rows {joined})"
    )
    return relation


def settle_within_file(session: Session, keyed: Keyed, duplicates: str) -> dict[str, list[int]]:
    """Decides between rows of one file that share a key; the losers leave the relation.

    Args:
        session: Holds the relation.
        keyed: The rows.
        duplicates: "keep", "drop" or "keep_latest" of the mapping.

    Returns:
        Fate → record numbers: "unchanged" for repeats, "updated" for earlier versions,
        "conflict" where nothing says which version is right.
    """
    relation = keyed.relation
    if not session.value(
        f"select count(*) from (select row_key from {relation} group by 1 having count(*) > 1)"
    ):
        return {}
    latest = ", record_no desc, row_no desc" if duplicates == "keep_latest" else ""
    session.execute(
        f"""
        create or replace temp table repeated_rows as
        with repeated as (
            select * from {relation}
            where row_key in (select row_key from {relation} group by 1 having count(*) > 1)
        ),
        ranked as (
            select *,
                rank() over (
                    partition by row_key order by source_updated_at desc nulls last{latest}
                ) as version_rank
            from repeated
        )
        select record_no, row_no, row_key, row_hash, version_rank,
            count(distinct case when version_rank = 1 then row_hash end)
                over (partition by row_key) as contents,
            first_value(row_hash) over (partition by row_key order by version_rank) as best_hash,
            row_number() over (
                partition by row_key order by version_rank, record_no, row_no
            ) as place
        from ranked
        """
    )
    fates: dict[str, list[int]] = {}
    for fate, condition in (
        ("conflict", "contents > 1"),
        ("unchanged", "contents = 1 and place > 1 and row_hash = best_hash"),
        ("updated", "contents = 1 and place > 1 and row_hash <> best_hash"),
    ):
        found = session.rows(f"select distinct record_no from repeated_rows where {condition}")
        fates[fate] = [int(row[0]) for row in found]
    session.execute(
        f"delete from {relation} using repeated_rows as losing "
        f"where losing.record_no = {relation}.record_no and losing.row_no = {relation}.row_no "
        "and (losing.contents > 1 or losing.place > 1)"
    )
    return {fate: records for fate, records in fates.items() if records}


@dataclass(frozen=True)
class Fates:
    """What the rows of a file are worth beside what was there.

    Attributes:
        known: Record numbers of rows that were there with the same content, or are older.
        updated: Of rows that replace an earlier version.
        conflicts: Of rows that contradict another file without a word on which is newer.
        meets_others: Some key was there before, in force or not.
    """

    known: frozenset[int] = frozenset()
    updated: frozenset[int] = frozenset()
    conflicts: frozenset[int] = frozenset()
    meets_others: bool = False


def fates(
    session: Session,
    keyed: Keyed,
    files: Sequence[Path],
    *,
    in_force: Sequence[str],
    same_name: Sequence[str],
) -> Fates:
    """Compares keys with those of other imports.

    Args:
        session: Holds the relation.
        keyed: The rows.
        files: All Parquet files of the table, also of imports that do not count now: a person
            may let them in later.
        in_force: Ids of the imports that count.
        same_name: Ids of earlier imports of the same file name: what comes later under one
            name is newer.
    """
    if not files:
        return Fates()
    counting = ", ".join(map(quoted, in_force)) or "''"
    renamed = ", ".join(map(quoted, same_name)) or "''"
    rows = session.rows(
        f"""
        with met as (
            select row_key, row_hash, source_updated_at, exported_at, import_id,
                import_id in ({counting}) as counts
            from {rows_sql(files, keyed.table)}
            where row_key in (select row_key from {keyed.relation}) and {_same_time(session, keyed)}
        )
        select incoming.record_no,
            bool_or(met.counts) as meets,
            bool_or(met.counts and met.row_hash = incoming.row_hash) as is_same,
            bool_or(met.counts and (
                coalesce(met.source_updated_at > incoming.source_updated_at, false)
                or (met.source_updated_at is not distinct from incoming.source_updated_at
                    and coalesce(met.exported_at > incoming.exported_at, false))
                or (met.source_updated_at is not null and incoming.source_updated_at is null)
            )) as is_older,
            bool_or(
                met.counts and met.row_hash <> incoming.row_hash
                and met.source_updated_at is not distinct from incoming.source_updated_at
                and met.exported_at is not distinct from incoming.exported_at
                and met.import_id not in ({renamed})
            ) as is_conflict
        from {keyed.relation} as incoming
        inner join met on met.row_key = incoming.row_key
        group by incoming.record_no, incoming.row_no
        """
    )
    return _sorted_out(rows)


def _same_time(session: Session, keyed: Keyed) -> str:
    """SQL: other rows lie in the relation's span, so that files of other days are not read."""
    moment = keyed.table.dated_by
    if not keyed.is_dated or moment is None:
        return "true"
    first, last = session.rows(
        f"select cast(min({moment}) as varchar), cast(max({moment}) as varchar) "
        f"from {keyed.relation}"
    )[0]
    if first is None:
        return "true"
    kind = keyed.table.column(moment).type
    return f"{moment} between cast('{first}' as {kind}) and cast('{last}' as {kind})"


def _sorted_out(rows: Sequence[tuple[int, bool, bool, bool, bool]]) -> Fates:
    known, updated, conflicts = set(), set(), set()
    for record_no, meets, is_same, is_older, is_conflict in rows:
        if is_same or is_older:
            known.add(int(record_no))
        elif is_conflict:
            conflicts.add(int(record_no))
        elif meets:
            updated.add(int(record_no))
    return Fates(frozenset(known), frozenset(updated), frozenset(conflicts), bool(rows))


def salt_of(constants: Mapping[str, object]) -> str:
    """The constants of a mapping as text: equal rows of two waves are two answers."""
    return json.dumps({name: str(value) for name, value in sorted(constants.items())})
