"""SQL of what counts among all landed rows: one per key, the newest, merged over sources."""

from collections.abc import Sequence
from pathlib import Path

from pipelines.engines.duckdb import quoted
from pipelines.sources.landing import Landing
from pipelines.sources.tables import CONTROL, Table

# Lists of properties, where an empty cell means "not said". In a table of states it means "not
# yet", and filling it from an older source would end what goes on.
_DESCRIPTIVE = frozenset(
    "accounts users plans survey_questions workflow_statuses teams people commits".split()
)


def rows_sql(files: Sequence[Path], table: Table) -> str:
    """SQL of all rows in some Parquet files; a relation without rows if there are none."""
    if files:
        listed = ", ".join(quoted(str(path)) for path in files)
        return f"read_parquet([{listed}], union_by_name = true)"
    columns = {column.name: column.type for column in table.columns}
    columns |= dict.fromkeys(table.person_keys.values(), "BIGINT") | CONTROL
    typed = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in columns.items())
    return f"(select {typed} where false)"


def reach_sql(files: Sequence[Path], columns: Sequence[str]) -> str:
    """SQL of one row: the first moment of the first column, and the last one of any column.

    Parquet files say the least and the greatest of each column themselves, so that no row is read.

    Args:
        files: Rows that were landed; at least one file.
        columns: Of days or moments; files may lack some.
    """
    listed = ", ".join(quoted(str(path)) for path in files)
    names = ", ".join(map(quoted, columns))
    first = f"min(cast(stats_min_value as timestamptz)) filter (column_name = {quoted(columns[0])})"
    return (
        f"select {first}, max(cast(stats_max_value as timestamptz)) from (select "
        f"path_in_schema as column_name, stats_min_value, stats_max_value "
        f"from parquet_metadata([{listed}])) where column_name in ({names})"
    )


def in_force_sql(landing: Landing, table: Table, *, where: str = "true") -> str:
    """SQL of the rows of a table in force: one per key, the newest version.

    A key that several versions claim with different content and no word on which is newer
    counts for nobody (imports.md 1.5): its rows were quarantined as `conflict`. Tables of
    entities have one row per key over all sources; facts of different sources never merge.

    Args:
        landing: What was pulled in.
        table: Whose rows.
        where: SQL that rows must meet once the version in force is chosen.
    """
    manifests = landing.in_force()
    rows = rows_sql(landing.files(table.name, manifests), table)
    columns = ", ".join([*table.column_names, *table.person_keys.values()])
    control = "source_id, import_id, record_no, row_no"
    overlapping = any(table.name in manifest.may_overlap for manifest in manifests)
    sources = {manifest.source_id for manifest in manifests if manifest.tables.get(table.name)}
    chosen = f"({_newest_versions_sql(landing, rows)})" if overlapping else rows
    if table.is_entity and len(sources) > 1:
        chosen = f"({_merged_sql(table, chosen)})"
    return f"select {columns}, {control} from {chosen} where {where}"


def _newest_versions_sql(landing: Landing, rows: str) -> str:
    """Among rows that share a key: the newest, if one can be told."""
    order = _arrival_sql(landing)
    return f"""
        with repeated as (
            select row_key from {rows} group by row_key having count(*) > 1
        ),
        versions as (
            select candidates.*, arrivals.file_name as version_file, arrivals.sequence as version_no
            from {rows} as candidates
            semi join repeated on repeated.row_key = candidates.row_key
            inner join ({order}) as arrivals on arrivals.import_id = candidates.import_id
        ),
        newest as (
            select *, rank() over (
                partition by row_key
                order by source_updated_at desc nulls last, exported_at desc nulls last
            ) as version_rank
            from versions
        ),
        latest_of_file as (
            select *, rank() over (
                partition by row_key, version_file order by version_no desc
            ) as arrival_rank
            from newest where version_rank = 1
        ),
        agreed as (
            select *,
                count(distinct row_hash) over (partition by row_key) as contents,
                row_number() over (
                    partition by row_key order by version_file, version_no, record_no, row_no
                ) as place
            from latest_of_file where arrival_rank = 1
        )
        select candidates.* from {rows} as candidates
        anti join repeated on repeated.row_key = candidates.row_key
        union all by name
        select * exclude (
            version_file, version_no, version_rank, arrival_rank, contents, place
        ) from agreed where contents = 1 and place = 1
    """


def _merged_sql(table: Table, rows: str) -> str:
    """One row per key over all sources, the newest; gaps of a description are filled."""
    order = "source_updated_at desc nulls last, exported_at desc nulls last, source_id, row_hash"
    keys = ", ".join(table.key)
    ranked = (
        f"select *, row_number() over (partition by {keys} order by {order}) as version_rank "
        f"from {rows}"
    )
    if table.name not in _DESCRIPTIVE:
        return f"select * exclude (version_rank) from ({ranked}) where version_rank = 1"
    cells = []
    for column in table.columns:
        if column.name in table.key:
            continue
        if column.type == "BOOLEAN" and column.is_required:
            # False may be what a source says that knows nothing of it.
            cells.append(f"bool_or({column.name}) as {column.name}")
        else:
            cells.append(f"arg_min({column.name}, version_rank) as {column.name}")
    others = [*table.person_keys.values(), *CONTROL]
    cells += [f"arg_min({name}, version_rank) as {name}" for name in others]
    return f"select {keys}, {', '.join(cells)} from ({ranked}) group by {keys}"


def _arrival_sql(landing: Landing) -> str:
    values = ", ".join(
        f"({quoted(manifest.import_id)}, {quoted(manifest.file_name)}, {manifest.sequence})"
        for manifest in landing.in_force()
    )
    return f"select * from (values {values}) as arrivals (import_id, file_name, sequence)"
