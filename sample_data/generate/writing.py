"""Files whose bytes depend on their rows only."""

import csv
import gzip
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

Row = Mapping[str, object]


def csv_text(header: Sequence[str], rows: Iterable[Row], delimiter: str = ",") -> str:
    """Rows as CSV with LF line ends; a column that a row lacks is empty."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow(["" if (cell := row.get(name)) is None else cell for name in header])
    return text.getvalue()


def ndjson_text(records: Iterable[Row]) -> str:
    """One JSON object a line, keys in the order given."""
    return "".join(
        json.dumps(record, ensure_ascii=False, separators=(", ", ": ")) + "\n" for record in records
    )


def write(path: Path, text: str) -> None:
    """Write text as UTF-8, gzipped without a time stamp where the name ends in .gz."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = text.encode()
    if path.suffix == ".gz":
        packed = io.BytesIO()
        # An empty name and mtime 0 keep the gzip header the same on every run.
        with gzip.GzipFile("", "wb", compresslevel=9, fileobj=packed, mtime=0) as stream:
            stream.write(data)
        data = packed.getvalue()
    path.write_bytes(data)
