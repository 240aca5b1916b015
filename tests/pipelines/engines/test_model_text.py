"""What is read off a model's text, and what is put into it."""

import pytest
from sqlglot import exp

from pipelines.build import models_folder
from pipelines.engines.definition import Model, load_models
from pipelines.errors import ModelError

MODELS = load_models(models_folder())


def model(sql: str) -> Model:
    return Model("marts", "made_up", sql, ("id",))


@pytest.mark.parametrize("one", MODELS, ids=lambda one: one.name)
def test_both_parsers_see_the_same_tables_and_parameters(one):
    tables = {f"{table.db}.{table.name}" for table in one.tree.find_all(exp.Table) if table.db}
    assert one.reads == tables
    assert one.parameters == {found.name for found in one.tree.find_all(exp.Placeholder)}


def test_models_stand_behind_what_they_read():
    places = {one.name: place for place, one in enumerate(MODELS)}
    for one in MODELS:
        assert all(places[name] < places[one.name] for name in one.reads & places.keys())


def test_a_parameter_becomes_what_it_stands_for():
    sql = model("select $zone as zone from settings.teams").bound(
        {"zone": exp.Literal.string("it's")}
    )
    assert sql == "select 'it''s' as zone from settings.teams"


def test_a_parameter_inside_a_text_a_name_or_a_comment_stays_as_it_is():
    sql = "-- of $zone\nselect '$zone and ''$zone''' as a, 1 as \"$zone\", $zone as b"
    bound = model(sql).bound({"zone": exp.Literal.number(7)})
    assert bound == sql.removesuffix("$zone as b") + "7 as b"


def test_a_parameter_that_nothing_stands_for_is_named():
    with pytest.raises(ModelError, match=r"made_up: \$zone"):
        model("select $zone as zone").bound({})


def test_a_model_that_is_no_sql_is_named():
    with pytest.raises(ModelError, match="made_up"):
        _ = model("select from where").reads


def test_two_models_that_read_each_other_are_refused(tmp_path):
    (tmp_path / "marts").mkdir()
    for name, other in (("a", "b"), ("b", "a")):
        (tmp_path / "marts" / f"{name}.sql").write_text(
            f"-- One row per thing.\n--\n-- key: id\nselect id from marts.{other}\n"
        )
    with pytest.raises(ModelError, match=r"a → marts\.b → marts\.a"):
        load_models(tmp_path)
