"""Numbers, labels, lists and conditions give what a mapping says, and wrong sums are told."""

import pytest


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
