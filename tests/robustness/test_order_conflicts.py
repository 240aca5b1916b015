"""Times in an order that cannot be: the row is loaded and counted, and listed with its reason."""

import pytest

SUBSCRIPTIONS = (
    "subscription_id,account_id,status_code,currency,started_at,ended_at,as_of_at\n"
    "{},a,canceled,EUR,{},{},2026-06-01T00:00:00Z\n"
)
INCIDENTS = "incident_id,status_code,opened_at,acknowledged_at,resolved_at\n{},closed,{},{},{}\n"
ITEMS = "work_item_key,item_kind,item_type_name,status_name,state_code,created_at\n"
CHANGES = "work_item_key,changed_at,change_no,field_code,from_value,to_value\n"
EXPOSURES = "survey_id,exposure_id,exposure_kind,exposed_at,channel_code\n"
ANSWERS = "survey_id,response_id,question_id,answered_at,score,time_quality\n"


@pytest.fixture
def both(desk):
    """Lays files and pulls them in, in the order of their names."""

    def pull_in(**files):
        for name, text in files.items():
            desk.lay(f"in/{name}.csv", text)
        desk.sources('[[source]]\nname = "s"\nfiles = "in/*.csv"\ntimezone = "Europe/Berlin"\n')
        return desk.pull_in()

    pull_in.desk = desk
    return pull_in


def listed(desk):
    return [
        (entry["reason_code"], entry["scope_code"], entry["column_name"], entry["raw_text"])
        for entry in desk.refused()
    ]


def test_a_subscription_that_ends_before_it_starts_is_loaded_counted_and_listed(both):
    text = SUBSCRIPTIONS.format("s1", "2026-04-02T10:00:00Z", "2026-03-01T10:00:00Z")
    (report,) = both(subscriptions=text)
    assert (report.status, report.loaded, report.quarantined) == ("loaded", 1, 0)
    assert report.notes[0].startswith("1 row has times in an order that cannot be")
    assert listed(both.desk) == [("order_conflict", "cell", "ended_at", "2026-03-01 10:00")]
    (entry,) = both.desk.refused()
    assert "before started_at (2026-04-02 10:00 UTC)" in entry["reason_text"]
    assert both.desk.rows("subscriptions", "cast(ended_at as date)")[0][0] is not None


def test_an_end_without_an_hour_may_lie_on_the_day_of_the_start(both):
    (report,) = both(subscriptions=SUBSCRIPTIONS.format("s1", "2026-04-02 10:00", "2026-04-02"))
    assert listed(both.desk) == []
    assert report.notes == []


def test_an_incident_resolved_before_it_was_opened_is_listed_once_per_time(both):
    when = ("2026-04-02T10:00:00Z", "2026-04-02T10:05:00Z", "2026-04-02T09:00:00Z")
    both(incidents=INCIDENTS.format("i1", *when))
    assert listed(both.desk) == [("order_conflict", "cell", "resolved_at", "2026-04-02 09:00")]


@pytest.mark.parametrize(("items", "changes"), [("a", "b"), ("b", "a")])
def test_a_history_before_creation_is_listed_whichever_file_comes_first(both, items, changes):
    item = ITEMS + "A-1,story,Story,Done,done,2026-04-02T10:00:00Z\n"
    moved = CHANGES + "A-1,2026-04-01T08:00:00Z,1,status,Backlog,Done\n"
    reports = both(**{items: item, changes: moved})
    assert [report.loaded for report in reports] == [1, 1]
    ((code, _, column, _),) = listed(both.desk)
    assert code == "order_conflict"
    assert column == ("changed_at" if items == "a" else "created_at")


def test_what_an_item_was_created_with_is_no_history_before_creation(both):
    item = ITEMS + "A-1,story,Story,Done,done,2026-04-02T10:00:00Z\n"
    moved = CHANGES + "A-1,2026-04-02T09:59:59Z,1,created,,Backlog\n"
    both(a=item, b=moved)
    assert listed(both.desk) == []


@pytest.mark.parametrize(("quality", "count"), [("exact", 1), ("day", 0)])
def test_an_answer_before_its_question_is_listed_where_its_hour_is_known(both, quality, count):
    asked = EXPOSURES + "pulse,r1,delivered,2026-04-02T10:00:00Z,email\n"
    answer = ANSWERS + f"pulse,r1,q,2026-04-02T08:00:00Z,4,{quality}\n"
    both(exposures=asked, responses=answer)
    assert [code for code, *_ in listed(both.desk)] == ["order_conflict"] * count
    assert both.desk.rows("survey_responses", "score") == [(4,)]


def test_rows_in_their_order_raise_nothing(both):
    both(
        incidents=INCIDENTS.format("i1", *("2026-04-02T10:00:00Z",) * 3),
        subscriptions=SUBSCRIPTIONS.format("s1", "2026-04-02T10:00:00Z", ""),
    )
    assert listed(both.desk) == []
