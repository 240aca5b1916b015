"""Sprint metrics by what is told of a sprint: frozen snapshots, or a list of items alone."""

START, CLOSE = "2026-03-02T09:00:00Z", "2026-03-16T09:00:00Z"
SPRINTS = [
    {
        "sprint_id": "S1",
        "sprint_name": "Sprint 1",
        "state_code": "closed",
        "started_at": START,
        "planned_end_at": CLOSE,
        "completed_at": CLOSE,
    }
]


def item(key, state, points):
    return {
        "work_item_key": key,
        "item_kind": "story",
        "item_type_name": "Story",
        "status_name": state,
        "state_code": state,
        "points": points,
        "created_at": "2026-02-20T00:00:00Z",
        "sprint_list": "S1",
    }


def snapshot(key, kind, state, points):
    return {
        "sprint_id": "S1",
        "snapshot_kind": kind,
        "captured_at": START if kind == "start" else CLOSE,
        "work_item_key": key,
        "is_in_sprint": "true",
        "state_code": state,
        "points": points,
        "snapshot_origin": "captured",
    }


ITEMS = [item("A", "done", 5), item("B", "doing", 3), item("C", "doing", 2)]


def test_snapshots_tell_what_was_committed_without_any_history(published):
    ask = published(
        sprints=SPRINTS,
        work_items=ITEMS,
        sprint_snapshots=[
            snapshot("A", "start", "todo", 5),
            snapshot("B", "start", "todo", 3),
            snapshot("A", "close", "done", 5),
            snapshot("B", "close", "doing", 3),
            snapshot("C", "close", "doing", 2),
        ],
    )
    found = {name: ask(name)[0] for name in ("say_do", "carry_over", "scope_change")}
    assert [(row["n"], row["total"]) for row in found.values()] == [(8, 5), (2, 1), (8, 2)]
    assert {row["status"] for row in found.values()} == {"ok"}


def test_without_snapshots_and_history_each_sprint_says_what_is_missing(published):
    (row,) = published(sprints=SPRINTS, work_items=ITEMS)("say_do")
    assert (row["value"], row["status"]) == (None, "no_data")
    assert row["note"].startswith("No history tells who was in the sprint")
