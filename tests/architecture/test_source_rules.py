"""Rules about our own source that no linter knows. Each is tried on a line that breaks it."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCT = ("pipelines", "dashboard", "sample_data")
CORE = ("pipelines/stats", "pipelines/metrics", "dashboard/charts", "dashboard/format.py")
MOST_LINES = 400

INPUT_OUTPUT = {
    *("open", "print", "input", "read_text", "read_bytes", "write_text", "write_bytes"),
    *("read_csv", "read_parquet", "write_csv", "write_parquet", "scan_csv", "scan_parquet"),
}
CLOCKS = {"now", "utcnow", "today", "time", "monotonic", "perf_counter"}
CLOCK_OWNERS = {"datetime", "date", "time"}
BROWSER_STATE = {"session_state", "query_params"}
CACHES = {"cache_data", "cache_resource"}
RAW_MARKUP = {"unsafe_allow_html", "unsafe_allow_javascript"}
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}


def called_name(call: ast.Call) -> str:
    """The last part of what is called: `read_text` of `path.read_text()`."""
    return getattr(call.func, "attr", None) or getattr(call.func, "id", "")


def input_and_output(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called_name(node) in INPUT_OUTPUT:
            yield node.lineno


def clock_readings(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS:
            owner = getattr(node.value, "attr", None) or getattr(node.value, "id", None)
            if owner in CLOCK_OWNERS:
                yield node.lineno


def attributes(names: set[str]) -> Callable[[ast.AST], Iterator[int]]:
    def uses(tree: ast.AST) -> Iterator[int]:
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in names:
                yield node.lineno

    return uses


def raw_markup(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in RAW_MARKUP:
            yield node.value.lineno


def names_that_pytest_would_collect(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name.startswith("Test"):
            yield node.lineno


def python_files(*places: str) -> Iterator[Path]:
    for place in places:
        yield from [ROOT / place] if place.endswith(".py") else sorted((ROOT / place).rglob("*.py"))


# What is looked for, where it may not be, the files that it is for, a line that breaks it.
RULES = {
    "the core does no input or output": (input_and_output, CORE, (), "path.read_text()"),
    "the core reads no clock": (clock_readings, CORE, (), "datetime.now(UTC)"),
    "only filters and forms know the browser's state": (
        attributes(BROWSER_STATE),
        ("dashboard",),
        ("dashboard/components/filters.py", "dashboard/components/record_form.py"),
        "st.session_state['every']",
    ),
    "only dashboard/data.py caches": (
        attributes(CACHES),
        ("dashboard",),
        ("dashboard/data.py",),
        "@st.cache_data\ndef f(): ...",
    ),
    "text never becomes markup": (
        raw_markup,
        ("dashboard",),
        (),
        "st.markdown(text, unsafe_allow_html=True)",
    ),
    "no production name begins with Test": (
        names_that_pytest_would_collect,
        PRODUCT,
        (),
        "class TestResult: ...",
    ),
}


@pytest.mark.parametrize("rule", RULES)
def test_our_source_keeps_the_rule(rule):
    find, places, exempt, _ = RULES[rule]
    broken = [
        f"{file.relative_to(ROOT)}:{line}"
        for file in python_files(*places)
        if file.relative_to(ROOT).as_posix() not in exempt
        for line in find(ast.parse(file.read_text()))
    ]
    assert not broken, f"{rule}: {broken}"


@pytest.mark.parametrize("rule", RULES)
def test_the_rule_finds_a_line_that_breaks_it(rule):
    find, _, _, line = RULES[rule]
    assert list(find(ast.parse(line)))


def test_no_file_is_longer_than_a_reader_can_hold():
    long = {
        str(file.relative_to(ROOT)): lines
        for file in python_files(*PRODUCT)
        if (lines := len(file.read_text().splitlines())) > MOST_LINES
    }
    assert not long


def test_every_module_has_a_name_that_says_what_it_is_for():
    assert not [file for file in python_files(*PRODUCT) if file.stem in NAMES_THAT_SAY_NOTHING]
