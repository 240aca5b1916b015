"""`release` and `annotate`: markers that charts show after the next refresh."""

import pytest

from pipelines.read import Snapshot

AT = "2026-03-12T09:30:00+01:00"


@pytest.fixture(scope="module")
def workspace(own_copy):
    return own_copy


def markers(folder):
    rows = Snapshot(folder).frame("select * from marts.annotations order by happened_at")
    return [
        (row["marker_kind"], row["title_text"], row["happened_at"].isoformat())
        for row in rows.iter_rows(named=True)
    ]


def test_the_same_marker_again_changes_nothing(run, workspace):
    first = run("release", "v2.1", "--at", AT, "-w", workspace, "--json").json
    again = run("release", "v2.1", "--at", "2026-03-12T08:30:00Z", "-w", workspace, "--json").json
    assert (first["is_new"], again["is_new"]) == (True, False)
    assert first["import_id"] == again["import_id"]
    assert "nothing changed" in run("release", "v2.1", "--at", AT, "-w", workspace).out


def test_the_command_says_when_charts_show_it(run, workspace):
    answer = run("annotate", "Price change", "--at", "2026-03-20", "-w", workspace)
    assert answer.code == 0
    assert "after the next refresh" in answer.out


def test_markers_reach_the_snapshot_and_a_release_keeps_its_last_time(run, workspace):
    text = "=1+1 <b>bold</b>"
    run("annotate", text, "--at", "2026-03-21", "--kind", "campaign", "-w", workspace)
    for at in ("2026-03-12", "2026-03-13", "2026-03-12"):
        run("release", "v2.2", "--at", at, "-w", workspace)
    assert run("refresh", "-w", workspace).code == 0
    found = markers(workspace)
    assert ("campaign", text, "2026-03-21T00:00:00+00:00") in found
    releases = [one for one in found if one[1] == "v2.2"]
    assert releases == [("release", "v2.2", "2026-03-12T00:00:00+00:00")]


def test_a_marker_is_taken_back_like_any_import(run, workspace):
    posted = run("annotate", "A mistake", "--at", "2026-03-22", "-w", workspace, "--json").json
    run("imports", "revoke", posted["import_id"], "-w", workspace)
    assert "A mistake" not in {title for _, title, _ in markers(workspace)}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["release", "v3", "--at", "soon"], "2026-05-04T09:30"),
        (["release", "  ", "--at", AT], "NAME is empty"),
        (["annotate", "x", "--at", AT, "--kind", "campain"], "campaign"),
    ],
)
def test_a_marker_that_cannot_be_read_is_refused_and_not_stored(run, workspace, arguments, said):
    before = run("imports", "list", "-w", workspace, "--json").json
    answer = run(*arguments, "-w", workspace)
    assert (answer.code, answer.out) == (2, "")
    assert said in answer.err
    assert run("imports", "list", "-w", workspace, "--json").json == before
