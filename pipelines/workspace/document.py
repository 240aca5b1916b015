"""A TOML file as a frozen model; what is wrong in it is said with file, line and cure."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pipelines.errors import WorkspaceError
from pipelines.workspace.frozen import Frozen
from pipelines.workspace.toml_lines import KeyPath, line_of
from pipelines.workspace.values import SettingError, listed, nearest, shown

Model = TypeVar("Model", bound=BaseModel)
Problem = tuple[KeyPath, str]

EXPECTED = {
    "string_type": 'a text in quotes such as "name"',
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "finite_number": "a finite number",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
}
LIMITS = {
    "greater_than_equal": ("ge", "at least"),
    "greater_than": ("gt", "more than"),
    "less_than_equal": ("le", "at most"),
    "less_than": ("lt", "less than"),
    "too_short": ("min_length", "a list of at least"),
}


def read_text(path: Path, cure: str) -> str:
    """The text of a TOML file, without the byte order mark that some editors write.

    Raises:
        WorkspaceError: The file is not there (the message ends with `cure`) or not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise WorkspaceError(f"{path}: no such file. {cure}") from error
    except UnicodeDecodeError as error:
        raise WorkspaceError(f"{path}: not UTF-8 text. Save it as UTF-8.") from error
    except OSError as error:
        raise WorkspaceError(f"{path}: cannot be read ({error.strerror}).") from error


def parsed(text: str, name: str) -> dict[str, object]:
    """The keys of a TOML text.

    Raises:
        WorkspaceError: The text is not TOML; names the line.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at line (\d+), column (\d+)\)$", str(error))
        line = int(place[1]) if place else len(text.splitlines())
        said = str(error).removesuffix(place[0]) if place else str(error)
        at = f" at character {place[2]}" if place else ""
        raise WorkspaceError(f"{name}, line {line}: {said}{at}. The file is not TOML.") from error


def validated(model: type[Model], keys: Mapping[str, object], name: str, text: str) -> Model:
    """The keys as a model.

    Args:
        model: What the keys must fit.
        keys: The parsed file, or the same shape built in Python.
        name: How messages call the file.
        text: The file's own text, for line numbers; empty when there is none.

    Raises:
        WorkspaceError: One line per problem, in the order of the file.
    """
    try:
        return model.model_validate(keys)
    except ValidationError as error:
        problems = [_problem(model, keys, detail) for detail in error.errors()]
    raise problem_report(_merged(problems), name, text)


def problem_report(problems: Iterable[Problem], name: str, text: str) -> WorkspaceError:
    """The error that lists problems by line."""
    lines = sorted(
        (line_of(text, path) if text else 0, f"{_spoken(path)}{said}") for path, said in problems
    )
    return WorkspaceError(
        "\n".join(
            f"{name}, line {line}, {said}" if line else f"{name}: {said}" for line, said in lines
        )
    )


def _problem(model: type[BaseModel], keys: Mapping[str, object], detail: ErrorDetails) -> Problem:
    path = _path_in(keys, detail["loc"])
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "value_error":
        said = context["error"]
        key = said.key if isinstance(said, SettingError) else None
        return (*path, key) if key else path, str(said)
    if kind == "extra_forbidden":
        key = str(detail["loc"][-1])
        return path, f'unknown key "{key}"; {nearest(key, _known_keys(model, detail["loc"][:-1]))}'
    if kind == "missing":
        return path, f'needs the key "{detail["loc"][-1]}"'
    return path, _misfit(kind, context, detail)


def _misfit(kind: str, context: Mapping[str, Any], detail: ErrorDetails) -> str:
    """What a value should have been."""
    found = shown(detail["input"])
    if kind == "literal_error":
        choices = re.findall(r"'([^']*)'", context["expected"])
        return f"{found} is not a choice; write one of {listed(choices)}"
    if kind in LIMITS:
        key, words = LIMITS[kind]
        return f"expects {words} {context[key]:g}, not {found}"
    return f"expects {EXPECTED[kind]}, not {found}" if kind in EXPECTED else detail["msg"]


def _merged(problems: list[Problem]) -> list[Problem]:
    """One problem per place: the members of a union each complain for themselves."""
    by_path: dict[KeyPath, str] = {}
    for path, said in problems:
        earlier = by_path.get(path)
        if earlier is None:
            by_path[path] = said
        elif earlier.startswith("expects ") and said.startswith("expects "):
            expected, _, found = earlier.partition(", not ")
            other = said.removeprefix("expects ").partition(", not ")[0]
            by_path[path] = f"{expected} or {other}, not {found}"
        else:
            by_path[path] = f"{earlier}; {said}"
    return list(by_path.items())


def _path_in(keys: object, location: tuple[int | str, ...]) -> KeyPath:
    """The part of a location that stands in the file, in the file's own keys."""
    path: KeyPath = ()
    for part in location:
        if isinstance(keys, Mapping):
            by_position = dict(enumerate(keys))
            name = by_position.get(part, part) if isinstance(part, int) else part
            if name in keys:
                path, keys = (*path, name), keys[name]
        elif isinstance(keys, list) and isinstance(part, int) and part < len(keys):
            path, keys = (*path, part), keys[part]
    return path[1:] if path[:2] == ("delivery", "team") else path


def _known_keys(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    for part in location:
        for name, field in model.model_fields.items():
            if part == (field.alias or name):
                model = _model_in(field.annotation) or model
    extra = model.spellings if issubclass(model, Frozen) else ()
    return [*(field.alias or name for name, field in model.model_fields.items()), *extra]


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for one in get_args(annotation) if (found := _model_in(one))), None)


def _spoken(path: KeyPath) -> str:
    """A path as a reader of the file would say it: `[[source]] 2, files: `."""
    if not path:
        return ""
    is_array = len(path) > 1 and isinstance(path[1], int)
    table = f"[[{path[0]}]] {int(path[1]) + 1}" if is_array else f"[{path[0]}]"
    rest = ""
    for part in path[2 if is_array else 1 :]:
        rest += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return f"{table}, {rest.removeprefix('.')}: " if rest else f"{table}: "
