"""What `query` answers for the metrics of delivery and quality."""

from datetime import date, timedelta

import numpy as np
import pytest
from scipy import stats

from pipelines.metrics import delivery, quality, sprints

TEAMS = '[[team]]\nid = "a"\n[[team]]\nid = "b"\n'


def finished(board, number, start, end, **more):
    key = f"A-{number}"
    item = board.item(key, "04-01", "Done", **more)
    return item, board.moves(key, f"{start} Build", f"{end} 12:00 Done")


def built(deliver, board, spans, through="07-01", toml="", **more):
    made = [finished(board, number, *span, **more) for number, span in enumerate(spans)]
    return deliver(
        toml,
        through=board.at(through),
        workflow_statuses=board.statuses,
        work_items=[item for item, _ in made],
        work_item_changes=[change for _, moves in made for change in moves],
    )


def test_throughput_is_zero_in_a_covered_week_and_null_before_the_data(deliver, board):
    warehouse = built(deliver, board, [("05-05", "05-06"), ("05-05", "05-20")])
    rows = warehouse.query(
        "throughput", start=date(2026, 3, 23), end=date(2026, 6, 1), every="week"
    )
    found = {row["period"]: (row["value"], row["status"]) for row in rows}
    assert found[date(2026, 3, 23)] == (None, "no_data")
    assert found[date(2026, 5, 4)] == (1, "ok")
    assert found[date(2026, 5, 11)] == (0, "ok")
    assert found[date(2026, 5, 18)] == (1, "ok")


def test_the_running_week_has_a_count_so_far_and_no_value(deliver, board):
    warehouse = built(deliver, board, [("05-05", "05-06"), ("05-05", "05-20")], through="05-21")
    last = warehouse.query("throughput", every="week")[-1]
    assert (last["status"], last["value"], last["n"]) == ("immature", None, 1)
    assert last["note"]


def test_the_interval_of_a_count_widens_with_the_spread_of_all_weeks(deliver, board):
    busy = [("05-05", "05-06")] * 12
    warehouse = built(deliver, board, busy)
    asked = {"start": date(2026, 5, 4), "end": date(2026, 5, 11), "every": "week"}
    row = warehouse.query("throughput", **asked)[0]
    counts = [r["n"] for r in warehouse.query("throughput", every="week") if r["status"] == "ok"]
    spread = np.var(counts, ddof=1) / np.mean(counts)
    low, high = stats.chi2.ppf(0.025, 24) / 2, stats.chi2.ppf(0.975, 26) / 2
    assert row["low"] == pytest.approx(max(0, 12 - (12 - low) * spread**0.5))
    assert row["high"] == pytest.approx(12 + (high - 12) * spread**0.5)


def test_first_done_dates_an_item_by_its_first_finish(deliver, board):
    warehouse = deliver(
        through=board.at("07-01"),
        workflow_statuses=board.statuses,
        work_items=[board.item("A", "05-01", "Build")],
        work_item_changes=board.moves("A", "05-02 Build", "05-05 Done", "05-12 Build"),
    )
    total = {"every": "total"}
    assert warehouse.query("throughput", **total)[0]["value"] == 0
    assert warehouse.query("throughput", **total, variant="first_done")[0]["value"] == 1


def test_a_team_sees_its_own_items(deliver, board):
    made = [finished(board, 1, "05-04", "05-05", team_id="a")]
    made += [finished(board, n, "05-04", "05-05", team_id="b") for n in (2, 3)]
    warehouse = deliver(
        TEAMS,
        through=board.at("07-01"),
        workflow_statuses=board.statuses,
        work_items=[item for item, _ in made],
        work_item_changes=[change for _, moves in made for change in moves],
    )
    values = [
        warehouse.query("throughput", of=of, every="total")[0]["value"] for of in ("a", "b", None)
    ]
    assert values == [1, 2, 3]
    assert [
        warehouse.query("wip", of=of, start=date(2026, 5, 4), end=date(2026, 5, 5))[0]["value"]
        for of in ("a", "b", None)
    ] == [1, 2, 3]
    assert warehouse.query("cycle_time", of="b", every="total")[0]["n"] == 2
    assert sorted(warehouse.rows(sprints.TEAMS)) == [("a", "a"), ("b", "b")]


def test_cycle_time_by_nearest_rank_with_the_ranks_of_the_binomial(deliver, board):
    spans = [("05-01", f"05-{day:02d}") for day in range(1, 31)]
    warehouse = built(deliver, board, spans)
    rows = {r["percentile"]: r for r in warehouse.query("cycle_time", every="total")}
    assert (rows[50]["value"], rows[85]["value"], rows[95]["value"]) == (15, 26, 29)
    assert (
        stats.binom.cdf(rows[50]["high"] - 1, 30, 0.5)
        - stats.binom.cdf(rows[50]["low"] - 1, 30, 0.5)
        >= 0.95
    )
    assert rows[85]["n"] == 30
    assert rows[95]["high"] is None
    assert {row["status"] for row in rows.values()} == {"ok"}


@pytest.mark.parametrize(
    ("variant", "expected"), [("zero_based", 14), ("interpolated", 15.5), (None, 15)]
)
def test_variants_of_cycle_time(deliver, board, variant, expected):
    spans = [("05-01", f"05-{day:02d}") for day in range(1, 31)]
    rows = built(deliver, board, spans).query("cycle_time", every="total", variant=variant)
    assert rows[0]["value"] == expected


def test_p95_needs_twice_the_items_that_other_percentiles_need(deliver, board):
    rows = built(deliver, board, [("05-01", "05-05")] * 12).query("cycle_time", every="total")
    assert [row["status"] for row in rows] == ["ok", "ok", "too_few"]
    assert rows[2]["value"] == 5
    assert "20" in rows[2]["note"]


def test_finished_items_that_were_never_started_are_told(deliver, board):
    warehouse = deliver(
        through=board.at("07-01"),
        workflow_statuses=board.statuses,
        work_items=[board.item("A", "05-01", "Done"), board.item("B", "05-01", "Done")],
        work_item_changes=[
            *board.moves("A", "05-05 Done"),
            *board.moves("B", "05-04 Build", "05-05 Done"),
        ],
    )
    row = warehouse.query("cycle_time", every="total")[0]
    assert row["n"] == 1
    assert "1 finished item was never started" in row["note"]


def test_item_age_counts_both_days_and_lists_the_oldest_first(deliver, board):
    warehouse = deliver(
        through=board.at("05-11"),
        workflow_statuses=board.statuses,
        work_items=[
            board.item("A", "05-01", "Build"),
            board.item("B", "05-01", "Test", title_text="Mend the export"),
            board.item("C", "05-01"),
        ],
        work_item_changes=[*board.moves("A", "05-10 Build"), *board.moves("B", "05-02 Test")],
    )
    rows = warehouse.query("item_age")
    assert [(row["id"], row["label"], row["value"]) for row in rows] == [
        ("B", "Mend the export", 9),
        ("A", "A", 1),
    ]
    assert rows[0]["period"] == date(2026, 5, 2)


def test_cumulative_flow_never_falls_and_counts_from_the_first_stage(deliver, board):
    warehouse = built(deliver, board, [("05-02", "05-04"), ("05-03", "05-06")], through="05-10")
    rows = warehouse.query("cfd", start=date(2026, 5, 1), end=date(2026, 5, 8))
    levels = {}
    for row in rows:
        assert row["value"] >= levels.get(row["component"], 0)
        assert row["n"] == 2
        levels[row["component"]] = row["value"]
    assert [row["component"] for row in rows[:5]] == ["Backlog", "Build", "Blocked", "Test", "Done"]
    assert [row["step"] for row in rows[:5]] == [1, 2, 3, 4, 5]
    assert levels["Done"] == 2


def test_flow_efficiency_is_the_ratio_of_sums(deliver, board):
    items, changes = [], []
    for number in range(10):
        key = f"A-{number}"
        items.append(board.item(key, "04-01", "Done"))
        waits = "05-03 Blocked" if number else "05-02 Blocked"
        changes += board.moves(key, "05-01 Build", waits, "05-05 Done")
    warehouse = deliver(
        through=board.at("07-01"),
        workflow_statuses=board.statuses,
        work_items=items,
        work_item_changes=changes,
    )
    row = warehouse.query("flow_efficiency", every="total")[0]
    assert row["value"] == pytest.approx((9 * 2 + 1) / (10 * 4))
    assert row["low"] < row["value"] < row["high"]
    assert row["n"] == 10


def scrum(deliver, board, *, history=True, **sprint):
    entered = [board.change("A", "05-02", "sprint", None, "S")] if history else []
    return deliver(
        through=board.at("05-12"),
        workflow_statuses=board.statuses,
        work_items=[
            board.item("A", "05-01", "Done", points=3.0, sprint_list=["S"]),
            board.item("B", "05-01", "Build", points=5.0, sprint_list=["S"]),
        ],
        work_item_changes=[
            *entered,
            *board.moves("A", "05-05 Build", "05-07 Done"),
            *board.moves("B", "05-08 Build"),
        ],
        sprints=[board.sprint("S", "05-04", "05-11", **sprint)],
    )


@pytest.mark.parametrize(
    ("metric", "variant", "value"),
    [
        ("velocity", None, 3),
        ("velocity", "items", 1),
        ("say_do", None, 3 / 8),
        ("say_do", "linearb", 3 / 8),
        ("say_do", "silverile", 3 / 8),
        ("say_do", "span", 1),
        ("say_do", "linear", (3 + 5 / 4) / 8),
        ("say_do", "items", 1 / 2),
        ("capacity_accuracy", None, 3 / 8),
        ("carry_over", None, 1 / 2),
    ],
)
def test_numbers_of_a_sprint(deliver, board, metric, variant, value):
    row = scrum(deliver, board).query(metric, variant=variant)[0]
    assert row["value"] == pytest.approx(value)
    assert (row["id"], row["label"], row["status"]) == ("S", "Sprint S", "ok")
    assert (row["period"], row["period_end"]) == (date(2026, 5, 4), date(2026, 5, 11))
    assert "Reconstructed" in row["note"]


def test_shares_of_items_have_an_interval_and_shares_of_points_have_none(deliver, board):
    warehouse = scrum(deliver, board)
    assert warehouse.query("carry_over")[0]["high"] == pytest.approx(0.9055, abs=1e-4)
    assert warehouse.query("say_do")[0]["high"] is None


def test_scope_change_has_a_row_for_each_way_of_changing(deliver, board):
    rows = scrum(deliver, board).query("scope_change")
    assert [(row["component"], row["value"]) for row in rows] == [
        ("added", 0),
        ("removed", 0),
        ("dropped", 0),
        ("reestimated", 0),
    ]


def test_a_running_sprint_is_immature(deliver, board):
    row = scrum(deliver, board, state_code="active").query("say_do")[0]
    assert (row["status"], row["value"], row["n"]) == ("immature", None, 8)


def test_without_history_of_sprints_the_commitment_is_unknown(deliver, board):
    warehouse = scrum(deliver, board, history=False)
    row = warehouse.query("say_do")[0]
    assert (row["status"], row["value"]) == ("no_data", None)
    assert "history" in row["note"]
    assert warehouse.query("velocity")[0]["value"] == 3


def test_only_sprints_wholly_inside_the_range_are_listed(deliver, board):
    warehouse = scrum(deliver, board)
    assert warehouse.query("velocity", end=date(2026, 5, 10)) == []
    assert len(warehouse.query("velocity", start=date(2026, 5, 4), end=date(2026, 5, 11))) == 1


def test_a_sprint_is_asked_for_by_its_id_or_its_team(deliver, board):
    warehouse = scrum(deliver, board, team_id="a")
    assert len(warehouse.query("velocity", of="S")) == 1
    assert len(warehouse.query("velocity", of="a")) == 1
    assert warehouse.query("velocity", of="b") == []
    assert ("S", "Sprint S") in warehouse.rows(sprints.SPRINTS_AND_TEAMS)


def test_burn_up_lists_every_day_of_the_sprint(deliver, board):
    rows = scrum(deliver, board).query("burn_up", of="S")
    done = [(row["period"].day, row["value"]) for row in rows if row["component"] == "done"]
    assert done == [(4, 0), (5, 0), (6, 0), (7, 3), (8, 3), (9, 3), (10, 3)]
    assert {row["value"] for row in rows if row["component"] == "scope"} == {8}
    items = scrum(deliver, board).query("burn_up", of="S", variant="items")
    assert items[-1]["value"] == 1


def test_the_day_that_is_not_over_has_no_burn_up_yet(deliver, board):
    warehouse = deliver(
        through=board.at("05-06 12:00"),
        workflow_statuses=board.statuses,
        work_items=[board.item("A", "05-01", points=3.0, sprint_list=["S"])],
        work_item_changes=[board.change("A", "05-02", "sprint", None, "S")],
        sprints=[board.sprint("S", "05-04", "05-18", state_code="active")],
    )
    rows = warehouse.query("burn_up", of="S")
    assert [row["status"] for row in rows] == ["ok"] * 4 + ["immature"] * 2
    assert rows[-1]["value"] is None


def test_a_partly_met_goal_is_not_met_and_a_goal_without_record_is_left_out(deliver, board):
    def sprint(key, result, goal="Ship it"):
        return board.sprint(key, "05-04", "05-11", goal_result=result, goal_text=goal)

    warehouse = deliver(
        through=board.at("08-01"),
        work_items=[board.item("A", "05-01")],
        sprints=[
            sprint("1", "met"),
            sprint("2", "partly"),
            sprint("3", "not_met"),
            sprint("4", None),
            sprint("5", None, None),
        ],
    )
    row = warehouse.query("goal_success", every="quarter")[0]
    assert (row["n"], row["total"], row["status"]) == (3, 1, "too_few")
    assert "1 goals without a record" in row["note"]


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


@pytest.mark.parametrize("metric", delivery.METRICS + quality.METRICS, ids=lambda metric: metric.id)
def test_every_metric_answers_an_empty_table_without_rows_or_with_a_sentence(
    deliver, board, metric
):
    warehouse = deliver(
        through=board.at("07-01"),
        workflow_statuses=board.statuses,
        work_items=[board.item("A", "05-01", "Parked")],
        work_item_changes=[board.change("A", "05-03", "priority", "low", "high")],
        sprints=[],
        deployments=[board.deployment("a", "05-04") | {"environment_code": "test"}],
    )
    for every in metric.every:
        for row in warehouse.query(metric.id, every=every):
            assert row["value"] is not None or row["note"]
    for name in metric.variants:
        for row in warehouse.query(metric.id, variant=name):
            assert row["value"] is not None or row["note"]


def test_a_sprint_closed_at_midnight_is_dated_by_the_day_that_begins(deliver, board):
    warehouse = deliver(
        through=board.at("12-01"),
        work_items=[board.item("A", "05-01")],
        sprints=[
            board.sprint("1", "06-17", "07-01", goal_result="met", goal_text="Ship it"),
            board.sprint("2", "06-16", "06-30", goal_result="not_met", goal_text="Ship it"),
        ],
    )
    quarters = {row["period"]: row for row in warehouse.query("goal_success", every="quarter")}
    found = [(str(period), row["n"], row["total"]) for period, row in quarters.items()]
    assert found[:2] == [("2026-04-01", 1, 0), ("2026-07-01", 1, 1)]
