"""How the history of a work item becomes its start, its end and its way across the board."""

import random
from datetime import timedelta


def flow(warehouse, key="A"):
    return warehouse.one(f"select * from marts.work_item_flow where work_item_key = '{key}'")


def test_start_is_the_first_work_and_end_the_last_arrival_in_done(deliver, board):
    built = deliver(
        workflow_statuses=board.statuses,
        work_items=[board.item("A", "05-01", "Done")],
        work_item_changes=board.moves("A", "05-02 Build", "05-04 Test", "05-05 Done"),
    )
    found = flow(built)
    assert (found["first_started_on"], found["last_done_on"]) == (
        board.day("05-02"),
        board.day("05-05"),
    )
    assert found["cycle_days"] == 4
    assert not found["is_from_creation"]


def test_moves_inside_done_change_nothing(deliver, board):
    built = deliver(
        workflow_statuses=board.statuses,
        work_items=[board.item("A", "05-01", "Closed")],
        work_item_changes=board.moves("A", "05-02 Build", "05-05 Done", "05-20 Closed"),
    )
    assert flow(built)["last_done_on"] == board.day("05-05")
    assert flow(built)["reopen_count"] == 0


def test_a_reopened_item_is_not_finished_until_it_is_done_again(deliver, board):
    history = board.moves("A", "05-02 Build", "05-05 Done", "05-07 Build")
    built = deliver(
        workflow_statuses=board.statuses,
        work_items=[board.item("A", "05-01", "Build")],
        work_item_changes=history,
    )
    found = flow(built)
    assert found["last_done_at"] is None
    assert found["first_done_on"] == board.day("05-05")
    assert found["reopen_count"] == 1
    again = deliver(
        workflow_statuses=board.statuses,
        work_items=[board.item("A", "05-01", "Done")],
        work_item_changes=[*history, board.change("A", "05-09", "status", "Build", "Done")],
    )
    assert flow(again)["last_done_on"] == board.day("05-09")
    assert flow(again)["cycle_days"] == 8
    assert flow(again)["first_cycle_days"] == 4


def test_a_move_to_another_workflow_is_no_change_of_the_work(deliver, board):
    migration = board.change("A", "09-01", "status", "Done", "Backlog", is_migration=True)
    built = deliver(
        workflow_statuses=board.statuses,
        work_items=[board.item("A", "05-01", "Done")],
        work_item_changes=[*board.moves("A", "05-02 Build", "05-05 Done"), migration],
    )
    assert flow(built)["last_done_on"] == board.day("05-05")
    assert flow(built)["reopen_count"] == 0


def test_work_finished_again_after_such_a_move_is_finished_then(deliver, board):
    built = deliver(
        workflow_statuses=board.statuses,
        work_items=[board.item("A", "05-01", "Done")],
        work_item_changes=[
            *board.moves("A", "05-02 Build", "05-05 Done"),
            board.change("A", "05-06", "status", "Done", "Backlog", is_migration=True),
            board.change("A", "05-09", "status", "Backlog", "Done"),
        ],
    )
    assert flow(built)["last_done_on"] == board.day("05-09")
    assert flow(built)["reopen_count"] == 0
    assert built.broken("flow_wip_adds_up") == []


def test_an_item_without_history_counts_from_creation(deliver, board):
    built = deliver(
        work_items=[board.item("A", "05-01", "Done", done_at=board.at("05-03 12:00"))],
    )
    found = flow(built)
    assert found["is_from_creation"]
    assert (found["first_started_on"], found["cycle_days"]) == (board.day("05-01"), 3)


def test_a_finished_item_without_date_and_history_is_never_started_or_finished(deliver, board):
    built = deliver(work_items=[board.item("A", "05-01", "Done")])
    assert (flow(built)["first_started_at"], flow(built)["last_done_at"]) == (None, None)


def test_an_item_that_was_never_started_has_no_cycle_time(deliver, board):
    built = deliver(
        workflow_statuses=board.statuses,
        work_items=[board.item("A", "05-01", "Done")],
        work_item_changes=board.moves("A", "05-05 Done"),
    )
    assert flow(built)["last_done_on"] == board.day("05-05")
    assert flow(built)["cycle_days"] is None


def test_an_item_whose_history_begins_before_it_was_created_counts_in_no_duration(deliver, board):
    built = deliver(
        workflow_statuses=board.statuses,
        work_items=[board.item("A", "05-03", "Done")],
        work_item_changes=board.moves("A", "05-01 Doing", "05-05 Done"),
    )
    assert flow(built)["last_done_on"] == board.day("05-05")
    assert flow(built)["has_order_conflict"]
    assert flow(built)["cycle_days"] is None
    assert built.rows("select count(*) from marts.work_item_activity") == [(0,)]


def test_work_off_the_board_is_not_started_but_done_off_the_board_is_done(deliver, board):
    built = deliver(
        workflow_statuses=board.statuses,
        work_items=[board.item("A", "05-01", "Hidden work"), board.item("B", "05-01", "Closed")],
        work_item_changes=[
            *board.moves("A", "05-02 Hidden work"),
            *board.moves("B", "05-02 Build", "05-03 Closed"),
        ],
    )
    assert flow(built, "A")["first_started_at"] is None
    assert flow(built, "B")["last_done_on"] == board.day("05-03")


def test_a_status_of_unknown_state_continues_the_state_before(deliver, board):
    built = deliver(
        workflow_statuses=board.statuses,
        work_items=[board.item("A", "05-01", "Test")],
        work_item_changes=board.moves("A", "05-02 Build", "05-03 Mystery", "05-04 Test"),
    )
    assert flow(built)["first_started_on"] == board.day("05-02")
    assert built.rows("select event_code, began_on from marts.work_item_runs where run_no > 1") == [
        ("started", board.day("05-02"))
    ]


def test_the_date_of_the_tracker_closes_an_item_whose_last_status_is_unknown(deliver, board):
    built = deliver(
        workflow_statuses=board.statuses,
        work_items=[board.item("A", "05-01", "Done", done_at=board.at("05-05"))],
        work_item_changes=board.moves("A", "05-02 Build", "05-05 00:01 Shipped"),
    )
    assert flow(built)["last_done_on"] == board.day("05-05")


def test_an_item_whose_resolution_cancels_it_is_not_finished(deliver, board):
    cancelled = board.item("A", "05-01", "Done") | {"state_code": "cancelled"}
    built = deliver(
        workflow_statuses=board.statuses,
        work_items=[cancelled],
        work_item_changes=board.moves("A", "05-02 Build", "05-05 Done"),
    )
    assert flow(built)["state_code"] == "cancelled"
    assert flow(built)["last_done_at"] is None


def test_sub_tasks_and_epics_are_left_out(deliver, board):
    built = deliver(
        workflow_statuses=board.statuses,
        work_items=[
            board.item("A", "05-01"),
            board.item("B", "05-01", item_kind="epic"),
            board.item("C", "05-01", is_subtask=True),
        ],
    )
    assert built.rows("select work_item_key from marts.work_item_flow") == [("A",)]


def test_the_zone_of_the_team_decides_on_which_day_work_ends(deliver, board):
    built = deliver(
        '[[team]]\nid = "tokyo"\ntimezone = "Asia/Tokyo"\n[[team]]\nid = "lima"\n'
        'timezone = "America/Lima"\n',
        workflow_statuses=board.statuses,
        work_items=[
            board.item("A", "05-01", "Done", team_id="tokyo"),
            board.item("B", "05-01", "Done", team_id="lima"),
        ],
        work_item_changes=[
            *board.moves("A", "05-02 Build", "05-05 20:00 Done"),
            *board.moves("B", "05-02 12:00 Build", "05-05 02:00 Done"),
        ],
    )
    assert flow(built, "A")["last_done_on"] == board.day("05-06")
    assert flow(built, "B")["last_done_on"] == board.day("05-04")


def test_an_item_belongs_to_the_team_whose_board_its_sprint_is_on(deliver, board):
    built = deliver(
        '[[team]]\nid = "a"\nboards = ["7"]\n[[team]]\nid = "b"\nboards = ["8"]\n',
        work_items=[board.item("A", "05-01", sprint_list=["12"])],
        sprints=[
            board.sprint("12", "05-01", "05-15", board_id="8"),
            board.sprint("2", "05-01", "05-15", board_id="7"),
        ],
    )
    assert flow(built)["team_id"] == "b"


def test_erasing_forgets_the_start_when_an_item_moves_back_to_waiting(deliver, board):
    built = deliver(
        workflow_statuses=board.statuses,
        work_items=[board.item("A", "05-01", "Done")],
        work_item_changes=board.moves(
            "A", "05-02 Build", "05-04 Backlog", "05-06 Build", "05-07 Test", "05-08 Done"
        ),
    )
    assert flow(built)["cycle_days"] == 7
    assert flow(built)["erased_cycle_days"] == 3


def test_one_change_told_by_two_sources_counts_once(deliver, board):
    told = board.moves("A", "05-02 Build", "05-05 Done", "05-06 Build", "05-07 Done")
    built = deliver(
        workflow_statuses=board.statuses,
        work_items=[board.item("A", "05-01", "Done")],
        work_item_changes=[*told, *({**row, "source_id": "two"} for row in told)],
    )
    assert flow(built)["reopen_count"] == 1
    assert built.rows("select count(*) from marts.work_item_changes") == [(4,)]


def test_the_answer_in_the_settings_beats_the_list_of_statuses(deliver, board):
    built = deliver(
        '[delivery]\nstates = { "Test" = "done" }\n',
        workflow_statuses=board.statuses,
        work_items=[board.item("A", "05-01", "Test")],
        work_item_changes=board.moves("A", "05-02 Build", "05-04 Test"),
    )
    assert flow(built)["last_done_on"] == board.day("05-04")


def test_a_jump_reaches_every_stage_it_passes_and_moving_back_keeps_them(deliver, board):
    built = deliver(
        workflow_statuses=board.statuses,
        work_items=[board.item("A", "05-01")],
        work_item_changes=board.moves("A", "05-02 Test", "05-03 Backlog"),
    )
    found = built.rows(
        "select stages.stage_name, arrivals.arrived_on from marts.work_item_stages as arrivals "
        "join marts.stages as stages using (stage_no) order by stage_no"
    )
    assert found == [
        ("Backlog", board.day("05-01")),
        ("Build", board.day("05-02")),
        ("Blocked", board.day("05-02")),
        ("Test", board.day("05-02")),
    ]


def test_without_a_board_the_states_are_the_stages(deliver, board):
    built = deliver(
        work_items=[board.item("A", "05-01", "Done", done_at=board.at("05-04"))],
    )
    assert built.rows("select stage_no, stage_name from marts.stages") == [(1, "Done")]


def test_active_time_leaves_out_flags_waiting_and_long_silence(deliver, board):
    built = deliver(
        workflow_statuses=board.statuses,
        work_items=[board.item("A", "05-01", "Done")],
        work_item_changes=[
            *board.moves("A", "05-01 Build", "05-03 Blocked", "05-04 Build", "05-20 Done"),
            board.change("A", "05-05", "flag", None, "Impediment"),
            board.change("A", "05-07", "flag", "Impediment", None),
            board.change("A", "05-11", "priority", "low", "high"),
        ],
    )
    found = built.one("select * from marts.work_item_activity")
    # 1-3 May and 4-5 May in Build, 7-11 May; 11-20 May is silence.
    assert found["total_s"] == 19 * 86400
    assert found["active_s"] == (2 + 1 + 4) * 86400


def test_events_and_items_in_progress_agree_with_a_plain_count(deliver, board):
    dice = random.Random(7)
    names = [status["status_id"] for status in board.statuses]
    items, changes, expected = [], [], {}
    first = board.at("05-01")
    for number in range(60):
        key, status, hours = f"A-{number}", "Backlog", dice.randrange(0, 400)
        created = first + timedelta(hours=hours)
        spans = [(created, status)]
        for _ in range(dice.randrange(0, 8)):
            hours += dice.randrange(1, 90)
            after = dice.choice(names)
            moved_at = first + timedelta(hours=hours)
            changes.append(
                board.change(key, "05-01", "status", status, after) | {"changed_at": moved_at}
            )
            spans.append((moved_at, after))
            status = after
        items.append(board.item(key, "05-01", status) | {"created_at": created})
        for offset in range(70):
            midnight = first + timedelta(days=offset + 1)
            before = [name for since, name in spans if since < midnight]
            is_working = before and before[-1] in {"Build", "Blocked", "Test"}
            expected[offset] = expected.get(offset, 0) + bool(is_working)
    built = deliver(workflow_statuses=board.statuses, work_items=items, work_item_changes=changes)
    found = built.rows("select day_on, wip from marts.flow_days order by 1")
    assert len(found) > 20
    for day_on, wip in found:
        assert wip == expected[(day_on - board.day("05-01")).days], day_on
    assert built.broken("flow_wip_adds_up") == []
    assert built.broken("flow_stages_are_ordered") == []
