"""Which line of a TOML text holds a key: tomllib reads values but forgets where they stood."""

import tomllib
from collections.abc import Iterator

KeyPath = tuple[str | int, ...]


def line_of(text: str, path: KeyPath) -> int:
    r"""The line, from 1, that `path` begins on, or that of the nearest table around it.

    A path is made of keys and, inside arrays, of positions from 0. The text must be valid TOML.

    >>> line_of('[[source]]\nname = "a"\n[[source]]\nname = "b"\n', ("source", 1, "name"))
    4
    >>> line_of('[product]\nname = "x"\n', ("product", "timezone"))
    1
    """
    lines = _line_by_path(text)
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return 1


def _line_by_path(text: str) -> dict[KeyPath, int]:
    """The first line of every table, key and array element."""
    found: dict[KeyPath, int] = {}
    lengths: dict[KeyPath, int] = {}
    table: KeyPath = ()
    for first, statement in _statements(text.splitlines()):
        if statement[0].lstrip().startswith("["):
            table = _table_path(statement[0], lengths)
            for length in range(1, len(table) + 1):
                found.setdefault(table[:length], first)
        else:
            for path, offset in _keys(statement):
                found.setdefault(table + path, first + offset)
    return found


def _statements(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Each header or `key = value` with its first line; a value may span several lines."""
    start = 0
    while start < len(lines):
        end = start + 1
        while (values := _values(lines[start:end])) is None and end < len(lines):
            end += 1
        if values:
            yield start + 1, lines[start:end]
        start = end


def _values(lines: list[str]) -> dict[str, object] | None:
    """What the lines say; empty for blanks and comments, None while a value is unfinished."""
    try:
        return tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError:
        return None


def _table_path(header: str, lengths: dict[KeyPath, int]) -> KeyPath:
    """The full path of a `[table]` or `[[table]]` line; `lengths` counts array elements."""
    names: list[str] = []
    node: object = tomllib.loads(header)
    while isinstance(node, dict) and node:
        name, node = next(iter(node.items()))
        names.append(name)
        node = node[0] if isinstance(node, list) else node
    path: KeyPath = ()
    for name in names[:-1]:
        path += (name,)
        if path in lengths:
            path += (lengths[path] - 1,)
    path += (names[-1],)
    if header.lstrip().startswith("[["):
        lengths[path] = lengths.get(path, 0) + 1
        path += (lengths[path] - 1,)
    return path


def _keys(statement: list[str]) -> Iterator[tuple[KeyPath, int]]:
    """Every path inside one statement, with the line it begins on, counted from 0."""
    path, value = _outer_key(_values(statement) or {})
    for length in range(1, len(path) + 1):
        yield path[:length], 0
    for inner in _inner_paths(value):
        yield path + inner, _offset(statement, inner)


def _outer_key(values: object) -> tuple[KeyPath, object]:
    """The key that a statement sets, dots resolved, and its value."""
    path: KeyPath = ()
    while isinstance(values, dict) and len(values) == 1:
        name, values = next(iter(values.items()))
        path += (name,)
    return path, values


def _inner_paths(value: object) -> Iterator[KeyPath]:
    members: Iterator[tuple[str | int, object]] = iter(())
    if isinstance(value, dict):
        members = iter(value.items())
    elif isinstance(value, list):
        members = iter(enumerate(value))
    for name, member in members:
        yield (name,)
        yield from ((name, *inner) for inner in _inner_paths(member))


def _offset(statement: list[str], inner: KeyPath) -> int:
    """The line of an element of an array: the first one by which the array is long enough."""
    if len(statement) == 1 or not isinstance(inner[0], int):
        return 0
    for offset in range(len(statement)):
        closed = _values([*statement[: offset + 1], "]"])
        value = _outer_key(closed)[1] if closed else None
        if isinstance(value, list) and len(value) > inner[0]:
            return offset
    return 0
