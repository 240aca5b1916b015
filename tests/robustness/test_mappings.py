"""Every key of a mapping does what the specification says of it, on files laid by hand."""

import json

import pytest

EVENTS = """\
[import]
target = "events"
{more}
[columns]
user_id = {{ from = "u", privacy = "keep" }}
event_name = "n"
occurred_at = {when}
{columns}
"""
PAYMENTS = """\
[import]
target = "payments"
timezone = "UTC"
{more}
[constants]
payment_kind = "charge"
status_code = "succeeded"
[columns]
account_id = {{ from = "c", privacy = "keep" }}
happened_at = "t"
{columns}
"""
AMOUNT = 'amount_minor = { from = "a", unit = "major" }'
SURVEY = """\
[import]
target = "survey_responses"
timezone = "UTC"
{more}
[constants]
survey_id = "pulse"
[columns]
respondent_key = "who"
{questions}
"""
RATING = """\
[[question]]
id = "{id}"
from = {header}
metric = "rating"
scale = {{ min = 1, max = 5 }}
"""


@pytest.fixture
def events(desk):
    """Lays events and reads them with a mapping."""

    def read(content, *, more='timezone = "UTC"', when='"t"', columns="", name="in/e.csv"):
        desk.mapping(EVENTS.format(more=more, when=when, columns=columns))
        desk.lay(name, content)
        return desk.only()

    read.desk = desk
    return read


@pytest.fixture
def payments(desk):
    """Lays payments and reads them with a mapping."""

    def read(content, *, more="", columns=AMOUNT, after=""):
        desk.mapping(PAYMENTS.format(more=more, columns=columns) + after)
        desk.lay("in/p.csv", content)
        return desk.only()

    read.desk = desk
    return read


@pytest.fixture
def survey(desk):
    """Lays answers and reads them with a mapping."""

    def read(content, questions, *, more=""):
        desk.mapping(SURVEY.format(more=more, questions=questions))
        desk.lay("in/s.csv", content)
        return desk.only()

    read.desk = desk
    return read


def times(desk):
    return [str(row[0])[:16] for row in desk.rows("events", "occurred_at", "occurred_at")]


# how a file is written --------------------------------------------------------------------------


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


# times ------------------------------------------------------------------------------------------


def test_beside_a_declared_format_no_other_is_looked_for(events):
    content = "u,n,t\n" + "".join(f"{day},a,{day:02}/01/2026\n" for day in range(1, 9))
    report = events(content + "9,a,12/25/2026\n", when='{ from = "t", format = "%d/%m/%Y" }')
    assert report.quarantined == 1
    assert "2026-12-25 00:00" not in times(events.desk)


def test_a_declared_format_without_a_zone_is_asked_for_its_zone(events):
    when = '{ from = "t", format = "%Y%m%dT%H%M%S" }'
    report = events("u,n,t\n1,a,20260403T101500\n", more="", when=when)
    assert (report.status, report.questions[0]["code"]) == ("held", "ask_timezone")


def test_a_declared_format_with_a_zone_is_not(events):
    when = '{ from = "t", format = "%d.%m.%Y %H:%M %z" }'
    events("u,n,t\n1,a,03.04.2026 10:15 +0200\n", more="", when=when)
    assert times(events.desk) == ["2026-04-03 08:15"]


def test_a_format_that_no_time_is_written_in_is_refused_with_its_line(events):
    report = events("u,n,t\n1,a,x\n", when='{ from = "t", format = "%Q/%m" }')
    assert (
        'm.toml, line 7, [columns], occurred_at.format: "%Q" is no format'
        in (report.questions[0]["text"])
    )


def test_seconds_since_1970_become_a_day_too(desk):
    desk.mapping('[import]\ntarget = "costs"\n[constants]\ncost_kind = "sales_marketing"\n'
                 '[columns]\ncost_id = "i"\nperiod_on = { from = "t", format = "epoch_s" }\n'
                 'amount_minor = "a"\n')  # fmt: skip
    desk.lay("in/c.csv", "i,t,a\n1,1767225600,5\n")
    desk.only()
    assert [str(row[0]) for row in desk.rows("costs", "period_on")] == ["2026-01-01"]


def test_years_of_two_digits_pivot_at_70(payments):
    payments("c;t;a\n1;31.12.69;1\n2;31.12.70;1\n3;31.12.1970;1\n")
    found = payments.desk.rows("payments", "year(happened_at)", "account_id")
    assert found == [(2069,), (1970,), (1970,)]


def test_a_year_like_9999_is_no_time_in_any_order_of_day_and_month(payments):
    assert payments("c;t;a\n1;31.12.9999;1\n").quarantined == 1


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-06-01 10:00:00 EST", "2026-06-01 15:00"),
        ("2026-06-01T10:00:00 CEST", "2026-06-01 08:00"),
        ("2026/06/01 3:00:00 PM EST", "2026-06-01 20:00"),
        ("2026-06-01T10:00:00z", "2026-06-01 10:00"),
        ("2026-06-01 10:00 GMT+2", "2026-06-01 08:00"),
        ("20260601T100000Z", "2026-06-01 10:00"),
        ("06/25/2026 10:00 +0200", "2026-06-25 08:00"),
        ("25.06.2026 10:00 -03:30", "2026-06-25 13:30"),
    ],
)
def test_a_zone_behind_a_time_counts_however_it_is_written(events, written, instant):
    events(f"u,n,t\n1,a,{written}\n", more='timezone = "Asia/Tokyo"')
    assert times(events.desk) == [instant]


@pytest.mark.parametrize("written", ["2026-06-01 10:00 PM", "2026-06-01 10:00:00 FOO"])
def test_what_stands_behind_a_time_is_never_passed_over(events, written):
    assert events(f"u,n,t\n1,a,{written}\n").quarantined == 1


def test_an_abbreviated_zone_is_said_to_be_read_as_a_fixed_offset(events):
    report = events("u,n,t\n1,a,2026-06-01 10:00:00 EST\n")
    assert "'t': EST as -05:00 is read as a fixed offset, whatever the season." in report.notes


@pytest.mark.parametrize("header", ["Created (UTC)", "created_utc"])
def test_a_header_that_says_utc_needs_no_zone(events, header):
    content = f"u,n,{header}\n1,a,2026-06-01 10:00\n2,b,25.06.2026 10:00\n"
    events(content, more="", when=f'"{header}"')
    assert times(events.desk) == ["2026-06-01 10:00", "2026-06-25 10:00"]


def test_two_digits_of_a_year_are_no_year_in_front(events):
    assert events("u,n,t\n1,a,25.06.26\n").notes == ["'t' is read as day/month/year."]


# numbers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("amount", ["1.234", '"1,234"'])
def test_one_group_of_three_digits_in_an_amount_is_asked_about(payments, amount):
    report = payments(f"c,t,a\n1,2026-01-01,{amount}\n2,2026-01-01,3\n3,2026-01-01,x\n")
    assert (report.status, report.questions[0]["code"]) == ("held", "ask_decimal")


def test_factors_of_a_product_may_have_a_decimal_comma(payments):
    columns = 'amount_minor = { product = ["q", "p"], unit = "major" }'
    report = payments("c;t;q;p\n1;2026-01-01;3;2,55\n2;2026-01-01;-1;1.002,50\n", columns=columns)
    assert report.notes[0] == "'q, p' is read with ',' as decimal mark."
    assert payments.desk.rows("payments", "amount_minor", "account_id") == [(765,), (-100250,)]


def test_a_factor_that_is_no_number_is_named_with_what_it_holds(payments):
    columns = 'amount_minor = { product = ["q", "p"], unit = "major" }'
    payments("c,t,q,p\n1,2026-01-01,3,free\n", columns=columns)
    (refused,) = payments.desk.refused()
    assert (refused["column_name"], refused["raw_text"]) == ("q, p", "3 × free")


def test_whole_numbers_may_have_groups(desk):
    # fmt: off
    desk.mapping('[import]\ntarget = "feedback_items"\ntimezone = "UTC"\n[constants]\n'
                 'feedback_kind = "idea"\n[columns]\nfeedback_id = "i"\nvote_count = "v"\n')
    # fmt: on
    desk.lay("in/f.csv", 'i,v\n1,"1,234"\n2,17\n3,4.5\n')
    desk.only()
    assert desk.rows("feedback_items", "vote_count", "feedback_id") == [(1234,), (17,), (None,)]
    assert [entry["raw_text"] for entry in desk.refused()] == ["4.5"]


def test_small_numbers_may_be_written_with_an_exponent(desk):
    desk.mapping('[import]\ntarget = "external_values"\n[constants]\nmetric_id = "m"\n'
                 'unit_code = "x"\n[columns]\nperiod_from_on = "a"\nperiod_to_on = "b"\n'
                 'reported_value = "v"\n')  # fmt: skip
    desk.lay("in/v.json", '[{"a": "2026-01-01", "b": "2026-02-01", "v": 0.00001}]')
    assert desk.only().loaded == 1
    assert desk.rows("external_values", "reported_value") == [(0.00001,)]


# values -----------------------------------------------------------------------------------------


def test_labels_are_compared_without_case_in_german_too(events):
    columns = 'platform_code = { from = "p", values = { "Größe" = "a", "MASSE" = "b" } }'
    events("u,n,t,p\n1,a,2026-01-01,größe\n2,a,2026-01-01, GRÖSSE\n3,a,2026-01-01,maße\n",
           columns=columns)  # fmt: skip
    assert events.desk.rows("events", "platform_code", "user_id") == [("a",), ("a",), ("b",)]


def test_a_declared_separator_leaves_no_empty_parts_and_brackets_alone(desk):
    # fmt: off
    desk.mapping('[import]\ntarget = "feedback_items"\n[constants]\nfeedback_kind = "idea"\n'
                 '[columns]\nfeedback_id = "i"\ntag_list = { from = "l", separator = "|" }\n')
    # fmt: on
    desk.lay("in/f.csv", "i,l\n1,a| b||c\n2,[x|y\n")
    desk.only()
    found = [list(row[0]) for row in desk.rows("feedback_items", "tag_list", "feedback_id")]
    assert found == [["a", "b", "c"], ["[x", "y"]]


def test_codes_for_an_empty_cell_may_be_numbers(events):
    content = "u,n,t,p\n1,a,2026-01-01,-1\n2,a,2026-01-01,7\n"
    events(content, more='timezone = "UTC"\nmissing = [-1]', columns='platform_code = "p"')
    assert events.desk.rows("events", "platform_code", "user_id") == [(None,), ("7",)]


def test_where_takes_yes_and_no_in_any_case(payments):
    report = payments(
        "c,t,a,live\n1,2026-01-01,2,TRUE\n2,2026-01-01,3,False\n", after="[where]\nlive = true\n"
    )
    assert (report.loaded, report.dropped) == (1, 1)


def test_where_on_a_column_of_the_target_sees_its_mapped_value(events):
    columns = (
        'platform_code = { from = "p", values = { i = "ios", a = "android" } }\n'
        '[where]\nplatform_code = "ios"'
    )
    report = events("u,n,t,p\n1,a,2026-01-01,i\n2,a,2026-01-01,a\n", columns=columns)
    assert (report.loaded, report.dropped) == (1, 1)


# expectations -----------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["amount_mino", "currency"])
def test_a_sum_of_what_has_none_is_refused_with_its_line(payments, column):
    report = payments("c,t,a\n1,2026-01-01,2\n", after=f"[expect]\nsums = {{ {column} = 1 }}\n")
    assert report.status == "failed"
    text = report.questions[0]["text"]
    assert f"line 13, [expect], sums.{column}: is not a column of payments that has a sum" in text


def test_a_sum_that_differs_says_which_rows_it_lacks(payments):
    report = payments(
        "c,t,a\n1,2026-01-01,2.50\n2,2026-01-01,x\n",
        after="[expect]\nsums = { amount_minor = 1 }\n",
    )
    text = report.questions[0]["text"]
    assert "Σ amount_minor is 250, 1 is expected. Difference 249" in text
    assert "1 rows cannot be used (records 2)" in text


# keys and persons -------------------------------------------------------------------------------


def test_events_of_nobody_are_refused(events):
    report = events("u,n,t\n,a,2026-01-01\n2,b,2026-01-01\n")
    assert (report.loaded, report.quarantined) == (1, 1)
    assert events.desk.refused()[0]["reason_text"] == (
        "nobody is named; events need user_id or anonymous_id."
    )


def test_ids_that_are_addresses_are_hashed(events):
    columns = 'session_id = "s"\napp_version = "n"'
    events("u,n,t,s\n1,a,2026-01-01,Me@x.de\n2,b,2026-01-02,me@x.de\n3,c,2026-01-03,s-3\n",
           columns=columns)  # fmt: skip
    first, second, third = (row[0] for row in events.desk.rows("events", "session_id", "user_id"))
    assert first == second
    assert "@" not in first
    assert third == "s-3"


def test_a_needed_column_cannot_be_dropped_for_privacy(desk):
    desk.mapping('[import]\ntarget = "events"\n[columns]\nuser_id = "u"\n'
                 'event_name = { from = "n", privacy = "drop" }\noccurred_at = "t"\n')  # fmt: skip
    desk.lay("in/e.csv", "u,n,t\n1,a,2026-01-01\n")
    assert "events need it, so it cannot be dropped" in desk.only().questions[0]["text"]


def test_a_declared_key_fills_the_ids_that_a_file_lacks(events):
    more = 'timezone = "UTC"\nkey = ["user_id", "occurred_at"]\nduplicates = "keep_latest"'
    events("u,n,t\n1,a,2026-01-01\n1,b,2026-01-01\n2,c,2026-01-01\n", more=more)
    keys = events.desk.rows("events", "event_key, occurrence_no")
    assert len({key for key, _ in keys}) == len(keys) == 2
    assert None not in {key for key, _ in keys}


@pytest.mark.parametrize("header", ["rater_email", "Rater Name"])
def test_a_column_that_says_who_gave_feedback_is_refused(desk, header):
    desk.sources('[[source]]\nname = "s"\nfiles = "in/*"\n')
    columns = "cycle_id,answer_id,subject_kind,subject_key,rater_group,question_id"
    desk.lay("in/p.csv", f"{columns},{header}\nc,1,team,t,peer,q,Ann\n")
    report = desk.only()
    assert (report.status, report.questions[0]["code"]) == ("failed", "pii_refused")
    assert header in report.questions[0]["text"]


def test_a_subscription_of_an_unknown_interval_is_never_loaded(desk):
    desk.mapping('[import]\ntarget = "subscriptions"\n[constants]\nstatus_code = "active"\n'
                 'as_of_at = "2026-01-01T00:00:00Z"\n[columns]\nsubscription_id = "i"\n'
                 'account_id = "i"\nstarted_at = "s"\ninterval_unit = "u"\n')  # fmt: skip
    desk.lay("in/s.csv", "i,s,u\n1,2026-01-01T00:00:00Z,month\n2,2026-01-01T00:00:00Z,fortnight\n")
    report = desk.only()
    assert (report.status, report.loaded, report.quarantined) == ("held", 1, 1)
    assert "'fortnight'" in report.questions[0]["text"]


# surveys ----------------------------------------------------------------------------------------


def test_answers_under_a_declared_key_share_the_id_of_their_response(survey):
    questions = RATING.format(id="a", header='"A"') + RATING.format(id="b", header='"B"')
    report = survey(
        "who,A,B\nx,1,2\ny,3,4\nx,5,5\n",
        questions,
        more='key = ["respondent_key"]\nduplicates = "keep_latest"',
    )
    assert (report.loaded, report.updated) == (2, 1)
    rows = survey.desk.rows("survey_responses", "response_id, question_id, score", "response_id")
    assert sorted((question, score) for _, question, score in rows) == [
        ("a", 3.0), ("a", 5.0), ("b", 4.0), ("b", 5.0)
    ]  # fmt: skip
    assert len({response for response, _, _ in rows}) == 2


def test_a_question_takes_the_first_filled_of_several_columns(survey):
    survey("who,A,A2\nx,,2\ny,3,\n", RATING.format(id="a", header='["A", "A2"]'))
    assert survey.desk.rows("survey_responses", "score", "score") == [(2.0,), (3.0,)]


@pytest.mark.parametrize("more", ["", 'decimal = ","'])
def test_scores_may_have_a_decimal_comma(survey, more):
    survey("who;A\nx;4,5\n", RATING.format(id="a", header='"A"'), more=more)
    assert survey.desk.rows("survey_responses", "score") == [(4.5,)]


def test_labels_become_numbers_and_are_kept_with_the_question(survey):
    labels = 'labels = { "mäßig" = 2, "gut" = 5 }\n'
    survey("who,A\nx,MÄSSIG\ny,ok-ish\nz,3\n", RATING.format(id="a", header='"A"') + labels)
    found = survey.desk.rows("survey_responses", "score, answer_state", "score")
    assert found == [(2.0, "answered"), (3.0, "answered"), (None, "unmapped")]
    ((kept,),) = survey.desk.rows("survey_questions", "labels_json")
    assert json.loads(kept) == {"mäßig": 2, "gut": 5}
    (entry,) = survey.desk.refused()
    assert entry["reason_code"] == "unknown_label"
    assert entry["reason_text"] == (
        "'A': label 'ok-ish' has no number. Add it to `labels`, or leave it out."
    )


def test_a_comment_under_a_repeated_header_is_that_of_its_question(survey):
    questions = "".join(
        f"{RATING.format(id=name, header=chr(34) + 'Rate' + chr(34))}occurrence = {number}\n"
        'comment_from = "Why"\n'
        for number, name in enumerate("ab", 1)
    )
    survey("who,Rate,Why,Rate,Why\nx,5,first,4,second\n", questions)
    found = survey.desk.rows("feedback_items", "tag_list[1], body_text", "body_text")
    assert found == [("a", "first"), ("b", "second")]


def test_a_survey_without_an_id_is_called_as_its_source(desk):
    desk.mapping('[import]\ntarget = "survey_responses"\n' + RATING.format(id="a", header='"A"'))
    desk.lay("in/s.csv", "A\n5\n")
    assert desk.only().loaded == 1
    assert desk.rows("survey_responses", "survey_id") == desk.rows("survey_questions", "survey_id")


def test_a_question_without_a_scale_takes_that_of_its_source(desk):
    question = '[[question]]\nid = "a"\nfrom = "A"\nmetric = "nps"\n'
    source = 'survey = { id = "pulse", scale = { min = 1, max = 10 } }\n'
    desk.mapping('[import]\ntarget = "survey_responses"\n' + question, source)
    desk.lay("in/s.csv", "A\n9\n11\n")
    desk.only()
    assert desk.rows("survey_questions", "scale_min, scale_max") == [(1.0, 10.0)]
    states = desk.rows("survey_responses", "answer_state", "answer_state")
    assert states == [("answered",), ("out_of_scale",)]


PRICES = "plan_id,plan_name\n{},Team\n"


@pytest.mark.parametrize(("scope", "kept"), [("", ["p1", "p2"]), ('scope = "full"\n', ["p2"])])
def test_a_row_that_a_newer_snapshot_lacks_stays_unless_its_scope_is_full(desk, scope, kept):
    desk.sources(f'[[source]]\nname = "s"\nfiles = "in/*"\nmode = "snapshot"\n{scope}')
    desk.lay("in/plans_2026-05-01.csv", PRICES.format("p1"))
    (first,) = desk.pull_in()
    desk.lay("in/plans_2026-06-01.csv", PRICES.format("p2"))
    desk.pull_in()
    assert [row[0] for row in desk.rows("plans", "plan_id", "plan_id")] == kept
    assert any("rows that are no longer in it stay" in note for note in first.notes) == (not scope)


@pytest.mark.parametrize(
    ("header", "scope", "told"),
    [
        ("work_item_key,item_kind,item_type_name,status_name,state_code,created_at", "",
         "Map it to work_item_changes"),
        ("plan_id,plan_name", "", 'Write mode = "snapshot"'),
        ("work_item_key,changed_at,change_no,field_code", 'scope = "full"\n', "contradict"),
    ],
)  # fmt: skip
def test_a_changelog_that_cannot_be_one_is_refused(desk, header, scope, told):
    desk.sources(f'[[source]]\nname = "s"\nfiles = "in/*"\nmode = "changelog"\n{scope}')
    cells = {"state_code": "done", "item_kind": "story", "field_code": "status", "change_no": "1"}
    row = ["2026-05-01T00:00:00Z" if name.endswith("_at") else cells.get(name, "x")
           for name in header.split(",")]  # fmt: skip
    desk.lay("in/a.csv", f"{header}\n{','.join(row)}\n")
    report = desk.only()
    assert (report.status, report.questions[0]["code"]) == ("failed", "mode")
    assert told in report.questions[0]["text"]


def test_a_changelog_of_changes_loads_as_any_file(desk):
    desk.sources('[[source]]\nname = "s"\nfiles = "in/*"\nmode = "changelog"\n')
    head = "work_item_key,changed_at,change_no,field_code\n"
    desk.lay("in/a.csv", head + "A,2026-05-01T00:00:00Z,1,status\n")
    report = desk.only()
    assert (report.status, report.notes) == ("loaded", [])


@pytest.mark.parametrize(
    ("header", "metric", "line"),
    [
        ('"A"', "nps", "scale = { min = 0, max = 10, higher_is_better = true }"),
        ('"A"', "rating", "scale = { min = 1, max = 5, higher_is_better = true }"),
        ('"Easy, from 1 to 7?"', "ces", "scale = { min = 1, max = 7, higher_is_better = true }"),
    ],
)
def test_a_scored_question_without_any_scale_is_asked_about_and_held(survey, header, metric, line):
    question = f'[[question]]\nid = "a"\nfrom = {header}\nmetric = "{metric}"\n'
    report = survey(f"who,{header}\nx,5\n", question)
    asked = report.questions[0]
    assert (report.status, asked["code"], asked["toml"]) == ("held", "ask_scale", line)
    assert survey.desk.rows("survey_responses", "score") == []
    report = survey(f"who,{header}\nx,5\n", question + asked["toml"] + "\n")
    assert (report.status, survey.desk.rows("survey_responses", "score")) == ("loaded", [(5,)])


@pytest.mark.parametrize("metric", ["choice", "text"])
def test_a_question_that_is_not_scored_needs_no_scale(survey, metric):
    question = f'[[question]]\nid = "a"\nfrom = "A"\nmetric = "{metric}"\n'
    assert survey("who,A\nx,5\n", question).status == "loaded"


def test_a_question_that_names_another_scale_than_the_mapping_is_asked_about(survey):
    header = '"On a scale of 1-10, how likely are you to recommend us?"'
    report = survey(f"who,{header}\nx,5\n", RATING.format(id="a", header=header))
    assert (report.status, report.questions[0]["code"]) == ("held", "scale_conflict")
    assert "says 1–10, the mapping 1–5" in report.questions[0]["text"]
