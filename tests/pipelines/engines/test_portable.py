"""The portable subset: every model is in it, and what is outside it is refused by name."""

import pytest

from pipelines.build import models_folder
from pipelines.engines.definition import Model, load_models
from pipelines.engines.portable import deviations, refuse_unportable
from pipelines.errors import ModelError

MODELS = load_models(models_folder())


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_every_model_is_portable(model):
    assert list(deviations(model)) == []


def model(sql: str, key: tuple[str, ...] = ("a",), kept_by: str | None = None) -> Model:
    return Model("marts", "things", sql, key, kept_by)


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("select a from x.y group by all", "group by all"),
        ("select a from x.y order by all", "order by all"),
        ("select a, count(distinct b) over (order by c) from x.y", "a windowed distinct"),
        ("select a from x.y qualify row_number() over (order by a) = 1", "Qualify"),
        ("select unnest(a) as a from x.y", "Explode"),
        ("select a from generate_series(1, 2) as t (a)", "GenerateSeries"),
        ("select quantile_cont(a, 0.5) as a from x.y", "PercentileCont"),
        ("select median(a) as a from x.y", "Median"),
        ("select a, current_date as b from x.y", "CurrentDate"),
        ("select a, now() as b from x.y", "function now()"),
        ("select list_transform(a, lambda v: v) as a from x.y", "Lambda"),
        ("select date_diff('day', a, b) as a from x.y", "date_diff in days"),
        ("select a from y", "table y without a schema"),
        ("select a from read_csv('/etc/hosts')", "ReadCSV"),
        ("select a, lag(b) over (partition by c) as d from x.y", "Lag without an order"),
        ("select a from x.y limit 3", "limit without an order"),
        ("select * from x.y", "does not list its columns"),
        ("select b from x.y", "the header names a"),
        ("select a from x.y; select a from x.y", "one SELECT"),
        ("delete from x.y", "no SELECT"),
    ],
)
def test_what_engines_read_differently_is_refused_by_name(sql, why):
    with pytest.raises(ModelError, match="marts.things is not portable") as refused:
        refuse_unportable(model(sql))
    assert why in str(refused.value)


def test_the_day_column_must_be_selected():
    assert list(deviations(model("select a from x.y", kept_by="day_on"))) == [
        "the header names day_on, which it does not select"
    ]


def test_ctes_bare_and_windows_named_are_fine():
    sql = """
    with ordered as (
        select a, b, lag(b) over in_time as before from x.y window in_time as (order by a)
    )
    select a, date_diff('microsecond', before, b) / 1000000 as waited_s
    from ordered where b <> 'text; with a semicolon'
    """
    assert refuse_unportable(model(sql)).table == "things"
