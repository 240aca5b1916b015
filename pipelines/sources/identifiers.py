"""Numbers that a spreadsheet made of ids: `123.0` is mended, `1.2E+11` cannot be."""

from pipelines.engines.duckdb import Session
from pipelines.errors import SourceError
from pipelines.sources.mapping_sql import Cell, Plan

# Releases are called 1.0 and 2.0 by their makers.
_NO_NUMBERS = frozenset({"release_id"})


def mend_or_refuse_ids(session: Session, plan: Plan, relation: str, file_name: str) -> None:
    """Strips `.0` where all ids of a column have it.

    Raises:
        SourceError: If a spreadsheet has rounded an id.
    """
    for cell in plan.cells:
        name = cell.column.name
        is_id = name in plan.table.key or name.endswith("_id")
        if is_id and cell.column.type == "VARCHAR" and not cell.default and name not in _NO_NUMBERS:
            _mend_or_refuse(session, relation, cell, file_name)


def _mend_or_refuse(session: Session, relation: str, cell: Cell, file_name: str) -> None:
    column = cell.column.name
    if not session.value(
        f"select coalesce(bool_or(contains({column}, '.') or contains({column}, 'E+') "
        f"or contains({column}, 'e+')), false) from {relation}"
    ):
        return
    rounded = f"regexp_full_match({column}, '\\d(\\.\\d+)?[eE]\\+\\d+')"
    whole = f"regexp_full_match({column}, '\\d+\\.0+')"
    broken = f"regexp_full_match({column}, '\\d+\\.\\d*[1-9]\\d*')"
    count, wholes, brokens, example, record_no = session.rows(
        f"select count(*), count(*) filter ({whole}), count(*) filter ({broken}), "
        f"first({column} order by record_no) filter ({rounded}), "
        f"min(record_no) filter ({rounded}) from {relation} where {column} is not null"
    )[0]
    if example is None and wholes and brokens and wholes + brokens == count:
        example, record_no = session.rows(
            f"select {column}, record_no from {relation} where {broken} order by record_no limit 1"
        )[0]
    if example is not None:
        raise SourceError(
            "id_damaged",
            f"{file_name}: '{cell.header}' holds {example} (record {record_no}). A spreadsheet has "
            "rounded this id; it cannot be restored. Export again as CSV.",
        )
    if wholes == count:
        session.execute(f"update {relation} set {column} = regexp_replace({column}, '\\.0+$', '')")
