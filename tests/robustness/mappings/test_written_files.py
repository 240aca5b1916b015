"""A file is read as its mapping says that it is written, and what nobody reads of it is named."""

import json


def test_the_declared_format_wins_over_the_suffix(events):
    lines = '{"u": 1, "n": "a", "t": "2026-01-01"}\n{"u": 2, "n": "b", "t": "2026-01-02"}\n'
    report = events(lines, more='timezone = "UTC"\nformat = "ndjson"', name="in/e.txt")
    assert (report.status, report.loaded) == ("loaded", 2)


def test_a_csv_under_the_name_of_a_json_is_read_where_the_mapping_says_so(events):
    more = 'timezone = "UTC"\nformat = "csv"'
    assert events("u,n,t\n1,a,2026-01-01\n", more=more, name="in/e.json").loaded == 1


def test_the_encoding_of_the_mapping_counts(events):
    content = "u,n,t\n1,Łódź,2026-01-01\n".encode("cp1250")
    events(content, more='timezone = "UTC"\nencoding = "cp1250"')
    assert events.desk.rows("events", "event_name") == [("Łódź",)]


def test_a_wrong_mapping_stops_its_own_source_only(desk):
    desk.lay("bad.toml", '[import]\ntarget = "events"\ndelimter = ";"\n')
    desk.lay("in/bad.csv", "u\n1\n")
    desk.lay("in/users.csv", "user_id\n1\n")
    desk.sources(
        '[[source]]\nname = "bad"\nfiles = "in/bad.csv"\nmapping = "bad.toml"\n'
        '[[source]]\nname = "good"\nfiles = "in/users.csv"\n'
    )
    bad, good = desk.pull_in()
    assert (bad.status, good.status) == ("failed", "loaded")
    assert (
        'bad.toml, line 3, [import], delimter: unknown key "delimter"; nearest: "delimiter"'
        in (bad.questions[0]["text"])
    )


def test_paths_of_json_that_lead_nowhere_and_keys_that_nobody_reads_are_named(events):
    rows = [{"u": 1, "n": "a", "t": "2026-01-01", "plan": "x", "app": {"os": "ios"}}]
    report = events(json.dumps(rows), columns='platform_code = "app.oss"', name="in/e.json")
    assert "Columns not used: plan (1 filled)." in report.notes
    assert "No record has anything at 'app.oss'." in report.notes


def test_columns_that_nobody_reads_are_named_with_how_many_cells_they_fill(events):
    report = events("u,n,t,plan,ip,plan\n1,a,2026-01-01,x,,z\n2,a,2026-01-02,y, ,\n")
    assert report.notes == ["Columns not used: plan (3 filled), ip (0 filled)."]


def test_a_status_without_an_id_is_known_by_its_name(desk):
    desk.lay("in/s.csv", "status_name,state_code\nIn Review,doing\n")
    desk.sources('[[source]]\nname = "s"\nfiles = "in/*"\n')
    assert desk.only().loaded == 1
    assert desk.rows("workflow_statuses", "status_id") == [("In Review",)]
