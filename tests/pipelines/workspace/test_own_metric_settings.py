"""Measures of own metrics: the shapes of the contract, and what each is refused for."""

import pytest

from pipelines.errors import WorkspaceError
from pipelines.workspace import (
    ColumnMeasure,
    CountOf,
    QuantileOf,
    RatioOf,
    ShareOf,
    Workspace,
    load,
)

METRIC = """\
[product]
name = "x"
[[metric]]
id = "own"
name = "Own"
definition = "d"
table = "{table}"
measure = {measure}
"""


@pytest.fixture
def metric(tmp_path):
    def loaded(measure, table="survey_responses"):
        text = METRIC.format(table=table, measure=measure)
        (tmp_path / "launchloop.toml").write_text(text, encoding="utf-8")
        workspace = load(tmp_path)
        assert Workspace.from_json(workspace.as_json(), tmp_path) == workspace
        return workspace.metrics[0]

    return loaded


COUNT = CountOf(kind="count")


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("{ count = true }", COUNT),
        (
            '{ count = true, where = { survey_id = ["b", "a"] } }',
            CountOf(kind="count", where={"survey_id": ["a", "b"]}),
        ),
        ('{ sum = "score" }', ColumnMeasure(kind="sum", column="score")),
        ('{ mean = "score" }', ColumnMeasure(kind="mean", column="score")),
        ('{ distinct = "user_id" }', ColumnMeasure(kind="distinct", column="user_id")),
        (
            '{ share = { is_complete = true }, where = { survey_id = "s" } }',
            ShareOf(kind="share", share={"is_complete": "true"}, where={"survey_id": "s"}),
        ),
        ('{ quantile = "score", p = 0.85 }', QuantileOf(kind="quantile", column="score", p=0.85)),
        (
            '{ ratio = [{ sum = "score" }, { count = true }] }',
            RatioOf(
                kind="ratio",
                numerator={"sum": "score"},
                denominator={"count": True},
            ),
        ),
    ],
)
def test_each_measure_of_the_contract_is_read_and_comes_back_from_a_snapshot(metric, text, measure):
    assert metric(text).measure == measure


def test_a_property_of_an_event_may_be_a_condition(metric):
    found = metric('{ count = true, where = { event_name = "buy", plan = "team" } }', "events")
    assert found.measure.where == (("event_name", ("buy",)), ("plan", ("team",)))


def test_an_own_metric_is_a_weekly_count_without_direction_unless_it_says_more(metric):
    found = metric("{ count = true }")
    assert (found.every, found.unit, found.better) == ("week", "count", "none")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{ count = false }", "write count = true"),
        ("{ count = 1 }", "write count = true"),
        ("{}", "measures nothing"),
        ('"count"', "is not a measure"),
        ('{ summ = "score" }', 'nearest: "sum"'),
        ('{ sum = "score", mean = "score" }', "keep one"),
        ('{ sum = "scores" }', 'no column "scores"; nearest: "score"'),
        ('{ sum = "user_id" }', "is not a number to take the sum of"),
        ("{ sum = 3 }", "expects a text"),
        ('{ sum = "score; drop table x" }', "is not a column"),
        ('{ quantile = "score" }', 'needs the key "p"'),
        ('{ quantile = "score", p = 85 }', "less than 1"),
        ('{ sum = "score", p = 0.5 }', 'unknown key "p"'),
        ("{ share = {} }", "at least 1"),
        ("{ share = { is_completed = true } }", 'nearest: "is_complete"'),
        ("{ ratio = [{ count = true }] }", "is not a pair"),
        (
            "{ ratio = [{ count = true }, { ratio = [{ count = true }, { count = true }] }] }",
            "measures nothing",
        ),
        ('{ ratio = [{ count = true }, { sum = "scor" }] }', 'nearest: "score"'),
        ("{ ratio = [{ count = true }, { count = true }], where = { a = 1 } }", "unknown key"),
    ],
)
def test_a_measure_that_cannot_be_taken_is_refused_on_its_line(metric, text, said):
    with pytest.raises(WorkspaceError) as error:
        metric(text)
    assert str(error.value).startswith("launchloop.toml, line 8, [[metric]] 1, measure")
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("table", "said"),
    [("event", 'nearest: "events"'), ("teams", "has no time column")],
)
def test_a_table_without_time_or_without_existence_is_refused(metric, table, said):
    with pytest.raises(WorkspaceError, match="line 7") as error:
        metric("{ count = true }", table)
    assert said in str(error.value)


@pytest.mark.parametrize("every", ["sprint", "release", "wave"])
def test_a_grain_that_no_row_names_is_refused(metric, every):
    with pytest.raises(WorkspaceError) as error:
        metric(f'{{ count = true }}\nevery = "{every}"')
    assert str(error.value).startswith("launchloop.toml, line 9, [[metric]] 1, every")
