"""`imports`: a person's word on what was pulled in."""

import pytest

IMPORT = {
    "import_id", "state", "decision", "source", "file", "preset", "status", "read", "loaded",
    "updated", "unchanged", "dropped", "quarantined", "tables", "notes", "questions",
}  # fmt: skip


@pytest.fixture(scope="module")
def workspace(run, make, events, tmp_path_factory):
    """Two weeks in two files; in the second most times cannot be read, so it is held."""
    good, bad = events(range(7)), events(range(7, 14))
    bad = bad.replace("2026-03-09", "soon").replace("2026-03-1", "someday 1")
    folder = make(tmp_path_factory.mktemp("imports") / "lumen", first=good, second=bad)
    answer = run("refresh", "-w", folder, "--json")
    assert answer.code == 1
    return folder


@pytest.fixture
def listed(run, workspace):
    def by_file():
        rows = run("imports", "list", "-w", workspace, "--json").json
        return {row["file"].removeprefix("exports/"): row for row in rows}

    return by_file


def rows_of(run, workspace):
    body = run("query", "dau", "-w", workspace, "--json").json
    return sum(row["value"] or 0 for row in body["rows"])


def test_the_list_says_which_imports_count(listed):
    rows = listed()
    assert all(set(row) >= IMPORT for row in rows.values())
    assert rows["first.csv"]["state"] == "in force"
    assert rows["second.csv"]["state"] == "held"
    assert rows["second.csv"]["questions"][0]["code"] == "too_many_bad_rows"


def test_the_table_shows_the_ids_that_decisions_need(run, workspace, listed):
    table = run("imports", "list", "-w", workspace).out
    assert all(row["import_id"] in table for row in listed().values())


def test_a_refresh_names_the_command_that_lets_a_held_import_in(run, workspace, listed):
    answer = run("refresh", "-w", workspace)
    assert f"launchloop imports accept {listed()['second.csv']['import_id']}" in answer.out


def test_an_unknown_id_ends_with_2_and_names_what_there_is(run, workspace, listed):
    answer = run("imports", "accept", "zzz", "-w", workspace)
    assert (answer.code, answer.out) == (2, "")
    assert listed()["first.csv"]["import_id"] in answer.err


def test_accepting_and_revoking_change_the_numbers_and_back(run, workspace, listed):
    without = rows_of(run, workspace)
    held = listed()["second.csv"]["import_id"]
    accepted = run("imports", "accept", held[:8], "-w", workspace, "--json")
    assert accepted.code == 0, accepted.err
    assert accepted.json["import_id"] == held
    assert accepted.json["decision"] == "accept"
    assert accepted.json["refresh"]["published"] is True
    assert listed()["second.csv"]["state"] == "in force"
    with_it = rows_of(run, workspace)
    revoked = run("imports", "revoke", held, "-w", workspace)
    assert "Took back exports/second.csv" in revoked.out
    assert listed()["second.csv"]["state"] == "revoked"
    assert rows_of(run, workspace) == without <= with_it


def test_before_the_first_refresh_the_list_is_empty(run, tmp_path):
    run("init", tmp_path)
    assert run("imports", "list", "-w", tmp_path, "--json").json == []
    assert "launchloop refresh" in run("imports", "list", "-w", tmp_path).out
