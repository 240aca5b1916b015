"""quarantine/: every row and cell that was refused, with place, value and reason."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pipelines.sources.landing import write_atomically
from pipelines.sources.raw import Problem

MAX_RAW = 500
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
_LONG_NUMBER = re.compile(r"\+\d[\d ()/-]{6,}\d|\d{9,}")


def write(
    folder: Path,
    import_id: str,
    file_name: str,
    problems: Sequence[Problem],
    line_of: Callable[[Sequence[int]], dict[int, int]],
) -> None:
    """Writes the entries of one import as NDJSON, replacing those of an interrupted run.

    Args:
        folder: `quarantine/`.
        import_id: Of the import.
        file_name: As messages call it.
        problems: Refused records and cells.
        line_of: Record numbers → physical lines of the file.
    """
    if not problems:
        return
    lines = line_of(sorted({problem.record_no for problem in problems}))
    entries = [
        {
            "import_id": import_id,
            "entry_no": number,
            "file_name": file_name,
            "record_no": problem.record_no,
            "line_no": lines.get(problem.record_no),
            "column_name": problem.column,
            "raw_text": _shown(problem),
            "reason_code": problem.code,
            "reason_text": problem.text,
            "scope_code": "cell" if problem.is_cell else "row",
        }
        for number, problem in enumerate(
            sorted(problems, key=lambda problem: (problem.record_no, problem.column or "")), 1
        )
    ]
    text = "\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
    write_atomically(folder / f"{import_id}.ndjson", text + "\n")


def _shown(problem: Problem) -> str | None:
    """The refused text; a whole record may hold what must not be kept (imports.md 1.7)."""
    if problem.raw is None:
        return None
    if problem.column is not None:
        return problem.raw[:MAX_RAW]
    without_mail = _MAIL.sub("[e-mail]", problem.raw[:MAX_RAW])
    return _LONG_NUMBER.sub("[number]", without_mail)


def entries(folder: Path, import_ids: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The entries of some imports, in order."""
    for import_id in import_ids:
        path = folder / f"{import_id}.ndjson"
        if path.exists():
            # Not splitlines(): a text may hold U+2028, which it takes for a line end.
            for line in path.read_text(encoding="utf-8").split("\n"):
                if line:
                    yield json.loads(line)
