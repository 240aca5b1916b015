"""Throughput of a plain list of items: what is done is known, with or without a history."""


def item(number, created, done=""):
    return {
        "work_item_key": f"k{number}",
        "item_kind": "story",
        "item_type_name": "Story",
        "status_name": "Done" if done else "Open",
        "state_code": "done" if done else "todo",
        "created_at": f"2026-03-{created:02}T10:00:00Z",
        "done_at": f"2026-03-{done:02}T10:00:00Z" if done else "",
    }


def test_a_list_of_items_is_known_up_to_its_last_finish(published):
    items = [item(1, 2, 10), item(2, 3, 16), item(3, 4)]
    rows = published(work_items=items)("throughput", every="week")
    assert [(row["period"], row["value"], row["status"]) for row in rows] == [
        ("2026-03-02", 0, "ok"),
        ("2026-03-09", 1, "ok"),
        ("2026-03-16", None, "immature"),
    ]
