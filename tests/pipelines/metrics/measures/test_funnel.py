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
