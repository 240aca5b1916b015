"""A burn-up holds the scope and what is done of it at the end of each day."""


def test_burn_up_holds_the_end_of_each_day_and_stops_at_the_close(deliver_sprint, board):
    warehouse = deliver_sprint(
        [
            board.item("A", "05-01", "Done", points=3.0, sprint_list=["S"]),
            board.item("B", "05-01", "Done", points=5.0),
        ],
        [
            board.entered("B", "05-06 09:00"),
            *board.moves("A", "05-05 Build", "05-07 23:59 Done"),
            *board.moves("B", "05-05 Build", "05-19 Done"),
        ],
    )
    assert warehouse.rows(
        "select day_on, scope_points, done_points, scope_items, done_items "
        "from marts.burn_up_days where scope_kind = 'sprint' order by 1"
    ) == [
        (board.day("05-04"), 3.0, 0.0, 1, 0),
        (board.day("05-05"), 3.0, 0.0, 1, 0),
        (board.day("05-06"), 8.0, 0.0, 2, 0),
        (board.day("05-07"), 8.0, 3.0, 2, 1),
    ]


def test_a_release_is_named_by_its_id_its_version_or_its_tag(deliver, board):
    release = {"release_id": "r1", "product_id": "x", "version": "2.0", "tag_name": "v2.0",
               "channel_code": "stable", "released_at": board.at("05-20")}  # fmt: skip
    warehouse = deliver(
        workflow_statuses=board.statuses,
        work_items=[
            board.item("A", "05-01", points=3.0, fix_version_list=["v2.0"]),
            board.item("B", "05-02", points=5.0, fix_version_list=["r1", "other"]),
        ],
        work_item_changes=[board.change("A", "05-10", "fix_version", "2.0,1.9", "1.9")],
        releases=[release],
    )
    assert warehouse.rows(
        "select day_on, scope_points from marts.burn_up_days "
        "where scope_kind = 'release' order by 1"
    ) == [(board.day("05-01"), 3.0), (board.day("05-02"), 8.0), (board.day("05-10"), 5.0)]


def test_the_end_of_a_burn_up_is_the_velocity_where_work_is_done_at_the_very_close(
    deliver_sprint, board
):
    warehouse = deliver_sprint(
        [
            board.item("A", "05-01", "Done", points=5.0, sprint_list=["S"]),
            board.item("B", "05-01", points=2.0, sprint_list=["S"]),
        ],
        [
            *board.moves("A", "05-05 Build", "05-18 Done"),
            board.change("A", "05-18", "points", "3", "5"),
            board.left("B", "05-18"),
        ],
    )
    assert warehouse.sprint_points() | {"reestimated": 0} == {
        "committed": 5.0, "reestimated": 0, "final": 7.0, "completed": 5.0,
    }  # fmt: skip
    assert warehouse.rows(
        "select day_on, scope_points, done_points, scope_items, done_items "
        "from marts.burn_up_days where scope_kind = 'sprint' order by 1 desc limit 1"
    ) == [(board.day("05-17"), 7.0, 5.0, 2, 1)]
