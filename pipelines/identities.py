"""What must hold before anything is published: keys, identities, and the five counts.

Of the identities of metrics.md 10, those over published tables are SQL in checks/: I2, I3, I4 of
surveys, I5 and I6 as far as the tables carry them, I7, I9, I10. I13 is below. The others relate
numbers that no table holds and only a query counts: I1 (lifecycle), I4 of product funnels, I5 and
I6 as answered, and I8 (daily, weekly and monthly users). To count them all at each refresh would
cost more than the refresh; tests/identities/ proves them on the sample and on real exports. I11
and I12 belong to metrics that are not offered yet.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from pipelines.engines.definition import Model
from pipelines.engines.duckdb import Session
from pipelines.sources.landing import Landing

KEYS_DEMAND = "No row of a table is there twice or without its key."
COUNTS_DEMAND = "Read = loaded + updated + unchanged + dropped + quarantined, for every file."
MAX_SHOWN_ROWS = 3
MAX_FOUND_ROWS = 100


@dataclass(frozen=True)
class CheckResult:
    """What one identity found.

    Attributes:
        id: As metrics.md 10 numbers it; of keys, `key of` their table.
        note: What is wrong, None where it holds.
        demand: What must hold, as a sentence; "" in reports of before it was kept.
    """

    id: str
    ok: bool
    note: str | None
    demand: str = ""


def all_checks(
    session: Session, models: Sequence[Model], landing: Landing, changed: Mapping[str, str]
) -> list[CheckResult]:
    """Every check of a built candidate.

    Args:
        session: The open build.
        models: As they were run.
        landing: What was pulled in.
        changed: Model → SQL condition of the rows whose keys the last snapshot did not prove.
    """
    return [
        *_key_checks(session, models, changed),
        *_identity_checks(session),
        _counts_check(landing),
    ]


def _key_checks(
    session: Session, models: Sequence[Model], changed: Mapping[str, str]
) -> list[CheckResult]:
    results = []
    for model in models:
        if model.is_view or not model.key:
            continue
        where = changed.get(model.name, "true")
        note = None if where == "false" else _broken_key(session, model, where)
        results.append(CheckResult(f"key of {model.name}", note is None, note, KEYS_DEMAND))
    return results


def _broken_key(session: Session, model: Model, where: str) -> str | None:
    """What is wrong with a key, None if it is unique and never null."""
    keys = ", ".join(model.key)
    empty = " or ".join(f"{column} is null" for column in model.key)
    # As many hashes as rows prove as many keys, at a third of the price of grouping by them.
    rows, hashes, blank = session.rows(
        f"select count(*), count(distinct hash({keys})), count(*) filter ({empty}) "
        f"from {model.name} where {where}"
    )[0]
    if rows == hashes and not blank:
        return None
    repeated = session.value(
        f"select count(*) from (select {keys} from {model.name} where {where} "
        f"group by {keys} having count(*) > 1)"
    )
    if repeated or blank:
        return f"{repeated} keys repeat and {blank} are empty ({keys})."
    return None


def _identity_checks(session: Session) -> list[CheckResult]:
    results = []
    folder = Path(str(files("pipelines"))) / "checks"
    for path in sorted(folder.glob("*.sql")):
        sql = path.read_text(encoding="utf-8")
        identity, sentence = declared(sql)
        frame = session.frame(f"select * from ({sql.rstrip().rstrip(';')}) limit {MAX_FOUND_ROWS}")
        note = None
        if frame.height:
            shown = "; ".join(
                ", ".join(f"{key} {value}" for key, value in row.items())
                for row in frame.head(MAX_SHOWN_ROWS).iter_rows(named=True)
            )
            note = f"{sentence} does not hold in {frame.height} places: {shown}."
        demand = f"{sentence[0].upper()}{sentence[1:]}."
        results.append(CheckResult(identity, not frame.height, note, demand))
    return results


def declared(sql: str) -> tuple[str, str]:
    r"""The id of a check and what it demands: the first lines of its file, up to a bare `--`.

    >>> declared("-- I9: promoters, passives and detractors add up to\n-- the answers.\nselect 1")
    ('I9', 'promoters, passives and detractors add up to the answers')
    """
    lines = itertools.takewhile(lambda line: line.startswith("-- "), sql.splitlines())
    identity, _, sentence = " ".join(line.removeprefix("-- ") for line in lines).partition(": ")
    return identity, sentence.strip().rstrip(".")


def _counts_check(landing: Landing) -> CheckResult:
    """I13: every record of every file is accounted for."""
    wrong = [one.file_name for one in landing.manifests if not one.adds_up]
    note = f"Counts do not add up for {', '.join(wrong)}." if wrong else None
    return CheckResult("I13", not wrong, note, COUNTS_DEMAND)
