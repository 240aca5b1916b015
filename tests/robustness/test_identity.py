"""What counts among files that repeat, correct, contradict or replace each other."""

from datetime import UTC, datetime

import pytest

ACCOUNTS = '[[source]]\nname = "crm"\nfiles = "in/*"\ntimezone = "UTC"\n'
HEAD = "account_id,account_name,segment_code\n"
PLAIN = """
[import]
target = "accounts"
{more}
[columns]
account_id = {{ from = "id", privacy = "keep" }}
segment_code = "plan"
source_updated_at = "changed"
"""
EVENTS = '[[source]]\nname = "events"\nfiles = "in/*"\ntimezone = "UTC"\n'
EVENT_HEAD = "user_id,event,timestamp\n"
AT = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.fixture
def crm(desk):
    """Accounts with readable ids; a later `changed` is newer."""

    def lay(name, *rows, head="id,plan,changed"):
        desk.lay(f"in/{name}", "\n".join([head, *rows]) + "\n")

    desk.mapping(PLAIN.format(more=""), 'timezone = "UTC"\n')
    desk.add = lay
    return desk


def plans(desk):
    return dict(desk.rows("accounts", "account_id, segment_code"))


def test_a_file_comes_in_once(crm):
    crm.add("a.csv", "1,free,2026-01-01")
    assert crm.only().status == "loaded"
    again = crm.only()
    assert (again.status, again.unchanged, again.loaded) == ("unchanged", 1, 0)
    assert "Already imported" in again.notes[0]
    assert len(crm.landing.manifests) == 1


def test_the_same_rows_in_another_file_were_there_already(crm):
    crm.add("a.csv", "1,free,2026-01-01", "2,team,2026-01-01")
    crm.pull_in()
    crm.add("b.csv", "2,team,2026-01-01", "3,free,2026-01-01")
    _, second = crm.pull_in()
    assert (second.loaded, second.unchanged) == (1, 1)
    assert plans(crm) == {"1": "free", "2": "team", "3": "free"}


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_the_newer_version_of_a_row_wins_whichever_came_first(crm, order):
    rows = {"a": "1,free,2026-01-01", "b": "1,team,2026-02-01"}
    for name in order:
        crm.add(f"{name}.csv", rows[name])
        reports = {report.file: report for report in crm.pull_in()}
    assert plans(crm) == {"1": "team"}
    late = reports[f"in/{order[1]}.csv"]
    assert (late.updated, late.unchanged) == ((1, 0) if order == ("a", "b") else (0, 1))


def test_two_versions_without_a_word_on_which_is_newer_count_for_nobody(crm):
    crm.add("a.csv", "1,free,", "2,free,")
    crm.pull_in()
    crm.add("b.csv", "1,team,", "2,free,")
    _, second = crm.pull_in()
    assert (second.unchanged, second.quarantined) == (1, 1)
    assert crm.refused()[0]["reason_code"] == "conflict"
    assert plans(crm) == {"2": "free"}


def test_the_date_in_the_name_orders_versions(crm):
    for name, plan in (("x_2026-02-01.csv", "team"), ("x_2026-01-01.csv", "free")):
        crm.add(name, f"1,{plan},")
        crm.pull_in()
    assert plans(crm) == {"1": "team"}


def test_a_corrected_file_under_the_same_name_updates_its_rows_by_key(crm):
    crm.add("a.csv", "1,free,", "2,free,")
    crm.pull_in()
    crm.add("a.csv", "1,team,", "2,free,")
    report = crm.only()
    assert (report.updated, report.unchanged, report.quarantined) == (1, 1, 0)
    assert plans(crm) == {"1": "team", "2": "free"}


def test_a_row_that_is_absent_stays_unless_the_scope_is_full(crm):
    crm.add("x_2026-01-01.csv", "1,free,", "2,free,")
    crm.pull_in()
    crm.add("x_2026-02-01.csv", "1,team,")
    crm.pull_in()
    assert plans(crm) == {"1": "team", "2": "free"}
    crm.mapping(PLAIN.format(more='scope = "full"'), 'timezone = "UTC"\n')
    crm.pull_in()
    assert plans(crm) == {"1": "team"}


@pytest.mark.parametrize("order", [("01", "02"), ("02", "01")])
def test_the_newest_full_export_counts_whichever_came_first(crm, order):
    crm.mapping(PLAIN.format(more='scope = "full"'), 'timezone = "UTC"\n')
    rows = {"01": ["1,free,", "2,free,"], "02": ["1,team,"]}
    for month in order:
        crm.add(f"x_2026-{month}-01.csv", *rows[month])
        crm.pull_in()
    assert plans(crm) == {"1": "team"}


def test_full_exports_of_two_tables_in_one_source_do_not_replace_each_other(desk):
    desk.sources(ACCOUNTS + 'scope = "full"\n')
    desk.lay("in/accounts.csv", HEAD + "a,A,free\n")
    desk.lay("in/users.csv", "user_id,account_id\nu,a\n")
    desk.pull_in()
    assert len(desk.rows("accounts")) == len(desk.rows("users")) == 1


def test_a_new_mapping_of_the_same_file_replaces_its_rows(crm):
    crm.add("a.csv", "1,free,2026-01-01", "2,team,2026-01-01")
    crm.pull_in()
    crm.mapping(PLAIN.format(more="").replace('"plan"', '"changed"'), 'timezone = "UTC"\n')
    report = crm.only()
    assert report.status == "loaded"
    assert plans(crm) == {"1": "2026-01-01", "2": "2026-01-01"}
    assert len(crm.landing.in_force()) == 1


def test_a_repeated_key_in_one_file_is_settled_by_what_the_mapping_says(crm):
    crm.add("a.csv", "1,free,", "1,free,", "2,free,", "2,team,")
    report = crm.only()
    assert (report.loaded, report.unchanged, report.quarantined) == (1, 1, 2)
    assert plans(crm) == {"1": "free"}
    crm.mapping(PLAIN.format(more='duplicates = "keep_latest"'), 'timezone = "UTC"\n')
    report = crm.only()
    assert plans(crm) == {"1": "free", "2": "team"}


def test_the_latest_answer_is_the_one_with_the_latest_time(desk):
    desk.mapping(
        """
        [import]
        target = "survey_responses"
        key = ["respondent_key", "question_id"]
        duplicates = "keep_latest"
        [constants]
        survey_id = "s"
        [columns]
        respondent_key = { from = "who", privacy = "keep" }
        answered_at = "when"
        [[question]]
        id = "q"
        from = "score"
        metric = "nps"
        scale = { min = 0, max = 10, higher_is_better = true }
        """,
        'timezone = "UTC"\n',
    )
    desk.lay("in/a.csv", "who,when,score\nx,2026-03-02,9\nx,2026-03-01,2\n")
    desk.pull_in()
    desk.lay("in/b.csv", "who,when,score\nx,2026-02-01,1\n")
    desk.pull_in()
    assert desk.rows("survey_responses", "score") == [(9.0,)]


# rows without ids ---------------------------------------------------------------------------


def purchases(desk, duplicates="keep"):
    desk.mapping(
        f"""
        [import]
        target = "payments"
        duplicates = "{duplicates}"
        [constants]
        payment_kind = "charge"
        status_code = "succeeded"
        currency = "EUR"
        [columns]
        account_id = {{ from = "who", privacy = "keep" }}
        happened_at = "day"
        amount_minor = {{ from = "amount", unit = "major" }}
        """,
        'timezone = "UTC"\n',
    )


TWICE = "who,day,amount\na,2026-01-01,5\na,2026-01-01,5\nb,2026-01-01,7\n"


def test_identical_rows_of_one_file_are_all_real(desk):
    purchases(desk)
    desk.lay("in/p.csv", TWICE)
    assert desk.only().loaded == 3
    assert desk.rows("payments", "sum(amount_minor)") == [(1700,)]


def test_identical_rows_are_one_where_the_mapping_drops_repeats(desk):
    purchases(desk, "drop")
    desk.lay("in/p.csv", TWICE)
    report = desk.only()
    assert (report.loaded, report.unchanged) == (2, 1)
    assert desk.rows("payments", "sum(amount_minor)") == [(1200,)]


def test_a_corrected_file_without_ids_replaces_its_earlier_version(desk):
    purchases(desk)
    desk.lay("in/p.csv", TWICE)
    desk.pull_in()
    desk.lay("in/p.csv", TWICE.replace(",7", ",8"))
    report = desk.only()
    assert "Replaces its earlier version: 3 rows went, 3 came." in report.notes
    assert desk.rows("payments", "sum(amount_minor)") == [(1800,)]


def test_taking_back_a_correction_brings_back_the_version_before_it_and_only_that(desk):
    purchases(desk)
    ids = []
    for last in ("7", "8", "9"):
        desk.lay("in/p.csv", TWICE.replace(",7", f",{last}"))
        ids.append(desk.only().import_id)
    desk.landing.decide(ids[1], "revoke", AT)
    assert desk.rows("payments", "sum(amount_minor)") == [(1900,)]
    desk.landing.decide(ids[2], "revoke", AT)
    assert desk.rows("payments", "sum(amount_minor)") == [(1700,)]
    desk.landing.decide(ids[1], "accept", AT)
    assert desk.rows("payments", "sum(amount_minor)") == [(1800,)]


def test_a_file_that_is_gone_from_the_folder_still_counts(desk):
    purchases(desk)
    path = desk.lay("in/p.csv", TWICE)
    desk.pull_in()
    path.unlink()
    report = desk.only()
    assert report.questions[0]["code"] == "no_files"
    assert len(desk.rows("payments")) == 3


def test_an_empty_cell_of_an_id_column_is_refused_and_blocks_nobody(desk):
    desk.sources('[[source]]\nname = "s"\nfiles = "in/*"\ntimezone = "UTC"\nlimit = 1.0\n')
    head = "payment_id,payment_kind,happened_at,status_code,amount_minor,currency\n"
    rows = "p1,charge,2026-01-01,succeeded,5,EUR\n,charge,2026-01-01,succeeded,5,EUR\n"
    desk.lay("in/p.csv", head + rows)
    report = desk.only()
    assert (report.loaded, report.quarantined) == (1, 1)
    assert desk.refused()[0]["reason_text"] == "'payment_id' is empty; payments need it."


# people's decisions -------------------------------------------------------------------------


def held_and_good(desk):
    """A held file and a good one that share a key."""
    purchases(desk)
    desk.lay("in/a.csv", TWICE + "c,never,1\n")
    held = desk.only()
    assert held.status == "held"
    desk.lay("in/b.csv", TWICE)
    _, good = desk.pull_in()
    assert (good.status, good.loaded) == ("loaded", 3)
    return held


def test_a_held_file_that_is_let_in_later_does_not_count_shared_rows_twice(desk):
    held = held_and_good(desk)
    desk.landing.decide(held.import_id, "accept", AT)
    assert len(desk.rows("payments")) == 3


def test_a_held_file_stays_held_until_someone_decides(desk):
    held_and_good(desk)
    first, second = desk.pull_in()
    assert (first.status, second.status) == ("held", "unchanged")
    assert first.questions[0]["code"] == "bad_money_rows"


def test_a_higher_limit_lets_a_held_file_in(desk):
    purchases(desk)
    desk.lay("in/a.csv", TWICE + "c,never,1\n")
    assert desk.only().status == "held"
    text = (desk.folder / "launchloop.toml").read_text()
    desk.lay("launchloop.toml", text + "limit = 0.5\n")
    report = desk.only()
    assert (report.status, report.quarantined) == ("loaded", 1)
    assert len(desk.rows("payments")) == 3


@pytest.mark.parametrize(
    ("bad", "good", "status"),
    [(10, 90, "loaded"), (11, 489, "held"), (10, 9, "held"), (11, 600, "loaded")],
)
def test_a_file_is_held_beyond_two_percent_and_ten_rows_or_beyond_half(desk, bad, good, status):
    desk.sources(EVENTS)
    rows = [f"u{n},e,2026-01-01" for n in range(good)] + [f"u{n},e,never" for n in range(bad)]
    desk.lay("in/e.csv", EVENT_HEAD + "\n".join(rows) + "\n")
    assert desk.only().status == status


# several sources ----------------------------------------------------------------------------


def test_what_one_source_does_not_say_of_an_account_another_may(desk):
    desk.sources(
        '[[source]]\nname = "crm"\nfiles = "crm.csv"\nexported_at = 2026-01-01\n'
        '[[source]]\nname = "billing"\nfiles = "billing.csv"\nexported_at = 2026-02-01\n'
    )
    desk.lay("crm.csv", "account_id,account_name,segment_code,is_test\na,Ada,free,true\n")
    desk.lay("billing.csv", "account_id,segment_code,region_code\na,team,eu\n")
    desk.pull_in()
    found = desk.rows("accounts", "account_name, segment_code, region_code, is_test, source_id")
    assert found == [("Ada", "team", "eu", True, "billing")]


def test_an_open_item_is_not_closed_by_what_an_older_source_says(desk):
    desk.sources(
        '[[source]]\nname = "old"\nfiles = "old.csv"\nexported_at = 2026-01-01\ntimezone = "UTC"\n'
        '[[source]]\nname = "new"\nfiles = "new.csv"\nexported_at = 2026-02-01\ntimezone = "UTC"\n'
    )
    head = "subscription_id,account_id,status_code,started_at,ended_at,as_of_at,currency\n"
    desk.lay("old.csv", head + "s,a,canceled,2025-01-01,2025-12-01,2026-01-01,EUR\n")
    desk.lay("new.csv", head + "s,a,active,2025-01-01,,2026-02-01,EUR\n")
    desk.pull_in()
    assert desk.rows("subscriptions", "status_code, ended_at") == [("active", None)]


# events -------------------------------------------------------------------------------------


def test_events_after_they_were_collected_are_refused(desk):
    desk.sources(EVENTS)
    rows = ["u,a,2026-06-30 12:00:00", "u,b,2026-07-02 00:00:00"]
    desk.lay("in/e.csv", EVENT_HEAD + "\n".join(rows * 1) + "\n")
    report = desk.only()
    assert (report.loaded, report.quarantined) == (1, 1)
    assert desk.refused()[0]["reason_code"] == "future_time"


def test_a_date_in_a_name_that_is_that_of_the_data_refuses_no_event(desk):
    desk.sources(EVENTS)
    rows = [f"u,a,2026-05-{day:02d} 12:00:00" for day in range(1, 32)]
    desk.lay("in/events_2026-05-01.csv", EVENT_HEAD + "\n".join(rows) + "\n")
    assert desk.only().loaded == 31


def test_insert_ids_of_a_vendor_are_not_trusted_alone(desk):
    desk.sources(EVENTS)
    rows = ["u,a,2026-05-01,1", "v,a,2026-05-01,1", "u,a,2026-05-01,1"]
    desk.lay("in/e.csv", "user_id,event,timestamp,event_id\n" + "\n".join(rows) + "\n")
    report = desk.only()
    assert (report.loaded, report.unchanged) == (2, 1)


def test_rows_of_a_changed_hash_function_are_read_anew_where_their_file_is_there(desk, monkeypatch):
    desk.sources(EVENTS)
    desk.lay("in/e.csv", EVENT_HEAD + "u,a,2026-05-01\n")
    monkeypatch.setattr("pipelines.sources.importing.hash_probe", lambda: "another function")
    desk.pull_in()
    monkeypatch.undo()
    assert desk.only().status == "loaded"
    assert len(desk.rows("events")) == 1
    assert {known.hash_probe for known in desk.landing.in_force()} != {"another function"}
