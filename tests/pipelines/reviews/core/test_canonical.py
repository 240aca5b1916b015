"""The canonical form: one text for one value, whoever wrote it, and the hashes taken of it."""

import json
import math
import random
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import RecordsError
from pipelines.reviews.core import canonical as form
from pipelines.reviews.core.canonical import canonical
from pipelines.reviews.core.terms import Verdict

numbers = st.floats(allow_nan=False, allow_infinity=False).filter(lambda x: abs(x) < 1e308)
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
leaves = st.none() | st.booleans() | st.integers() | numbers | texts | st.dates()
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(texts.map(lambda t: unicodedata.normalize("NFC", t)), inner, max_size=4)
    ),
    max_leaves=12,
)
ROW = {
    "metric_id": "dau", "definition_hash": "d", "segment_key": "", "grain": "week",
    "period_start": date(2026, 11, 2), "period_end": date(2026, 11, 9), "n": 412, "total": None,
    "total_of_squares": None, "special": None, "value": 0.1 + 0.2, "lo": None, "hi": None,
    "state": "ok", "target_value": None, "target_id": None,
}  # fmt: skip


def shuffled(value, source):
    """The same value with its keys in another order."""
    if isinstance(value, dict):
        items = [(key, shuffled(one, source)) for key, one in value.items()]
        source.shuffle(items)
        return dict(items)
    return [shuffled(one, source) for one in value] if isinstance(value, list) else value


def snapshot_of(**changes):
    body = {
        "values": [ROW, {**ROW, "metric_id": "mau"}], "definitions": [{"definition_hash": "d"}],
        "filters": {}, "watermarks": {"events": datetime(2026, 11, 28, tzinfo=UTC)},
        "targets": [], "engine_version": "duckdb 2",
    }  # fmt: skip
    return form.snapshot_id(**(body | changes))


@given(values)
def test_reading_the_form_and_writing_it_again_gives_the_same_bytes(value):
    assert canonical(json.loads(canonical(value))) == canonical(value)


@given(values, st.randoms(use_true_random=False))
def test_the_order_of_keys_makes_no_difference(value, source):
    assert canonical(shuffled(value, source)) == canonical(value)


@given(values)
def test_the_form_is_json_in_utf_8_and_nfc_without_spaces_between(value):
    text = canonical(value).decode()
    assert unicodedata.is_normalized("NFC", text)
    known = json.loads(text)
    assert text == json.dumps(
        known, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


@given(numbers)
def test_a_decimal_keeps_twelve_significant_digits(number):
    kept = json.loads(canonical(number))
    assert kept == float(f"{number:.12g}")
    assert math.isclose(kept, number, rel_tol=5.1e-12, abs_tol=0)


@given(st.integers())
def test_a_whole_number_is_kept_exactly(number):
    assert canonical(number) == str(number).encode()


@given(st.integers(-(10**12), 10**12))
def test_3_and_3_point_0_are_one_number(number):
    assert canonical(float(number)) == canonical(number) == canonical(Decimal(number))


@given(st.lists(st.integers(), unique=True, max_size=8), st.randoms(use_true_random=False))
def test_rows_come_in_the_order_of_their_keys_however_they_came(keys, source):
    rows = [{"key": key, "n": 1} for key in keys]
    mixed = source.sample(rows, len(rows))
    assert form.sorted_rows(mixed, ["key"]) == form.sorted_rows(rows, ["key"])
    assert len(form.sorted_rows(mixed, ["key"])) == len(rows)


@given(st.datetimes(timezones=st.just(UTC)), st.integers(-14, 14))
def test_an_instant_is_one_text_in_every_zone(at, hours):
    try:
        there = at.astimezone(timezone(timedelta(hours=hours)))
    except OverflowError:
        return
    assert canonical(there) == canonical(at)
    assert datetime.fromisoformat(json.loads(canonical(at))) == at


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Z\u0308", '"Z̈"'),
        ("e\u0301", '"é"'),
        (-0.0, "0"),
        (0.1 + 0.2, "0.3"),
        (1e16, "1e+16"),
        (123456789012345.0, "123456789012000"),
        (1e-7, "1e-07"),
        (Decimal("0.250"), "0.25"),
        (np.float64(0.5), "0.5"),
        (np.int64(7), "7"),
        (True, "true"),
        (None, "null"),
        (date(2026, 5, 4), '"2026-05-04"'),
        (datetime(2026, 5, 4, 12, tzinfo=UTC), '"2026-05-04T12:00:00.000000Z"'),
        (Verdict.IMPROVED, '"improved"'),
        ((1, "a"), '[1,"a"]'),
        ({"b": 1, "a": {"d": None, "c": []}}, '{"a":{"c":[],"d":null},"b":1}'),
        ('"\\\n', r'"\"\\\n"'),
    ],
)
def test_a_value_is_written_so(value, text):
    assert canonical(value).decode() == text


def test_a_dataclass_is_written_as_its_fields():
    @dataclass(frozen=True)
    class Plan:
        title: str
        on: date

    assert canonical(Plan("x", date(2026, 5, 4))) == b'{"on":"2026-05-04","title":"x"}'


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (float("nan"), "finite"),
        ([1, float("inf")], r"value\[1\].*finite"),
        ({"a": {"b": -float("inf")}}, r"value\.a\.b.*finite"),
        (Decimal("NaN"), "finite"),
        (Decimal("1e400"), "finite"),
        (datetime(2026, 5, 4), "without a zone"),
        ("a\0b", "null character"),
        ("\ud83d", "half a character"),
        ({1: "a"}, "keys are text"),
        ({"e\u0301": 1, "é": 2}, "twice"),
        ({1, 2}, "set"),
        (b"x", "bytes"),
        (object(), "object"),
    ],
)
def test_what_has_no_canonical_form_is_refused_and_named(value, said):
    with pytest.raises(RecordsError, match=said):
        canonical(value)


def test_two_rows_with_one_key_are_refused():
    with pytest.raises(RecordsError, match="one row"):
        form.sorted_rows([{"id": 1}, {"id": 1.0}], ["id"])


def test_hashes_are_sha256_of_the_canonical_text():
    assert form.hash_of({"a": 1}) == sha256(b'{"a":1}').hexdigest()
    assert form.body_hash({"a": 1}) == form.hash_of({"a": 1})
    assert form.event_hash("f" * 64, {"a": 1}) == sha256(b"f" * 64 + b'{"a":1}').hexdigest()


@pytest.mark.parametrize(
    ("hashed", "parts"),
    [(form.definition_hash, form.DEFINITION_PARTS), (form.plan_hash, form.PLAN_PARTS)],
)
def test_every_part_of_a_definition_or_plan_enters_its_hash(hashed, parts):
    body = dict.fromkeys(parts)
    seen = {hashed(body)} | {hashed({**body, part: "x"}) for part in parts}
    assert len(seen) == len(parts) + 1
    for part in parts:
        with pytest.raises(RecordsError, match=part):
            hashed({name: one for name, one in body.items() if name != part})


def test_a_definition_has_no_other_parts_and_a_plan_may_have_more():
    with pytest.raises(RecordsError, match="colour"):
        form.definition_hash({**dict.fromkeys(form.DEFINITION_PARTS), "colour": "red"})
    plan = dict.fromkeys(form.PLAN_PARTS)
    assert form.plan_hash({**plan, "rigour": "light"}) != form.plan_hash(plan)


def test_a_snapshots_id_depends_on_all_that_it_shows_and_not_on_the_order_of_rows():
    values = [{**ROW, "metric_id": name} for name in ("mau", "dau")]
    assert snapshot_of() == snapshot_of(values=values)
    changed = [
        snapshot_of(values=[{**ROW, "value": 0.31}, values[0]]),
        snapshot_of(values=values[:1]),
        snapshot_of(definitions=[{"definition_hash": "d", "rule_text": "x"}]),
        snapshot_of(filters={"plan": "pro"}),
        snapshot_of(watermarks={}),
        snapshot_of(targets=[{"target_id": "t"}]),
        snapshot_of(engine_version="duckdb 3"),
    ]
    assert len({snapshot_of(), *changed}) == len(changed) + 1


@given(st.integers(0, 10**18))
def test_a_count_has_one_id_before_and_after_a_database_made_it_a_decimal(n):
    kept = [{**ROW, "n": n}]
    assert snapshot_of(values=kept) == snapshot_of(values=[{**ROW, "n": float(n)}])


def test_a_difference_behind_the_twelfth_digit_is_none():
    other = random.Random(1).sample([{**ROW, "value": 0.3}, {**ROW, "metric_id": "mau"}], 2)
    assert snapshot_of(values=other) == snapshot_of()
