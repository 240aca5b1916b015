"""A wrong question is refused with the nearest right one."""

from datetime import date

import pytest

from pipelines.errors import UsageError
from pipelines.metrics.catalogue import built_in
from pipelines.metrics.plain import plain_row
from pipelines.metrics.requests import checked_request
from pipelines.workspace import Workspace

METRICS = {metric.id: metric for metric in built_in()}
SETTINGS = Workspace.model_validate(
    {
        "product": {"name": "Test"},
        "segments": {"platform": "events.platform_code", "plan": "accounts.segment_code"},
    }
)
FUNNELS = [("checkout", "Checkout"), ("sign_up", "Sign-up")]


def ask(metric, things=(), **keys):
    return checked_request(METRICS, SETTINGS, lambda _: list(things), metric, **keys)


def test_a_dotted_id_is_the_same_as_a_variant():
    assert ask("retention.unbounded") == ask("retention", variant="unbounded")
    assert ask("retention").variant is None


def test_the_first_grain_is_the_metrics_own():
    assert ask("nps").every == "month"
    assert ask("nps", every="wave", start=date(2026, 1, 1)).every == "wave"


@pytest.mark.parametrize(
    ("metric", "keys", "told"),
    [
        ("dua", {}, "Nearest: dau"),
        ("retention", {"variant": "unbound"}, "Nearest: unbounded"),
        ("dau", {"every": "month"}, "but by day"),
        ("dau", {"by": "platfrm"}, "Nearest: platform"),
        ("mrr", {"by": "platform"}, "It can by plan"),
        ("velocity", {"by": "plan"}, "It has no segments"),
        ("dau", {"of": "x"}, "exists once"),
        ("dau", {"policy": "stripe"}, "It follows none"),
        ("mrr", {"policy": "strip"}, "Nearest: stripe"),
    ],
)
def test_a_wrong_word_is_refused_with_what_would_be_right(metric, keys, told):
    with pytest.raises(UsageError, match=told):
        ask(metric, **keys)


@pytest.mark.parametrize(
    ("metric", "every", "told"),
    [
        ("dau", "week", "wau can: `launchloop query wau --every week`."),
        ("dau", "month", "mau can: `launchloop query mau --every month`."),
        ("wau", "month", "mau can: `launchloop query mau --every month`."),
        ("dau", "year", "but by day.$"),
    ],
)
def test_a_grain_that_a_neighbour_has_is_refused_by_naming_the_neighbour(metric, every, told):
    with pytest.raises(UsageError, match=told):
        ask(metric, every=every)


def test_every_neighbour_is_in_the_catalogue_and_has_a_grain_that_its_metric_lacks():
    for metric in built_in():
        for name in metric.neighbours:
            assert set(METRICS[name].every) - set(metric.every)


def test_one_of_several_things_must_be_named_by_id_or_name():
    with pytest.raises(UsageError, match="checkout, sign_up"):
        ask("funnel", FUNNELS)
    with pytest.raises(UsageError, match="Nearest: checkout"):
        ask("funnel", FUNNELS, of="chekout")
    assert ask("funnel", FUNNELS, of="Sign-up").of == "sign_up"
    assert ask("funnel", FUNNELS[:1]).of == "checkout"
    assert ask("velocity", FUNNELS).of is None


def test_a_question_of_a_survey_is_named_behind_a_slash():
    assert ask("nps", [("autumn", "Autumn")], of="autumn/q3").of == "autumn/q3"


def test_json_has_iso_dates_and_whole_numbers():
    row = {"period": date(2026, 5, 4), "value": 12.0, "low": 0.5, "n": None, "note": "x"}

    assert plain_row(row) == {"period": "2026-05-04", "value": 12, "low": 0.5, "n": None,
                              "note": "x"}  # fmt: skip
    assert isinstance(plain_row(row)["value"], int)
