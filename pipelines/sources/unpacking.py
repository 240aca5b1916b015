"""Packed files: one member out of a .gz or .zip, never more than a limit of it."""

import gzip
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, cast

from pipelines.errors import SourceError

# Stays in the processor's cache: chunks of megabytes are read at half the speed.
CHUNK = 256 * 1024
MAX_UNPACKED = 2 * 1024**3
MAX_RATIO = 100
# Below this a high ratio is a small, repetitive file and no attack.
RATIO_FROM = 50 * 1024 * 1024

GZIP_MAGIC = b"\x1f\x8b"
ZIP_MAGIC = b"PK\x03\x04"
# Every Office document of today is a zip that lists its parts in this member.
_OFFICE_PARTS = "[Content_Types].xml"
# What macOS puts beside each file that it packs.
_MAC_SHADOWS = ("__MACOSX/", ".DS_Store")
_DAMAGES = (
    EOFError,
    zlib.error,
    gzip.BadGzipFile,
    zipfile.BadZipFile,
    NotImplementedError,
)

Opener = Callable[[], AbstractContextManager[IO[bytes]]]


def unpacked(path: Path, file_name: str, work: Path) -> tuple[Path, list[str]]:
    """The file itself, or what it holds if it is packed.

    Args:
        path: The file.
        file_name: As messages call it.
        work: Folder for what is unpacked.

    Returns:
        Where the content lies, and the suffixes of its name without those of packing.

    Raises:
        SourceError: If the package is damaged, encrypted, too dense, or holds several files.
    """
    suffixes = [suffix.lower() for suffix in path.suffixes]
    magic = head_of(path, 4)
    if magic[:2] == GZIP_MAGIC:
        inner = [suffix for suffix in suffixes if suffix != ".gz"]
        return _unpack(path, file_name, work, lambda: _open_gzip(path)), inner
    if magic == ZIP_MAGIC:
        members = _members(path, file_name)
        if any(member.filename == _OFFICE_PARTS for member in members):
            _refuse_dense(path, file_name, sum(member.file_size for member in members))
            return path, [".xlsx"]
        member = _only_member(members, file_name)
        inner = [suffix.lower() for suffix in Path(member.filename).suffixes]
        return _unpack(path, file_name, work, lambda: _open_member(path, member)), inner
    return path, suffixes


def head_of(path: Path, size: int) -> bytes:
    """The first bytes of a file."""
    with path.open("rb") as file:
        return file.read(size)


@contextmanager
def _open_gzip(path: Path) -> Iterator[IO[bytes]]:
    with gzip.open(path, "rb") as file:
        yield cast("IO[bytes]", file)


@contextmanager
def _open_member(path: Path, member: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
    with zipfile.ZipFile(path) as archive, archive.open(member) as file:
        yield file


def _members(path: Path, file_name: str) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile as problem:
        raise SourceError(
            "truncated",
            f"{file_name}: is no whole zip archive; its end is missing or damaged. Nothing was "
            "loaded; copy the file again.",
        ) from problem
    return [
        member
        for member in members
        if not member.is_dir() and not any(part in member.filename for part in _MAC_SHADOWS)
    ]


def _only_member(members: list[zipfile.ZipInfo], file_name: str) -> zipfile.ZipInfo:
    if len(members) != 1:
        names = ", ".join(member.filename for member in members[:4])
        raise SourceError(
            "several_files",
            f"{file_name}: holds {len(members)} files ({names}). Unpack it into the folder of the "
            "source, so that each file is recognised on its own.",
        )
    if members[0].flag_bits & 1:
        raise SourceError("encrypted", f"{file_name}: is encrypted. Save it without a password.")
    return members[0]


def _unpack(path: Path, file_name: str, work: Path, opener: Opener) -> Path:
    target = work / "unpacked"
    written = 0
    try:
        with opener() as packed, target.open("wb") as plain:
            while chunk := packed.read(CHUNK):
                written += len(chunk)
                _refuse_dense(path, file_name, written)
                plain.write(chunk)
    except _DAMAGES as problem:
        raise SourceError(
            "truncated",
            f"{file_name}: the packed data end too early or are damaged ({problem}). Nothing of "
            "it was loaded; copy the file again.",
        ) from problem
    return target


def _refuse_dense(path: Path, file_name: str, size: int) -> None:
    packed_size = path.stat().st_size
    if size > MAX_UNPACKED or (size > RATIO_FROM and size > MAX_RATIO * packed_size):
        raise SourceError(
            "too_large",
            f"{file_name}: unpacks to more than {size // 1024**2} MB from {packed_size // 1024} "
            "kB; the limits are 2 GB and 100 to 1. Nothing was loaded. Split the export by month.",
        )
