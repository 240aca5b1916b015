"""The line of a key, against texts whose lines are counted by hand or while they are written."""

import doctest
import tomllib
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.workspace.toml_lines import line_of

TEXT = '''\
# a comment with [brackets] and name = "x"
[product]
name = """
[not a table]
key = 1
"""
timezone = "UTC"

[[source]]            # the first
name = "a = b"
survey = { id = "s", scale = { min = 1, max = 5 } }
[[source]]
  name = 'b'
  files = [
    "one.csv",        # one
    "two.csv", "three.csv",

    "four.csv",
  ]
[source.columns]
"Customer Id" = 1
"a.b" = 2
[usage]
activation.within_days = 7
active_events = [
    { event = "x" },
    { event = "y", where = { a = 1 } },
]
[usage.features]
export = ["export_csv"]
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("product",), 2),
        (("product", "name"), 3),
        (("product", "timezone"), 7),
        (("source", 0), 9),
        (("source", 0, "name"), 10),
        (("source", 0, "survey", "scale", "min"), 11),
        (("source", 1), 12),
        (("source", 1, "name"), 13),
        (("source", 1, "files"), 14),
        (("source", 1, "files", 0), 15),
        (("source", 1, "files", 2), 16),
        (("source", 1, "files", 3), 18),
        (("source", 1, "columns", "Customer Id"), 21),
        (("source", 1, "columns", "a.b"), 22),
        (("usage", "activation", "within_days"), 24),
        (("usage", "active_events", 0, "event"), 26),
        (("usage", "active_events", 1, "where", "a"), 27),
        (("usage", "features", "export"), 30),
    ],
)
def test_every_way_to_write_a_key_is_found_on_its_line(path, line):
    assert line_of(TEXT, path) == line


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("product", "currency"), 2),
        (("source", 1, "preset"), 12),
        (("source", 7, "name"), 9),
        (("funnel",), 1),
    ],
)
def test_a_key_that_is_not_there_has_the_line_of_the_table_it_belongs_to(path, line):
    assert line_of(TEXT, path) == line


@given(
    st.lists(
        st.tuples(st.booleans(), st.sampled_from(["", "# x = 1\n", "\n\n", 't = """\n[b]\n"""\n']))
    )
)
def test_any_mix_of_tables_comments_and_long_strings_keeps_its_lines(parts):
    text, expected, count = "", {}, 0
    for is_array, filler in parts:
        table = ("a", count) if is_array else (f"t{len(expected)}",)
        count += is_array
        text += "[[a]]\n" if is_array else f"[{table[0]}]\n"
        text += filler
        expected[(*table, "key")] = text.count("\n") + 1
        text += "key = [1, 2]\n"
    tomllib.loads(text)
    assert {path: line_of(text, path) for path in expected} == expected


@pytest.mark.parametrize("name", ["cron", "environment", "template", "toml_lines", "values"])
def test_the_examples_in_the_documentation_are_true(name):
    results = doctest.testmod(import_module(f"pipelines.workspace.{name}"))
    assert results.attempted > 0
    assert results.failed == 0
