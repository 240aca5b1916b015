"""`snapshots`: what was published, compared and kept."""

import pytest

SNAPSHOT = {"id", "published_at", "size", "is_current", "pinned_by"}


@pytest.fixture(scope="module")
def workspace(run, events, own_copy):
    """A workspace with a second snapshot, of one day more; only one is kept."""
    settings = (own_copy / "launchloop.toml").read_text(encoding="utf-8")
    kept = settings + "\n[snapshots]\nkeep = 9\nkeep_monthly = 0\n"
    (own_copy / "launchloop.toml").write_text(kept, encoding="utf-8")
    (own_copy / "exports" / "more.csv").write_text(events(range(28, 30)), encoding="utf-8")
    assert run("refresh", "-w", own_copy).code == 0
    return own_copy


@pytest.fixture(scope="module")
def ids(run, workspace):
    """Newest first."""
    return [one["id"] for one in run("snapshots", "list", "-w", workspace, "--json").json]


def test_the_list_has_the_newest_first_and_marks_the_current_one(run, workspace, ids):
    rows = run("snapshots", "list", "-w", workspace, "--json").json
    assert all(set(row) == SNAPSHOT for row in rows)
    assert ids == sorted(ids, reverse=True)
    assert [row["is_current"] for row in rows] == [True, False]
    assert all(known in run("snapshots", "list", "-w", workspace).out for known in ids)


def test_a_snapshot_shows_what_it_was_built_from(run, workspace, ids):
    facts = run("snapshots", "show", ids[0], "-w", workspace, "--json").json
    assert facts["id"] == ids[0]
    assert {one["file_name"] for one in facts["imports"]} == {
        "exports/events.csv", "exports/more.csv"
    }  # fmt: skip
    assert all(check["ok"] for check in facts["checks"])
    assert "events from exports" in run("snapshots", "show", ids[0], "-w", workspace).out


def test_the_difference_of_two_snapshots_names_metric_and_both_values(run, workspace, ids):
    answer = run("snapshots", "diff", ids[1], ids[0], "-w", workspace, "--json")
    assert answer.code == 0
    assert set(answer.json) == {"a", "b", "equal", "changed"}
    assert answer.json["equal"] is False
    changed = [row for row in answer.json["changed"] if row["metric"] == "dau"]
    assert changed
    assert all({"of", "variant", "period", "a", "b"} <= set(row) for row in changed)
    assert "numbers differ" in run("snapshots", "diff", ids[1], ids[0], "-w", workspace).out


def test_a_snapshot_equals_itself(run, workspace, ids):
    body = run("snapshots", "diff", ids[0], ids[0], "-w", workspace, "--json").json
    assert (body["equal"], body["changed"]) == (True, [])
    assert "same numbers" in run("snapshots", "diff", ids[0], ids[0], "-w", workspace).out


@pytest.mark.parametrize(
    "words",
    [
        ("query", "dau", "--snapshot", "19990101"),
        ("snapshots", "show", "19990101"),
        ("snapshots", "diff", "19990101", "19990102"),
        ("snapshots", "pin", "19990101"),
        ("snapshots", "unpin", "19990101"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_an_unknown_snapshot_is_wrong_usage_and_the_nearest_are_named(run, workspace, ids, words):
    answer = run(*words, "-w", workspace)
    assert (answer.code, answer.out) == (2, "")
    assert "There is no snapshot '19990101'" in answer.err
    assert all(known in answer.err for known in ids)


def test_a_beginning_that_several_snapshots_share_is_refused_by_naming_them(run, workspace, ids):
    answer = run("query", "dau", "--snapshot", "20", "-w", workspace)
    assert (answer.code, answer.out) == (2, "")
    assert "2 snapshots begin with '20'" in answer.err
    assert all(known in answer.err for known in ids)


def test_a_query_before_the_first_refresh_says_what_to_do(run, tmp_path):
    run("init", tmp_path)
    answer = run("query", "dau", "-w", tmp_path)
    assert (answer.code, answer.out) == (1, "")
    assert "launchloop refresh" in answer.err


def test_a_pinned_snapshot_stays_until_it_is_unpinned(run, workspace, ids):
    settings = workspace / "launchloop.toml"
    text = settings.read_text(encoding="utf-8").replace("keep = 9\n", "keep = 1\n")
    settings.write_text(text, encoding="utf-8")
    pinned = run("snapshots", "pin", ids[1], "--for", "board meeting", "-w", workspace, "--json")
    assert pinned.json == {"id": ids[1], "pinned_by": "board meeting"}
    assert run("snapshots", "prune", "-w", workspace, "--json").json == {"removed": []}
    assert run("snapshots", "unpin", ids[1], "-w", workspace, "--json").json["pinned_by"] is None
    assert run("snapshots", "prune", "-w", workspace, "--json").json == {"removed": [ids[1]]}
    left = run("snapshots", "list", "-w", workspace, "--json").json
    assert [one["id"] for one in left] == [ids[0]]


def test_before_the_first_refresh_there_is_none(run, tmp_path):
    run("init", tmp_path)
    assert run("snapshots", "list", "-w", tmp_path, "--json").json == []
