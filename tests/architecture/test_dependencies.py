"""What we import is what we declare: nothing is there by luck of another package."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
OURS = frozenset({"pipelines", "dashboard", "sample_data"})
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PRODUCT = {canonicalize_name(Requirement(line).name) for line in PROJECT["dependencies"]}
DEVELOPMENT = {
    canonicalize_name(Requirement(line).name) for line in PROJECT["optional-dependencies"]["dev"]
}
# Extras that a person installs on purpose; what needs one says so when it is missing.
EXTRAS = {
    canonicalize_name(Requirement(line).name)
    for name, lines in PROJECT["optional-dependencies"].items()
    if name != "dev"
    for line in lines
}


def imported_packages(file: Path) -> Iterator[str]:
    """The first part of every absolute import, at any depth of the file."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def undeclared(
    folder: str, declared: set[str], ours: frozenset[str] = OURS
) -> dict[str, list[str]]:
    distributions = packages_distributions()
    missing: dict[str, list[str]] = {}
    for file in sorted((ROOT / folder).rglob("*.py")):
        for package in set(imported_packages(file)) - ours - sys.stdlib_module_names:
            names = {canonicalize_name(name) for name in distributions.get(package, [package])}
            if not names & declared:
                missing.setdefault(package, []).append(str(file.relative_to(ROOT)))
    return missing


@pytest.mark.parametrize("folder", sorted(OURS))
def test_the_product_imports_only_what_it_declares(folder):
    assert undeclared(folder, PRODUCT | EXTRAS) == {}


def test_the_tests_import_only_what_is_declared():
    beside = OURS | {place.stem for place in (ROOT / "tests").rglob("*")}
    assert undeclared("tests", PRODUCT | EXTRAS | DEVELOPMENT, beside) == {}


def test_the_lock_pins_what_is_declared_within_its_bounds():
    lock = (ROOT / "requirements.lock").read_text()
    pins = dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", lock, re.MULTILINE))
    lines = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
    for requirement in map(Requirement, lines):
        pinned = pins.get(canonicalize_name(requirement.name), "0")
        assert requirement.specifier.contains(pinned), f"{requirement}: run `make lock`"
        assert pinned != "0", f"{requirement}: run `make lock`"
