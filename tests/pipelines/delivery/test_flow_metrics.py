"""What `query` answers for throughput, cycle time, the age of items and cumulative flow."""

from datetime import date

import numpy as np
import pytest
from scipy import stats

from pipelines.metrics import sprints

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
