"""The harness itself: a wrong answer does not pass."""

import copy

import pytest
from expectations import differences

ASK = {
    "command": ["query", "mrr", "--every", "month", "--variant", "x"],
    "expect": [
        {"period": "2026-01-01", "value": 10.0, "n": 3},
        {"period": "2026-02-01", "value": None, "status": "immature"},
        {"period": "2026-03-01", "value": 0, "absent_ok": True},
    ],
    "tolerance": 0.01,
    "rows": "exact",
    "unit": "EUR",
}
ROW = {"period_end": "x", "low": None, "high": None, "total": None, "status": "ok", "note": None}
BODY = {
    **dict.fromkeys(("of", "name", "definition", "policy", "by", "where", "snapshot", "as_of",
                     "timezone", "note")),
    "metric": "mrr",
    "variant": "x",
    "every": "month",
    "unit": "EUR",
    "rows": [
        {**ROW, "period": "2026-01-01", "value": 10.005, "n": 3},
        {**ROW, "period": "2026-02-01", "value": None, "n": 1, "status": "immature", "note": "!"},
    ],
}  # fmt: skip


def changed(**values):
    body = copy.deepcopy(BODY)
    body["rows"][0] |= values
    return body


def test_the_right_answer_passes():
    assert differences(ASK, BODY) == []


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"value": 10.02}, "value is 10.02, expected 10.0"),
        ({"value": None, "note": "?"}, "value is null"),
        ({"value": float("nan")}, "value is NaN"),
        ({"n": 4}, "n is 4, expected 3"),
        ({"period": "2026-01-08"}, "no such row"),
        ({"status": "fine"}, "status 'fine'"),
    ],
)
def test_a_wrong_row_is_told(values, told):
    assert any(told in text for text in differences(ASK, changed(**values)))


def test_nothing_is_not_zero():
    body = copy.deepcopy(BODY)
    body["rows"][1] |= {"value": 0}

    assert differences(ASK, body) == ["period=2026-02-01: value is 0, expected null"]


def test_a_missing_sentence_a_missing_key_and_another_variant_are_told():
    body = copy.deepcopy(BODY)
    body["rows"][1]["note"] = " "
    del body["timezone"]
    body["variant"] = None

    assert differences(ASK, body) == [
        "the answer lacks timezone",
        "variant is None, expected 'x'",
        "period=2026-02-01: no value, and no sentence that says why",
    ]


def test_rows_that_nobody_expects_are_told_inside_the_periods_asked():
    extra = {**ROW, "period": "2026-01-15", "value": 1, "n": 1}
    later = {**extra, "period": "2026-09-01"}
    body = {**BODY, "rows": [*BODY["rows"], extra, later]}

    inside, everywhere, subset = (
        differences({**ASK, "rows": rows}, body) for rows in ("exact", "all", "subset")
    )

    assert inside == ["period=2026-01-15: not expected (value 1)"]
    assert len(everywhere) == 2
    assert subset == []


def test_a_row_that_must_not_be_there_and_one_that_answers_twice_are_told():
    ask = {**ASK, "expect": [{"period": "2026-01-01", "no_row": True}], "rows": "subset"}
    twice = {**BODY, "rows": [BODY["rows"][0], BODY["rows"][0]]}

    assert differences(ask, BODY) == ["period=2026-01-01: a row where none is expected"]
    assert "2 rows answer, one expected" in differences({**ASK, "rows": "subset"}, twice)[0]


def test_counts_of_a_refresh_are_exact():
    ask = {
        "command": ["refresh"],
        "expect": [{"source": "a", "read": 3, "tables": {"events": 2}}, {"source": "b"}],
    }
    body = {"sources": [{"source": "a", "read": 3, "tables": {"events": 1}}]}

    assert differences(ask, body) == [
        "source a: events is 1, expected 2",
        "source b: 0 entries, one expected",
    ]
