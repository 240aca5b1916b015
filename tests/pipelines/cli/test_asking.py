"""`query` and `metrics`: the shapes that other programs read."""

import csv
import io

import pytest

ENVELOPE = [
    "metric", "of", "name", "definition", "variant", "policy", "unit", "every", "by", "where",
    "snapshot", "as_of", "timezone", "note", "rows",
]  # fmt: skip
ROW = ["period", "period_end", "value", "low", "high", "n", "total", "status", "note"]
CATALOGUE = {
    "id", "name", "family", "unit", "definition", "formula", "variants", "every", "of", "segments",
    "needs", "target", "available", "note", "source",
}  # fmt: skip


@pytest.fixture(scope="module")
def query(run, published):
    return lambda *arguments: run("query", *arguments, "-w", published)


@pytest.fixture(scope="module")
def dau(query):
    return query("dau", "--from", "2026-03-03", "--to", "2026-03-10", "--format", "json").json


def test_an_answer_names_all_that_must_stand_beside_a_number(dau, published):
    assert list(dau) == ENVELOPE
    assert dau["metric"] == "dau"
    assert dau["snapshot"] in {path.stem for path in (published / "snapshots").iterdir()}


def test_a_row_has_every_key_of_the_contract(dau):
    assert all(set(ROW) <= set(row) for row in dau["rows"])
    assert [row["period"] for row in dau["rows"]] == [f"2026-03-0{day}" for day in range(3, 10)]


def test_json_is_asked_for_in_two_ways(query, dau):
    assert query("dau", "--from", "2026-03-03", "--to", "2026-03-10", "--json").json == dau


def test_csv_has_the_same_columns_and_values_as_json(query, dau):
    answer = query("dau", "--from", "2026-03-03", "--to", "2026-03-10", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(answer.out)))
    assert list(rows[0]) == list(dau["rows"][0])
    assert [row["value"] for row in rows] == [str(row["value"]) for row in dau["rows"]]
    assert rows[0]["note"] == ""


def test_a_table_names_metric_unit_definition_and_snapshot(query, dau):
    answer = query("dau", "--from", "2026-03-03", "--to", "2026-03-10")
    head = "\n".join(answer.out.splitlines()[:4])
    for said in (dau["name"], dau["definition"], dau["unit"], dau["snapshot"]):
        assert said in head
    assert str(dau["rows"][0]["value"]) in answer.out


def test_a_segment_splits_the_rows(query):
    body = query("dau", "--by", "plan", "--from", "2026-03-05", "--to", "2026-03-06", "--json").json
    assert {row["segment"] for row in body["rows"]} >= {"pro", "free"}
    only = query(
        "dau", "--where", "plan=pro", "--from", "2026-03-05", "--to", "2026-03-06", "--json"
    ).json
    assert only["where"] == {"plan": "pro"}
    pro = next(row for row in body["rows"] if row["segment"] == "pro")
    assert only["rows"][0]["value"] == pro["value"]


def test_a_variant_is_named_with_a_dot_or_an_option(query):
    dotted, named = (
        query("retention.unbounded", "--json"),
        query("retention", "--variant", "unbounded", "--json"),
    )
    assert dotted.json == named.json
    assert (dotted.json["metric"], dotted.json["variant"]) == ("retention", "unbounded")


def test_a_metric_without_its_source_is_an_answer_with_a_note(query):
    answer = query("nps", "--format", "json")
    assert answer.code == 0
    assert answer.json["rows"] == []
    assert "source" in answer.json["note"]


def test_a_snapshot_is_asked_by_the_beginning_of_its_id(query, dau):
    body = query("dau", "--snapshot", dau["snapshot"][:11], "--json").json
    assert body["snapshot"] == dau["snapshot"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["dav"], "dau"),
        (["dau", "--every", "fortnight"], "day"),
        (["dau", "--by", "plam"], "plan"),
        (["dau", "--where", "plan"], "SEGMENT=VALUE"),
        (["dau", "--from", "yesterday"], "2026-07-01"),
        (["retention", "--variant", "unbound"], "unbounded"),
        (["feature_adoption", "--of", "exprt"], "export"),
        (["feature_adoption"], "export, share"),
    ],
)
def test_a_question_that_cannot_be_asked_ends_with_2_and_what_can(query, arguments, said):
    answer = query(*arguments)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err


def test_the_catalogue_lists_what_every_metric_is(run, published):
    listed = run("metrics", "-w", published, "--format", "json").json
    assert all(set(entry) >= CATALOGUE for entry in listed)
    by_id = {entry["id"]: entry for entry in listed}
    assert by_id["dau"]["available"] is True
    assert by_id["nps"]["available"] is False
    assert by_id["feature_adoption"]["of"] == ["export", "share"]


def test_the_catalogue_is_there_before_the_first_refresh(run, tmp_path):
    run("init", tmp_path)
    listed = run("metrics", "-w", tmp_path, "--json").json
    assert {entry["available"] for entry in listed} == {False}
    assert run("query", "dau", "-w", tmp_path).code == 1


def test_the_catalogue_as_csv_and_table_names_the_same_metrics(run, published):
    rows = list(csv.DictReader(io.StringIO(run("metrics", "-w", published, "--format", "csv").out)))
    table = run("metrics", "-w", published).out.splitlines()[1:]
    assert [row["id"] for row in rows] == [line.split()[0] for line in table]
