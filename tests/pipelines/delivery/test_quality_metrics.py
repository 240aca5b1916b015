"""What `query` answers for deployments, their failures, their lead time and reopened work."""

from datetime import date, timedelta

import pytest
from scipy import stats


def deployed(deliver, board, *deployments, through="07-01", **tables):
    early = board.deployment("early", "01-01") | {"environment_code": "staging"}
    return deliver(through=board.at(through), deployments=[early, *deployments], **tables)


def test_deployments_are_counted_by_their_start_and_days_with_one_apart(deliver, board):
    warehouse = deployed(
        deliver,
        board,
        board.deployment("a", "05-04 09:00"),
        board.deployment("b", "05-04 10:00"),
        board.deployment("c", "05-06", "failure"),
    )
    asked = {"start": date(2026, 5, 4), "end": date(2026, 5, 11)}
    assert warehouse.query("deploy_frequency", **asked)[0]["value"] == 2
    assert warehouse.query("deploy_frequency", **asked, variant="days")[0]["value"] == 1


def test_the_fail_rate_waits_a_week_and_is_null_without_deployments(deliver, board):
    warehouse = deployed(
        deliver,
        board,
        board.deployment("a", "04-04"),
        board.deployment("b", "04-05", "failure"),
        board.deployment("c", "06-05", "failure"),
        through="06-06",
    )
    rows = {row["period"].month: row for row in warehouse.query("change_fail_rate")}
    assert (rows[4]["value"], rows[4]["n"], rows[4]["status"]) == (0.5, 2, "too_few")
    assert (rows[5]["value"], rows[5]["status"]) == (None, "immature")
    assert (rows[3]["value"], rows[3]["status"]) == (None, "no_data")
    # Over all time the deployment of yesterday has not had its week.
    assert warehouse.query("change_fail_rate", every="total")[0]["n"] == 2


def test_incidents_per_deployment_may_exceed_one(deliver, board):
    incidents = [
        {"incident_id": str(number), "opened_at": board.at("05-05"), "status_code": "open",
         "caused_by_deployment_id": "a"}
        for number in range(3)
    ]  # fmt: skip
    warehouse = deployed(
        deliver,
        board,
        board.deployment("a", "05-04"),
        board.deployment("b", "05-04"),
        incidents=incidents,
    )
    row = warehouse.query("change_fail_rate", every="total", variant="incidents_per_deployment")[0]
    assert (row["value"], row["high"]) == (1.5, None)


def test_failures_that_are_not_mended_rank_as_longest(deliver, board):
    failures = [
        board.deployment(f"{n}", f"05-{n:02d}", "failure", service_id=f"s{n}") for n in range(1, 12)
    ]
    cures = [
        board.deployment(f"cure {n}", f"05-{n:02d} 06:00", service_id=f"s{n}") for n in range(1, 6)
    ]
    warehouse = deployed(deliver, board, *failures, *cures)
    row = warehouse.query("recovery_time", every="total")[0]
    assert (row["value"], row["n"], row["percentile"]) == (None, 11, 50)
    assert "Not reached" in row["note"]
    mended = deployed(
        deliver, board, *failures, *cures, board.deployment("cure 6", "05-07", service_id="s6")
    )
    assert mended.query("recovery_time", every="total")[0]["value"] == 24
    mean = mended.query("recovery_time", every="total", variant="mean")[0]
    assert (mean["value"], mean["n"]) == (9, 6)
    assert "5 failed deployments are not restored" in mean["note"]


def test_incidents_from_open_to_close_need_no_deployment_of_their_own(deliver, board):
    incidents = [
        {"incident_id": str(n), "opened_at": board.at("05-05"), "status_code": "closed",
         "resolved_at": board.at("05-05") + timedelta(hours=n)}
        for n in range(1, 12)
    ]  # fmt: skip
    warehouse = deployed(deliver, board, incidents=incidents)
    asked = {"every": "total", "variant": "incident_open_to_close"}
    assert warehouse.query("recovery_time", **asked)[0]["value"] == 6
    assert deployed(deliver, board).query("recovery_time", **asked) == []


def test_lead_time_is_dated_by_the_deployment(deliver, board):
    commits = [
        {"commit_sha": f"{n}", "repo_id": "r", "authored_at": board.at("05-01"),
         "committed_at": board.at("05-05") - timedelta(hours=n), "release_id": "v1"}
        for n in range(1, 21)
    ]  # fmt: skip
    warehouse = deployed(
        deliver, board, board.deployment("a", "05-05", release_id="v1"), commits=commits
    )
    asked = {"start": date(2026, 5, 4), "end": date(2026, 5, 11)}
    rows = warehouse.query("lead_time_changes", **asked)
    assert [(row["percentile"], row["value"]) for row in rows] == [(50, 10), (85, 17)]
    mean = warehouse.query("lead_time_changes", **asked, variant="mean")[0]
    assert mean["value"] == 10.5
    low, high = stats.t.interval(0.95, 19, 10.5, stats.sem(range(1, 21)))
    assert (mean["low"], mean["high"]) == (pytest.approx(low), pytest.approx(high))


def test_the_reopen_rate_counts_what_leaves_done_within_a_fortnight(deliver, board):
    def path(key, back):
        return board.moves(key, "05-02 Build", "05-04 Done", f"{back} Build")

    warehouse = deliver(
        through=board.at("07-01"),
        workflow_statuses=board.statuses,
        work_items=[board.item(key, "05-01", "Build") for key in "ABC"],
        work_item_changes=[*path("A", "05-18"), *path("B", "05-19"),
                           *board.moves("C", "06-25 Build", "06-28 Done")],
    )  # fmt: skip
    rows = {row["period"].month: row for row in warehouse.query("reopen_rate")}
    assert (rows[5]["n"], rows[5]["total"], rows[5]["value"]) == (2, 1, 0.5)
    assert rows[6]["status"] == "immature"
    assert warehouse.query("reopen_rate", every="total")[0]["n"] == 2
