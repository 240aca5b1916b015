"""The replay of random histories gives what the lists of each item give, scanned from the start."""

import random
from datetime import timedelta

FIRST_HOUR = 200
OPEN = {"Backlog", "Build", "Test"}


def random_sprints(board):
    first = board.at("05-01") + timedelta(minutes=7)
    return [
        board.sprint(str(number), "05-01", "05-02")
        | {
            "started_at": first + timedelta(hours=FIRST_HOUR * number + 1),
            "completed_at": first + timedelta(hours=FIRST_HOUR * number + 190),
        }
        for number in (1, 2, 3)
    ]


def random_history(board, dice, key):
    """An item, its changes, and per field what it was from when on."""
    hours = dice.randrange(0, 300)
    created = board.at("05-01") + timedelta(hours=hours)
    now = {"status": "Backlog", "sprint": dice.choice([None, "1"]), "points": "3"}
    known = {field: [(created, value)] for field, value in now.items()}
    choices = {
        "status": ["Backlog", "Build", "Test", "Done", "Rejected"],
        "sprint": [None, "1", "2", "1,2", "2,3", "3"],
        "points": [None, "1", "2", "5", "8"],
    }
    changes = []
    for _ in range(dice.randrange(0, 9)):
        hours += dice.randrange(25, 120)
        moved_at = board.at("05-01") + timedelta(hours=hours)
        field = dice.choice(sorted(choices))
        after = dice.choice(choices[field])
        if after != now[field]:
            row = board.change(key, "05-01", field, now[field], after)
            changes.append(row | {"changed_at": moved_at})
            known[field].append((moved_at, after))
            now[field] = after
    row = board.item(key, "05-01", now["status"]) | {
        "created_at": created,
        "points": float(now["points"]) if now["points"] else None,
        "sprint_list": now["sprint"].split(",") if now["sprint"] else [],
    }
    return row, changes, known


def value(known, field, instant, *, before):
    """What a field was just before an instant, or at it; "" before creation."""
    values = [v for t, v in known[field] if (t < instant if before else t <= instant)]
    return (values[-1] or "") if values else ""


def is_in(known, sprint, instant):
    return sprint["sprint_id"] in value(known, "sprint", instant, before=True).split(",")


def is_committed(known, sprint):
    start = sprint["started_at"]
    is_open = value(known, "status", start, before=True) in OPEN
    return is_open and is_in(known, sprint, start)


def committed(known, sprint):
    if not is_committed(known, sprint):
        return 0.0
    return float(value(known, "points", sprint["started_at"], before=True) or 0)


def completed(known, sprint):
    start, end = sprint["started_at"], sprint["completed_at"]
    # Done at the close, and since when without a break.
    statuses = [(t, status) for t, status in known["status"] if t <= end]
    arrivals = [
        since
        for since, _ in statuses
        if {status for moved_at, status in statuses if moved_at >= since} == {"Done"}
    ]
    if not is_in(known, sprint, end) or not arrivals or min(arrivals) < start:
        return 0.0
    return float(value(known, "points", end, before=False) or 0)


def test_the_replay_agrees_with_asking_random_histories_at_each_instant(deliver, board):
    """The lists of each item are scanned from the start, sharing nothing with the models."""
    dice = random.Random(11)
    made = [random_history(board, dice, f"A-{number}") for number in range(80)]
    sprints = random_sprints(board)
    warehouse = deliver(
        workflow_statuses=board.statuses,
        work_items=[row for row, _, _ in made],
        work_item_changes=[change for _, changes, _ in made for change in changes],
        sprints=sprints,
    )
    assert warehouse.broken("sprint_scope_adds_up") == []
    for sprint in sprints:
        row = warehouse.one(
            f"select * from marts.sprints where sprint_id = '{sprint['sprint_id']}'"
        )
        assert row["committed_points"] == sum(committed(known, sprint) for _, _, known in made) > 0
        assert row["completed_points"] == sum(completed(known, sprint) for _, _, known in made)
        both = sum(completed(known, sprint) for _, _, known in made if is_committed(known, sprint))
        assert row["completed_initial_points"] == both
