"""What became of every input record: the five counts, and whether a person has to decide."""

from collections import Counter
from collections.abc import Mapping, Sequence

from pipelines.sources.definition import Context
from pipelines.sources.file_rows import FileRows
from pipelines.sources.keys import Fates
from pipelines.sources.raw import Problem

# Code, text and the line of TOML that answers it.
Question = dict[str, str | None]

MIN_BAD_ROWS = 10
MAX_BAD_SHARE = 0.5
_CONFLICT = (
    "another row has the same key and other content, and nothing says which is newer. Give the "
    "source `exported_at`."
)


class Fate:
    """Counts what became of the records of one file.

    Attributes:
        problems: Refused records and cells so far.
    """

    def __init__(self, rows: FileRows) -> None:
        """Begins with what typing refused."""
        self._rows = rows
        self.problems = list(rows.problems)
        self._refused = {problem.record_no for problem in rows.problems if not problem.is_cell}
        self._unchanged: set[int] = set()
        self._updated: set[int] = set()

    def refuse(self, problems: Sequence[Problem]) -> None:
        """Adds problems of whole records."""
        self.problems += problems
        self._refused |= {problem.record_no for problem in problems}

    def settle(self, within: Mapping[str, Sequence[int]], met: Fates) -> None:
        """Takes in what the rows of the primary table are worth beside all others."""
        self.refuse(_conflicts(within, met, table=None))
        self._unchanged |= set(within.get("unchanged", ())) | set(met.known)
        self._updated |= set(within.get("updated", ())) | set(met.updated)

    def settle_further(self, table: str, within: Mapping[str, Sequence[int]], met: Fates) -> None:
        """Lists rows of a further table that contradict others; their records stay."""
        self.problems += _conflicts(within, met, table=table)

    def counts(self) -> dict[str, int]:
        """The five counts; they add up to the records read."""
        refused = len(self._refused)
        unchanged = len(self._unchanged - self._refused)
        updated = len(self._updated - self._refused - self._unchanged)
        dropped = self._rows.dropped
        return {
            "read": self._rows.read,
            "loaded": self._rows.read - refused - unchanged - updated - dropped,
            "updated": updated,
            "unchanged": unchanged,
            "dropped": dropped,
            "quarantined": refused,
        }

    def notes(self) -> list[str]:
        """The rules that left records out."""
        if not self._rows.dropped_by:
            return []
        listed = ", ".join(f"{rule}: {n}" for rule, n in sorted(self._rows.dropped_by.items()))
        return [f"Dropped by rule ({listed})."]


def _conflicts(within: Mapping[str, Sequence[int]], met: Fates, table: str | None) -> list[Problem]:
    numbers = sorted(set(within.get("conflict", ())) | set(met.conflicts))
    return [
        Problem(number, table, None, "conflict", _CONFLICT, is_cell=table is not None)
        for number in numbers
    ]


def held_for_bad_rows(
    rows: FileRows, problems: Sequence[Problem], counts: Mapping[str, int], context: Context
) -> Question | None:
    """The question of an import with too many bad rows, None if it may come in."""
    bad, read = counts["quarantined"], counts["read"]
    limit_is_set = "limit" in context.source.model_fields_set
    limit = context.source.limit
    is_many = bad > limit * read and (bad > MIN_BAD_ROWS or limit_is_set)
    is_most = bad > MAX_BAD_SHARE * read and not (limit_is_set and limit >= 1)
    if bad and rows.is_money and not limit_is_set:
        code, why = "bad_money_rows", "money files may not lose a single row"
    elif bad and (is_many or is_most):
        code, why = "too_many_bad_rows", f"the limit is {100 * limit:.0f}\u00a0%"
    else:
        return None
    reasons = Counter(problem.text for problem in problems if not problem.is_cell)
    example = max(reasons, key=lambda text: reasons[text], default="see the fix-list.")
    return {
        "code": code,
        "text": (
            f"{context.file_name}: {bad} of {read} rows cannot be used ({why}). Most often: "
            f"{example} Correct the export, or let it in as it is with `launchloop imports accept`."
        ),
        "toml": None,
    }
