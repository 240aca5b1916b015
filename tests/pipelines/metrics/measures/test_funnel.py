"""Funnels where the text of the definition decides: once per person, whatever range is asked."""

from datetime import date

FUNNEL = '[[funnel]]\nid = "buy"\nsteps = ["view", "pay"]\nwindow_days = 1\n'


def event(number, name, day, user="a"):
    return {
        "event_key": f"e{number}",
        "event_name": name,
        "occurred_at": f"2026-03-{day:02}T10:00:00Z",
        "user_id": user,
    }


# Ann views in the first week and again in the third, where she pays.
EVENTS = [
    event(1, "view", 2),
    event(2, "view", 16),
    event(3, "pay", 16),
    event(4, "view", 17, "b"),
    event(5, "open", 29, "b"),
]


def weeks(rows):
    return {row["period"]: (row["n"], row["total"]) for row in rows if row["step"] == 2}


def test_a_week_is_the_same_in_every_range(published):
    ask = published(FUNNEL, events=EVENTS)
    everything = weeks(ask("funnel", every="week"))
    assert (everything["2026-03-02"], everything["2026-03-16"]) == ((1, 1), (1, 0))
    first = weeks(ask("funnel", every="week", end=date(2026, 3, 9)))
    assert first == {"2026-03-02": everything["2026-03-02"]}
    third = weeks(ask("funnel", every="week", start=date(2026, 3, 16), end=date(2026, 3, 23)))
    assert third == {"2026-03-16": everything["2026-03-16"]}


def test_a_total_counts_who_began_in_its_range(published):
    ask = published(FUNNEL, events=EVENTS)
    rows = ask("funnel", every="total", start=date(2026, 3, 16), end=date(2026, 3, 23))
    assert [(row["n"], row["total"]) for row in rows] == [(2, 2), (2, 1)]


def visitor(number, name, hour):
    known = event(number, name, 16, "a")
    return {
        "event_key": known["event_key"],
        "event_name": name,
        "occurred_at": f"2026-03-16T{hour:02}:00:00Z",
        "anonymous_id": "visitor",
    }


def member(number, name, hour):
    return {**event(number, name, 16, "a"), "occurred_at": f"2026-03-16T{hour:02}:00:00Z"}


ALIASES = [{"alias_id": "visitor", "user_id": "a", "linked_at": "2026-03-16T12:00:00Z"}]
STRANGERS = [{"alias_id": "visitor", "user_id": "c", "linked_at": "2026-03-16T12:00:00Z"}]
BETWEEN = (member(1, "view", 9), visitor(2, "scroll", 10), member(3, "pay", 11))


def strict(published, *events, aliases=ALIASES):
    ask = published(FUNNEL, events=[*events, event(9, "open", 29, "b")], user_aliases=aliases)
    return weeks(ask("funnel", every="week", variant="strict")).get("2026-03-16")


def test_a_strict_step_may_be_taken_under_another_id_of_the_person(published):
    assert strict(published, visitor(1, "view", 10), member(2, "pay", 11)) == (1, 1)


def test_an_event_under_another_id_lies_between_two_strict_steps(published):
    assert strict(published, *BETWEEN) == (1, 0)


def test_an_event_of_somebody_else_lies_between_no_steps(published):
    assert strict(published, *BETWEEN, aliases=STRANGERS) == (1, 1)
