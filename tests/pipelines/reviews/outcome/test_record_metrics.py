"""`launchloop query` answers hit rate and review coverage from the records, as a program asks."""

import csv
import io
import json
from datetime import UTC, date, datetime

import pytest

from pipelines.cli.asking import OF_RECORDS
from pipelines.reviews.core.terms import ValueState
from pipelines.reviews.outcome import record_metrics

AT_REVIEW = datetime(2026, 10, 20, 9, tzinfo=UTC)
KEYS = [
    "metric", "of", "name", "definition", "variant", "policy", "unit", "every", "by", "where",
    "snapshot", "as_of", "timezone", "note", "rows",
]  # fmt: skip
ROW = ["period", "period_end", "value", "low", "high", "n", "total", "status", "note"]


def stand_still(product, day):
    """The clock of the workspace is that of its data."""
    settings = product.folder / "launchloop.toml"
    text = settings.read_text(encoding="utf-8")
    now = f"[product]\nnow = {day}T09:00:00+00:00\n"
    settings.write_text(text.replace("[product]\n", now, 1), encoding="utf-8")


@pytest.fixture
def judged(judged):
    """The same; its clock stands after the quarter."""
    stand_still(judged, "2027-01-04")
    return judged


def test_the_answer_has_the_keys_of_every_other_metric(judged, run):
    body = json.loads(run("query", "outcome_hit_rate", "-w", judged.folder, "--json").stdout)
    assert list(body) == KEYS
    assert (body["unit"], body["every"], body["timezone"]) == ("share", "quarter", "UTC")
    (row,) = body["rows"]
    assert list(row) == ROW
    assert (row["period"], row["period_end"]) == ("2026-10-01", "2027-01-01")
    # Below ten only counts are told.
    assert (row["n"], row["status"], row["value"]) == (1, "too_few", None)
    assert row["note"] == f"{row['total']} of 1: too few for a share."


def test_coverage_gives_its_few_with_the_interval(judged, run):
    body = json.loads(run("query", "review_coverage", "-w", judged.folder, "--json").stdout)
    (row,) = body["rows"]
    assert (row["n"], row["total"], row["status"]) == (1, 0, "too_few")
    # Wilson, 1927, of 0 in 1: z² / (1 + z²) = 0.79345.
    assert (row["value"], row["low"]) == (0, 0)
    assert row["high"] == pytest.approx(0.79345, abs=5e-6)


def test_a_variant_is_named_as_everywhere(judged, run):
    one = run("query", "outcome_hit_rate.decided_only", "-w", judged.folder, "--json").stdout
    other = run(
        "query", "outcome_hit_rate", "--variant", "decided_only", "-w", judged.folder, "--json"
    ).stdout
    assert one == other
    assert json.loads(one)["variant"] == "decided_only"


def test_a_quarter_that_goes_on_has_counts_and_no_value(product, samples, run):
    product.kept()
    product.predict("2.0")
    product.publish(releases=[samples.release("2.0", released=date(2026, 7, 6))])
    product.kept(AT_REVIEW)
    stand_still(product, "2026-10-20")
    done = run("query", "review_coverage", "-w", product.folder, "--json")
    (row,) = json.loads(done.stdout)["rows"]
    assert (row["status"], row["value"]) == (ValueState.IMMATURE.value, None)
    assert row["note"] == "The quarter is not over."


def test_only_quarters_that_lie_wholly_inside_are_listed(judged, run):
    within = ("--from", "2026-10-01", "--to", "2027-01-01")
    short = ("--from", "2026-10-02", "--to", "2027-01-01")
    for options, count in ((within, 1), (short, 0)):
        done = run("query", "review_coverage", "-w", judged.folder, "--json", *options)
        assert len(json.loads(done.stdout)["rows"]) == count


def test_csv_and_table_are_as_of_other_metrics(judged, run):
    text = run("query", "review_coverage", "-w", judged.folder, "--format", "csv").stdout
    (row,) = csv.DictReader(io.StringIO(text))
    assert list(row) == ROW
    assert (
        "Review coverage (share, every quarter)"
        in run("query", "review_coverage", "-w", judged.folder).stdout
    )


def test_without_records_there_are_no_rows_a_note_and_no_records_are_made(product, run):
    done = run("query", "outcome_hit_rate", "-w", product.folder, "--json")
    assert done.returncode == 0, done.stderr
    body = json.loads(done.stdout)
    assert body["rows"] == []
    assert body["note"].startswith("There are no records yet.")
    assert not (product.folder / "records.db").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["outcome_hit_rate", "--by", "plan"], "leave --by out"),
        (["outcome_hit_rate", "--of", "x", "--where", "a=b"], "leave --of and --where out"),
        (["outcome_hit_rate", "--snapshot", "x"], "leave --snapshot out"),
        (["outcome_hit_rate", "--every", "week"], "cannot be asked by week, but by quarter"),
        (["review_coverage.decided_only"], "has no variant 'decided_only'"),
    ],
)
def test_a_wrong_question_ends_with_2_and_the_next_step(product, options, said, run):
    done = run("query", *options, "-w", product.folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_the_catalogue_lists_them_with_the_keys_of_the_others(judged, run):
    listed = json.loads(run("metrics", "-w", judged.folder, "--json").stdout)
    assert len({tuple(each) for each in listed}) == 1
    found = {each["id"]: each for each in listed if each["id"] in OF_RECORDS}
    assert set(found) == set(record_metrics.METRICS)
    assert all(each["available"] for each in found.values())
