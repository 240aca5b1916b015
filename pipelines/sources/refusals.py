"""Cells that could not be read and required ones that are empty → quarantine entries."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipelines.engines.duckdb import Session
from pipelines.errors import SourceError
from pipelines.sources.cells_sql import texts_sql
from pipelines.sources.defaults import FROM_CONTENT
from pipelines.sources.mapping_sql import Cell, Plan
from pipelines.sources.raw import Problem, Raw
from pipelines.sources.tables import MONEY_TABLES

# Beyond this a list of rows helps nobody: the mapping is wrong.
MAX_REFUSED = 250_000
# Optional cells are listed up to here; their rows are loaded without them.
MAX_LISTED_CELLS = 10_000
MAX_SHOWN_TEXT = 200
# Table → columns of which one must be filled.
_ONE_OF = {"events": ("user_id", "anonymous_id")}
# An amount without its interval would count as monthly, or not at all.
_NEVER_UNKNOWN = frozenset({"interval_unit", "interval_count"})
_KINDS = {
    "TIMESTAMPTZ": "a time",
    "DATE": "a date",
    "BIGINT": "a whole number",
    "DOUBLE": "a number",
    "BOOLEAN": "yes or no",
}


@dataclass(frozen=True)
class Refusals:
    """What could not be used of a file, by the place among its readable records.

    Attributes:
        blank_count: Records without a single filled cell, dropped by the rule `blank`.
    """

    problems: tuple[Problem, ...] = ()
    blank_count: int = 0
    notes: tuple[str, ...] = ()

    def shifted(self, places: Sequence[tuple[int, int]]) -> tuple[Problem, ...]:
        """The problems by their place in the file, as `raw.shifts` counts it."""
        starts = [place for place, _ in places]

        def moved(problem: Problem) -> Problem:
            at = bisect_right(starts, problem.record_no)
            before = places[at - 1][1] if at else 0
            return replace(problem, record_no=problem.record_no + before)

        return tuple(moved(problem) for problem in self.problems)


def refuse(session: Session, raw: Raw, plan: Plan, relation: str, file_name: str) -> Refusals:
    """Lists what could not be read and takes the refused rows out of the relation.

    Raises:
        SourceError: If so many rows are bad that the mapping must be wrong.
    """
    required = _required(plan)
    bad = _mark_bad_rows(session, plan, relation, required)
    if not bad:
        return Refusals()
    blank = _drop_blank_records(session, raw, relation)
    refused, loose = session.rows(
        "select count(*) filter (is_refused), count(*) filter (not is_refused) from bad_rows"
    )[0]
    problems = _problems(session, raw, plan, required)
    if refused > MAX_REFUSED:
        raise SourceError(
            "too_many_bad_rows",
            f"{file_name}: {refused} rows cannot be used; nothing was loaded. The first: "
            f"{problems[0].text}",
        )
    notes = []
    if loose > MAX_LISTED_CELLS:
        notes.append(f"{loose} rows have cells that cannot be read; {MAX_LISTED_CELLS} are listed.")
    session.execute(
        f"delete from {relation} using bad_rows as bad where bad.is_refused "
        f"and bad.record_no = {relation}.record_no and bad.row_no = {relation}.row_no"
    )
    return Refusals(tuple(problems), blank, tuple(notes))


def _required(plan: Plan) -> list[str]:
    """Columns that must be filled; ids that follow from content only where the file has them."""
    own_ids = {cell.column.name for cell in plan.cells if cell.column.type == "VARCHAR"}
    return [
        column for column in plan.table.required if column not in FROM_CONTENT or column in own_ids
    ]


def _mark_bad_rows(session: Session, plan: Plan, relation: str, required: Sequence[str]) -> int:
    """Makes bad_rows: one row per row with an unreadable or an empty required cell."""
    conditions = [f"{column} is null" for column in required]
    conditions += [
        f"(failed & cast({1 << number} as hugeint)) <> 0"
        for number, cell in enumerate(plan.cells)
        if cell.column.name in _NEVER_UNKNOWN and plan.table.name in MONEY_TABLES
    ]
    if plan.table.name in _ONE_OF:
        conditions.append(_nobody(plan))
    empty = " or ".join(f"({condition})" for condition in conditions) or "false"
    missing = ", ".join(f"{column} is null" for column in required)
    session.execute(
        f"create or replace temp table bad_rows as select record_no, row_no, failed, "
        f"cast([{missing}] as boolean[]) as missing, "
        f"({empty}) as is_refused "
        f"from {relation} where is_wanted and is_there and (failed <> 0 or {empty})"
    )
    return int(session.value("select count(*) from bad_rows"))


def _nobody(plan: Plan) -> str:
    """SQL: none of the columns of which one must be there is filled."""
    return " and ".join(f"{column} is null" for column in _ONE_OF[plan.table.name])


def _drop_blank_records(session: Session, raw: Raw, relation: str) -> int:
    """Spreadsheets leave rows of separators behind: no record, and no reason to hold a file."""
    if raw.is_numbered:
        return 0
    filled = " or ".join(f"trim({column}) <> ''" for column in raw.columns)
    session.execute(
        "create or replace temp table blank_records as select record_no from ("
        f"select row_number() over () as record_no, coalesce({filled}, false) as is_filled "
        f"from {raw.scan}) where not is_filled "
        "and record_no in (select record_no from bad_rows)"
    )
    for name in ("bad_rows", relation):
        session.execute(
            f"delete from {name} where record_no in (select record_no from blank_records)"
        )
    return int(session.value("select count(*) from blank_records"))


def _problems(session: Session, raw: Raw, plan: Plan, required: Sequence[str]) -> list[Problem]:
    session.execute(
        "create or replace temp table listed_rows as "
        f"(select * from bad_rows where is_refused order by record_no limit {MAX_REFUSED}) "
        "union all (select * from bad_rows where not is_refused "
        f"order by record_no limit {MAX_LISTED_CELLS})"
    )
    rows = session.rows(
        "select record_no, row_no, cast(failed as varchar), missing, is_refused "
        "from listed_rows order by record_no, row_no"
    )
    texts = _failed_texts(session, raw, plan)
    problems = []
    for record_no, row_no, failed, missing, is_refused in rows:
        found = texts.get((record_no, row_no), {})
        own = [
            _unreadable(record_no, plan, cell, found.get(cell.column.name))
            for number, cell in enumerate(plan.cells)
            if int(failed) & (1 << number)
        ]
        known = {problem.column for problem in own}
        for column, is_missing in zip(required, missing, strict=True):
            header = _header(plan, column)
            if is_missing and header not in known:
                text = f"'{header}' is empty; {plan.table.name} need it."
                own.append(Problem(record_no, header, None, "missing", text))
        if is_refused and not own:
            names = " or ".join(_ONE_OF[plan.table.name])
            text = f"nobody is named; {plan.table.name} need {names}."
            own.append(Problem(record_no, _ONE_OF[plan.table.name][0], None, "missing", text))
        problems += [replace(problem, is_cell=not is_refused) for problem in own]
    return problems


def _header(plan: Plan, column: str) -> str:
    return next((cell.header for cell in plan.cells if cell.column.name == column), column)


def _failed_texts(
    session: Session, raw: Raw, plan: Plan
) -> Mapping[tuple[int, int], Mapping[str, str | None]]:
    """The texts of listed rows, by their (record, row) number."""
    names = [cell.column.name for cell in plan.cells]
    columns = "".join(f", cast(t_{column} as varchar)" for column in names)
    found = session.rows(
        f"select record_no, row_no{columns} from ({texts_sql(raw, plan)}) "
        "where (record_no, row_no) in (select record_no, row_no from listed_rows)"
    )
    return {(row[0], row[1]): dict(zip(names, row[2:], strict=True)) for row in found}


def _unreadable(record_no: int, plan: Plan, cell: Cell, text: str | None) -> Problem:
    if cell.wanted:
        wanted = cell.wanted
    elif cell.column.allowed:
        wanted = "one of " + ", ".join(cell.column.allowed)
    else:
        wanted = _KINDS.get(cell.column.type, "a value of this column")
    rule = plan.privacy.get(cell.column.name, cell.column.privacy)
    # What must not be kept must not be kept in a list of mistakes either.
    shown = (text or "")[:MAX_SHOWN_TEXT] if rule == "keep" else None
    holds = f"'{shown}'" if shown is not None else "something"
    if cell.code == "off_scale" and not re.search(r"\d", text or ""):
        why = f"'{cell.header}': label {holds} has no number. Add it to `labels`, or leave it out."
        return Problem(record_no, cell.header, shown, "unknown_label", why)
    why = f"'{cell.header}' holds {holds}, not {wanted}."
    return Problem(record_no, cell.header, shown, cell.code, why)


def problems_beside(
    primary: Sequence[Problem], others: Sequence[Sequence[Problem]]
) -> tuple[Problem, ...]:
    """What other tables of a file could not use; its records are loaded all the same."""
    known = set(primary)
    return tuple(
        replace(problem, is_cell=True)
        for problems in others
        for problem in problems
        if problem not in known
    )
