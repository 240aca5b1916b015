"""Control totals of an import: what a person can compare with the vendor's own report."""

import math
from typing import Any

from pipelines.engines.duckdb import Session
from pipelines.errors import SourceError
from pipelines.sources.keys import Keyed
from pipelines.sources.mapping_file import MappingFile
from pipelines.sources.typed import Typed

# Table → (group columns, sum columns): the totals that matter for it.
_TOTALS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "payments": (("payment_kind", "currency"), ("amount_minor", "fee_minor", "net_minor")),
    "invoices": (("currency",), ("total_minor", "tax_minor", "paid_minor")),
    "invoice_lines": (("line_kind", "currency"), ("amount_minor",)),
    "costs": (("cost_kind", "currency"), ("amount_minor",)),
    "survey_responses": (("question_id", "score"), ()),
    "work_items": (("state_code",), ()),
    "deployments": (("result_code",), ()),
    "feedback_items": (("feedback_kind",), ()),
}
MAX_GROUPS = 60
MAX_SHOWN_RECORDS = 5


def control_totals(session: Session, keyed: Keyed) -> dict[str, Any]:
    """Row count, distinct keys, first and last instant, and the table's own sums."""
    table = keyed.table
    dated = table.dated_by
    moments = f", cast(min({dated}) as varchar), cast(max({dated}) as varchar)" if dated else ""
    row = session.rows(f"select count(*), count(distinct row_key){moments} from {keyed.relation}")[
        0
    ]
    totals: dict[str, Any] = {"rows": row[0], "keys": row[1]}
    if dated:
        totals |= {"first": row[2], "last": row[3]}
    if table.name in _TOTALS:
        groups, sums = _TOTALS[table.name]
        listed = ", ".join(groups)
        summed = "".join(f", cast(sum({column}) as bigint)" for column in sums)
        found = session.rows(
            f"select {listed}, count(*){summed} from {keyed.relation} "
            f"group by {listed} order by {listed} limit {MAX_GROUPS}"
        )
        totals["by"] = [dict(zip((*groups, "rows", *sums), line, strict=True)) for line in found]
    return totals


def check_expected(session: Session, mapping: MappingFile, typed: Typed, file_name: str) -> None:
    """Compares with `[expect]`: totals that the vendor states.

    Raises:
        SourceError: If a total differs; says by how much.
    """
    if mapping.expect_rows is not None and mapping.expect_rows != typed.read_count:
        raise SourceError(
            "totals_differ",
            f"{file_name}: holds {typed.read_count} rows, {mapping.expect_rows} are "
            "expected. Export it again, or correct [expect] in the mapping.",
        )
    for column, expected in mapping.expect_sums.items():
        found = float(session.value(f"select coalesce(sum({column}), 0) from {typed.relation}"))
        # Sums of fractions are never equal to the last bit.
        if not math.isclose(found, expected, rel_tol=1e-12, abs_tol=1e-9):
            raise SourceError(
                "totals_differ",
                f"{file_name}: Σ {column} is {found:.15g}, {expected:.15g} is expected. "
                f"Difference {found - expected:.15g}{_refused(typed)}. Export it again, or correct "
                "[expect] in the mapping.",
            )


def _refused(typed: Typed) -> str:
    """The rows that a sum lacks because they could not be used."""
    refused = {problem.record_no for problem in typed.problems if not problem.is_cell}
    if not refused:
        return ""
    first = ", ".join(map(str, sorted(refused)[:MAX_SHOWN_RECORDS]))
    return f", and {len(refused)} rows cannot be used (records {first})"
