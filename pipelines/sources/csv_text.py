"""CSV as a lazily scanned relation: named columns, nothing sniffed, refused records kept."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipelines.engines.duckdb import MAX_LINE_BYTES, Session, csv_scan, lines_scan, read_or_refuse
from pipelines.errors import SourceError
from pipelines.sources.opening import Opened
from pipelines.sources.raw import LineFinder, Problem, Raw, column_names, joined_header
from pipelines.sources.unpacking import CHUNK

HEAD_RECORDS = 6
BLANKS = "blanks"
# The first line by which a file tells Excel its separator: no header and no record.
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
MAX_RAW = 2000
# More than this is no list of slips but a wrong delimiter.
MAX_REFUSED = 100_000
# An open quote swallows what follows; a text of a few lines that was cut is no more than that.
MAX_SWALLOWED_LINES = 10


def told_separator(path: Path) -> str | None:
    """The separator that the first line names for Excel (`sep=;`), None where it is a header."""
    with path.open(encoding="utf-8-sig") as file:
        found = _SEPARATOR_LINE.fullmatch(file.readline(16).strip("\n"))
    return found[1] if found else None


def records(path: Path, delimiter: str) -> Iterator[list[str]]:
    """The records of a CSV file as Python reads them, `sep=;` too; blank lines are empty ones."""
    csv.field_size_limit(MAX_LINE_BYTES)
    with path.open(encoding="utf-8-sig", newline="") as file:
        if delimiter == BLANKS:
            yield from (line.split() for line in file)
        else:
            yield from csv.reader(file, delimiter=delimiter)


def first_records(path: Path, delimiter: str, count: int = HEAD_RECORDS) -> list[list[str]]:
    """The first records of a CSV file; blank-separated files are split at runs of blanks.

    Raises:
        SourceError: If a quoted text in them never ends.
    """
    found: list[list[str]] = []
    begins = records(path, delimiter)
    try:
        if told_separator(path):
            next(begins)
        for record in begins:
            if record:
                found.append(record)
            if len(found) == count:
                break
    except csv.Error as problem:
        raise SourceError(
            "open_quote",
            f"{path.name}: a quoted text among the first records does not end ({problem}). "
            "Nothing was loaded; export the file again.",
        ) from problem
    return found


def found_delimiter(path: Path) -> str:
    """What the file tells Excel, else the separator most frequent in the header, outside quotes."""
    if told := told_separator(path):
        return told
    with path.open(encoding="utf-8-sig") as file:
        line = re.sub(r'"[^"]*"', "", file.readline(1_000_000))
    counts = {mark: line.count(mark) for mark in (",", ";", "\t", "|")}
    best = max(counts, key=lambda mark: counts[mark])
    if counts[best]:
        return best
    return BLANKS if len(line.split()) > 1 and "  " in line.strip() else ","


def csv_relation(
    session: Session, opened: Opened, file_name: str, *, delimiter: str | None, header_rows: int
) -> Raw:
    """A CSV file as a relation.

    Raises:
        SourceError: If it is no CSV, or most of it hides behind an open quote.
    """
    mark = delimiter or found_delimiter(opened.path)
    head = first_records(opened.path, mark)
    if not head:
        return Raw("(select null as c001 where false)", ("c001",), ())
    header = joined_header(head, header_rows)
    columns = column_names(len(header))
    if told_separator(opened.path):
        header_rows += 1
    line_of = _line_finder(opened.path, mark, header_rows, len(columns))
    if mark == BLANKS:
        problems = _split_at_blanks(session, opened.path, columns, header_rows)
        return Raw("raw_cells", columns, header, header_rows, problems, line_of=line_of)
    session.execute("drop table if exists rejected_records")
    session.execute("drop table if exists rejected_scans")
    scan = csv_scan(opened.path, columns, delimiter=mark, skip=header_rows)
    read_or_refuse(session, f"select count(*) from {scan}", file_name)
    refused = _rejected(session, opened.path, file_name, mark, header_rows, len(columns))
    return Raw(scan, columns, header, header_rows, refused, line_of=line_of)


def _rejected(  # noqa: PLR0913, PLR0917
    session: Session, path: Path, file_name: str, mark: str, header_rows: int, width: int
) -> tuple[Problem, ...]:
    """One problem per refused record; DuckDB lists one per missing column."""
    count = session.value("select count(distinct line) from rejected_records")
    if count > MAX_REFUSED:
        raise SourceError(
            "row_width",
            f"{file_name}: {count} records do not have the {width} values of the header. Nothing "
            "was loaded. Is the delimiter right? Name it in the source.",
            'delimiter = ";"',
        )
    rows = session.rows(
        f"select line, any_value(left(csv_line, {MAX_RAW})), any_value(csv_line), "
        "any_value(cast(error_type as varchar)), count(*) "
        "from rejected_records group by line order by line"
    )
    blank = _blank_records(path, mark, width) if rows else []
    problems = []
    for line, shown, whole, kind, missing in rows:
        # `line` counts records, blank ones and the header included.
        record_no = int(line) - header_rows - sum(number < int(line) for number in blank)
        code, why = _reason(kind, whole or "", mark, width, missing)
        if code == "open_quote" and (swallowed := whole.count("\n")) > MAX_SWALLOWED_LINES:
            raise SourceError(
                code,
                f"{file_name}, record {record_no}: a quoted text does not end, and {swallowed} "
                "lines behind it cannot be told apart. Nothing was loaded; export the file again.",
            )
        problems.append(Problem(record_no, None, (shown or "").strip("\n"), code, why))
    return tuple(problems)


def _reason(kind: str, text: str, mark: str, width: int, missing: int) -> tuple[str, str]:
    if kind == "TOO MANY COLUMNS":
        found = _width(text, mark)
        return "row_width", (
            f"{found} values, the header has {width}. Probably an unquoted separator in a text."
        )
    if kind == "MISSING COLUMNS":
        return "row_width", (
            f"{width - missing} values, the header has {width}. The file may have been cut here."
        )
    if kind == "UNQUOTED VALUE" and "\n" in text.rstrip("\n"):
        return "open_quote", "a quoted text does not end. The file may have been cut here."
    if kind == "UNQUOTED VALUE":
        return "open_quote", "a quoted text does not end where its cell does."
    return "unreadable_row", f"cannot be read ({kind.lower()})."


def _width(text: str, mark: str) -> int | str:
    try:
        return len(next(csv.reader(io.StringIO(text.strip("\n"), newline=""), delimiter=mark), []))
    except csv.Error:
        return "too many"


def _blank_records(path: Path, mark: str, width: int) -> list[int]:
    """Numbers of blank lines, the header counted, which the reader passes over."""
    if width == 1 or not _has_blank_lines(path):
        return []
    return [number for number, record in enumerate(records(path, mark), 1) if not record]


def _has_blank_lines(path: Path) -> bool:
    last = b""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            if b"\n\n" in last + chunk:
                return True
            last = chunk[-1:]
    return False


def _split_at_blanks(
    session: Session, path: Path, columns: tuple[str, ...], header_rows: int
) -> tuple[Problem, ...]:
    """Splits lines at runs of blanks into a temporary table; lines of another width are refused."""
    width = len(columns)
    session.execute(
        "create or replace temp table raw_lines as select row_number() over () as record_no, "
        "string_split_regex(trim(line), '\\s+') as parts, line "
        f"from {lines_scan(path, skip=header_rows)} where trim(line) <> ''"
    )
    cells = ", ".join(f"parts[{number}] as {name}" for number, name in enumerate(columns, 1))
    session.execute(
        f"create or replace temp table raw_cells as select {cells} from raw_lines "
        f"where len(parts) = {width} order by record_no"
    )
    refused = session.rows(
        f"select record_no, left(line, {MAX_RAW}), len(parts) from raw_lines "
        f"where len(parts) <> {width} order by record_no limit {MAX_REFUSED}"
    )
    return tuple(
        Problem(
            int(number), None, line, "row_width", f"{found} values, the first line has {width}."
        )
        for number, line, found in refused
    )


def _line_finder(path: Path, mark: str, header_rows: int, width: int) -> LineFinder:
    """Finds first physical lines of records; quoted line breaks and blank lines shift them."""

    def line_of(wanted: Sequence[int]) -> dict[int, int]:
        return _lines(path, mark, header_rows, width, set(wanted)) if wanted else {}

    return line_of


def _lines(path: Path, mark: str, header_rows: int, width: int, wanted: set[int]) -> dict[int, int]:
    lines, last, record_no = dict[int, int](), max(wanted), -header_rows
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, delimiter="\x1f" if mark == BLANKS else mark)
        before = 0
        try:
            for record in reader:
                is_blank = not record or (mark == BLANKS and not record[0].strip())
                if not is_blank or width == 1:
                    record_no += 1
                    if record_no in wanted:
                        lines[record_no] = before + 1
                if record_no == last:
                    break
                before = reader.line_num
        except csv.Error:
            return lines
    return lines
