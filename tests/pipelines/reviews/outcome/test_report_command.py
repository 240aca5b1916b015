"""`launchloop report` as people and programs call it: every format, twice the same bytes."""

import csv
import io
import json
from functools import partial

import pytest

FORMATS = ("md", "html", "pdf", "pptx", "json")


@pytest.fixture
def run(run):
    """`run("digest", …)` → how `launchloop report` ended, and what it said as bytes."""
    return partial(run, "report", text=False)


@pytest.mark.parametrize(
    ("kind", "form"), [*(("digest", form) for form in FORMATS), ("scorecard", "pdf")]
)
def test_every_format_goes_to_stdout_and_is_the_same_bytes_again(judged, kind, form, run):
    first = run(kind, "-w", judged.folder, "--format", form)
    assert (first.returncode, first.stderr) == (0, b"")
    second = run(kind, "-w", judged.folder, "--format", form)
    assert first.stdout == second.stdout
    assert len(first.stdout) > 300


def test_the_digest_says_what_changed_what_is_off_and_what_is_due(judged, run):
    text = run("digest", "-w", judged.folder).stdout.decode()
    assert text.startswith("# Sprout\\: the week in numbers")
    for said in ("## What changed", "## What to look at first", "## What is due", "Daily active"):
        assert said in text
    assert "Predicted 1 of 1 releases" in text


def test_the_scorecard_has_the_numbers_of_the_page(judged, run):
    answer = json.loads(run("scorecard", "-w", judged.folder, "--format", "json").stdout)
    card, (row,) = answer["scorecard"], answer["rows"]
    assert card["predicted"] == {**card["predicted"], "k": 1, "n": 1}
    assert card["hit_rate"]["n"] == 1
    assert card["n_power"] == 1
    assert row["outcome"]["result"]["verdict"] in {"improved", "improved_guardrail_open"}
    assert answer["outcome_hit_rate"][0]["period"] == "2026-10-01"
    assert answer["outcome_hit_rate"][0]["state"] == "too_few"
    assert answer["origin"]["data_as_of"] <= "2026-11-08"


def test_several_tables_need_a_folder(judged, run):
    done = run("scorecard", "-w", judged.folder, "--format", "csv")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"Say --output FOLDER" in done.stderr


def test_files_are_written_whole_and_tables_into_a_folder(judged, tmp_path, run):
    paper = tmp_path / "week.pdf"
    done = run("digest", "-w", judged.folder, "--format", "pdf", "--output", paper)
    assert (done.returncode, done.stdout) == (0, b"")
    assert f"Wrote {paper}." in done.stderr.decode()
    assert paper.read_bytes().startswith(b"%PDF")
    folder = tmp_path / "tables"
    done = run("scorecard", "-w", judged.folder, "--format", "csv", "--output", folder)
    assert done.returncode == 0, done.stderr
    names = sorted(path.name for path in folder.iterdir())
    assert names[-1].endswith("releases-and-large-items.csv")
    rows = list(csv.DictReader(io.StringIO((folder / names[-1]).read_text(encoding="utf-8"))))
    assert rows[0]["What"] == "2.0"
    assert rows[0]["Released"] == "2026-07-06"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["digets"], 2, 'There is no report "digets"; nearest: "digest"'),
        (["digest", "m1"], 2, 'takes no id; leave "m1" out'),
        (["digest", "--format", "docx"], 2, 'has no format "docx"; it has "md"'),
        (["scorecard", "--format", "ics"], 2, 'has no format "ics"'),
    ],
)
def test_a_wrong_question_ends_with_2_and_the_next_step(product, arguments, code, said, run):
    done = run(*arguments, "-w", product.folder)
    assert (done.returncode, done.stdout) == (code, b"")
    assert said in done.stderr.decode()


def test_without_records_the_digest_says_so_and_makes_none(product, run):
    done = run("digest", "-w", product.folder)
    assert done.returncode == 0, done.stderr
    assert "No review has been held here yet" in done.stdout.decode()
    assert not (product.folder / "records.db").exists()
    done = run("scorecard", "-w", product.folder)
    assert done.returncode == 1
    assert b"There are no records yet" in done.stderr
    assert not (product.folder / "records.db").exists()


def test_without_a_snapshot_the_report_says_what_to_do(tmp_path, run):
    (tmp_path / "launchloop.toml").write_text('[product]\nname = "New"\n', encoding="utf-8")
    done = run("digest", "-w", tmp_path)
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"launchloop refresh" in done.stderr


def test_help_has_an_example(run):
    done = run("--help")
    assert done.returncode == 0
    assert b"Example: launchloop report digest" in done.stdout
