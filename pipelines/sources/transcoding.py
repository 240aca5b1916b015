"""Text of any encoding → UTF-8 with LF line ends; a clean file is read where it lies."""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import SourceError
from pipelines.sources.unpacking import CHUNK, head_of

SHOWN_CHANGES = 3
_FALLBACK = "cp1252"
# "Ã" and a second sign where one accented letter stood: UTF-8 read as Latin-1 and saved again.
_DOUBLY_ENCODED = b"\xc3\x83\xc2"


@dataclass(frozen=True)
class Transcoded:
    """A text file in UTF-8.

    Attributes:
        path: The original, or its copy.
        encoding: As found.
        notes: Sentences for the import report.
        is_empty: It holds nothing but blanks.
    """

    path: Path
    encoding: str
    notes: tuple[str, ...]
    is_empty: bool


@dataclass(frozen=True)
class _Bytes:
    """What one look at all bytes of a UTF-8 file showed."""

    is_clean: bool
    is_doubly_encoded: bool
    has_text: bool


def as_utf8(path: Path, file_name: str, work: Path, declared: str | None) -> Transcoded:
    """Finds the encoding and writes a copy where the file is not clean UTF-8.

    Args:
        path: A text file.
        file_name: As messages call it.
        work: Folder for the copy.
        declared: The source's `encoding`, else it is found.

    Raises:
        SourceError: If the bytes are not what the source or their own mark says.
    """
    encoding = _codec(declared, file_name) if declared else _found_encoding(path)
    if encoding == "utf-8" and head_of(path, 3) == codecs.BOM_UTF8:
        encoding = "utf-8-sig"
    try:
        if encoding == "utf-8":
            seen = _seen(path)
            if seen.is_clean:
                return Transcoded(path, encoding, _notes(seen), not seen.has_text)
        return _copied(path, work, encoding)
    except UnicodeDecodeError as problem:
        if _ends_in_a_letter(problem):
            found = _copied(path, work, encoding, errors="replace")
            note = "The last letter is incomplete: the file may have been cut there."
            return Transcoded(found.path, encoding, (*found.notes, note), found.is_empty)
        if declared or encoding != "utf-8":
            said = f"declared as {declared}" if declared else f"marked as {encoding}"
            raise SourceError(
                "encoding",
                f"{file_name}: is {said}, but its bytes are not (at {problem.start}: "
                f"{problem.reason}). Correct `encoding` of the source, or export the file again.",
            ) from problem
    return _copied(path, work, _FALLBACK, errors="replace")


def _codec(declared: str, file_name: str) -> str:
    try:
        return codecs.lookup(declared).name
    except LookupError as problem:
        raise SourceError(
            "encoding",
            f"{file_name}: '{declared}' is no encoding. Use utf-8, utf-16, latin-1 or cp1252.",
            'encoding = "cp1252"',
        ) from problem


def _found_encoding(path: Path) -> str:
    head = head_of(path, 4096)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    # Text in a Latin script as UTF-16 has a zero byte beside nearly every letter.
    if head[1::2].count(0) > len(head) // 4:
        return "utf-16-le"
    if head[0::2].count(0) > len(head) // 4:
        return "utf-16-be"
    return "utf-8"


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _seen(path: Path) -> _Bytes:
    """One pass over the bytes; raises UnicodeDecodeError if they are not UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_clean, is_doubly_encoded, has_text = True, False, False
    for chunk in _chunks(path):
        is_clean = is_clean and b"\x00" not in chunk and b"\r" not in chunk
        has_text = has_text or bool(chunk.strip())
        # Most exports are ASCII throughout, and knowing that costs a fifth of decoding.
        if not chunk.isascii() or decoder.getstate()[0]:
            is_doubly_encoded = is_doubly_encoded or _DOUBLY_ENCODED in chunk
            decoder.decode(chunk)
    decoder.decode(b"", final=True)
    return _Bytes(is_clean, is_doubly_encoded, has_text)


def _notes(seen: _Bytes) -> tuple[str, ...]:
    if not seen.is_doubly_encoded:
        return ()
    return ("Some letters look doubly encoded ('Ã©' for 'é'); correct this in the exporting tool.",)


def _ends_in_a_letter(problem: UnicodeDecodeError) -> bool:
    return "unexpected end" in problem.reason or "truncated" in problem.reason


def _copied(path: Path, work: Path, encoding: str, *, errors: str = "strict") -> Transcoded:
    nul_count, is_empty, changed = 0, True, list[str]()
    target = work / "utf8"
    with (
        path.open(encoding=encoding, errors=errors) as source,
        target.open("w", encoding="utf-8", newline="\n") as copy,
    ):
        start = True
        while text := source.read(CHUNK):
            nul_count += text.count("\x00")
            clean = text.replace("\x00", "")
            clean = clean.removeprefix("\ufeff") if start else clean
            start, is_empty = False, is_empty and not clean.strip()
            if encoding == _FALLBACK and len(changed) < SHOWN_CHANGES:
                words = [word for word in clean.split() if not word.isascii()]
                changed += words[: SHOWN_CHANGES - len(changed)]
            copy.write(clean)
    notes = []
    if nul_count:
        notes.append(f"{nul_count} NUL bytes were removed.")
    if encoding == _FALLBACK:
        notes.append(f"Read as Windows-1252, not UTF-8; for example {', '.join(changed) or '-'}.")
    return Transcoded(target, encoding, tuple(notes), is_empty)
