"""Step 1 of an import: bytes → something that can be read, with encoding and hash known.

Nothing here looks at the meaning of a file.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipelines.errors import SourceError
from pipelines.sources.transcoding import as_utf8
from pipelines.sources.unpacking import CHUNK, head_of, unpacked

Container = Literal["csv", "json", "parquet", "xlsx"]

PARQUET_MAGIC = b"PAR1"
# Office files of before 2007, and newer ones with a password.
_OLD_OFFICE_MAGIC = b"\xd0\xcf\x11\xe0"
# As a mapping names them; an array of objects and one object a line are read alike.
_FORMATS: dict[str, Container] = {
    "csv": "csv",
    "json": "json",
    "ndjson": "json",
    "parquet": "parquet",
    "xlsx": "xlsx",
}
_SUFFIXES: dict[str, Container] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
}


@dataclass(frozen=True)
class Opened:
    """A file that is ready to be read.

    Attributes:
        container: How its inside is organised.
        path: The original, or its UTF-8 copy.
        file_hash: SHA-256 of the original bytes.
        encoding: As found.
        notes: Sentences for the import report.
        is_empty: It holds no record at all, not even a header.
    """

    container: Container
    path: Path
    file_hash: str
    encoding: str
    notes: tuple[str, ...] = ()
    is_empty: bool = False


def open_file(
    path: Path,
    file_name: str,
    work: Path,
    *,
    encoding: str | None = None,
    declared: str | None = None,
) -> Opened:
    """Hashes, unpacks and transcodes a file.

    Args:
        path: The file.
        file_name: As messages call it.
        work: Folder for copies; the caller removes it.
        encoding: Declared by the source, else found.
        declared: The format that a mapping names; else the file's marks and suffix tell.

    Raises:
        SourceError: If the file is missing, damaged, packed too densely or encrypted.
    """
    try:
        file_hash, size = _sha256(path)
        if size == 0:
            return Opened("csv", path, file_hash, "utf-8", is_empty=True)
        plain, suffixes = unpacked(path, file_name, work)
        container = _FORMATS.get(declared or "") or _container(plain, file_name, suffixes)
        if container in {"parquet", "xlsx"}:
            return Opened(container, plain, file_hash, "binary")
        text = as_utf8(plain, file_name, work, encoding)
    except OSError as problem:
        raise SourceError(
            "unreadable",
            f"{file_name}: cannot be opened ({problem.strerror or problem}). Check that it is a "
            "file that Launchloop may read.",
        ) from problem
    return Opened(container, text.path, file_hash, text.encoding, text.notes, text.is_empty)


def _sha256(path: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return digest.hexdigest(), size


def _container(path: Path, file_name: str, suffixes: list[str]) -> Container:
    head = head_of(path, 4096)
    if head[:4] == PARQUET_MAGIC:
        return "parquet"
    if suffixes == [".xlsx"] and head[:2] == b"PK":
        return "xlsx"
    if head[:4] == _OLD_OFFICE_MAGIC:
        raise SourceError(
            "encrypted",
            f"{file_name}: is an old or encrypted Office file. Save it as .xlsx or CSV without a "
            "password.",
        )
    for suffix in reversed(suffixes):
        if suffix in {".parquet", ".xlsx"}:
            raise SourceError(
                "unreadable",
                f"{file_name}: is no {suffix[1:]} file, whatever its name says. Export it again.",
            )
        if suffix in _SUFFIXES:
            return _SUFFIXES[suffix]
    return "json" if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["} else "csv"
