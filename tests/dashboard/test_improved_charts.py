"""From the charts of parts a cycle begins on the one figure that a Check can judge."""

from pathlib import Path

import pytest

from dashboard.exhibits import delivery, usage
from dashboard.exhibits.card_link import card_of, link_of
from dashboard.exhibits.guard_rail_options import rail_options
from dashboard.faces import faces
from dashboard.question import Opened, Question
from pipelines.read import Snapshot
from pipelines.reviews.numbers.series import known_series, picked_words
from pipelines.reviews.rules.plan_rules import FEWEST_BASELINE


@pytest.fixture(scope="module")
def opened(refreshed_sample: Path) -> Opened:
    return Opened(refreshed_sample, Snapshot(refreshed_sample).id)


def charts(opened: Opened) -> dict[str, Question | None]:
    funnel = next(iter(usage.funnels(opened)))
    cards = (
        usage.lifecycle(opened, Question("lifecycle"), "light"),
        usage.retention(opened, Question("retention"), "light"),
        usage.funnel(opened, Question("", of=funnel), "light"),
        delivery.velocity(opened, "atlas", "light"),
    )
    return {card.key: card.improves for card in cards}


@pytest.mark.parametrize(
    ("chart", "name"),
    [
        ("lifecycle", "Lifecycle (dormant)"),
        ("retention", "Retention (after 4 weeks)"),
        ("funnel", "Funnel conversion (Landing page to purchase, step 4)"),
    ],
)
def test_a_chart_of_parts_leads_to_one_series_with_a_baseline(opened, chart, name):
    asked = charts(opened)[chart]
    known = known_series(Snapshot(opened.folder), card_of(link_of(asked)))
    assert known.name == name
    assert known.grain == "week"
    assert sum(point.value is not None for point in known.points) >= FEWEST_BASELINE


def test_the_card_of_a_pooled_share_leads_to_the_same_series_as_its_chart(opened):
    (card,) = faces(opened, ("retention",), "light")
    assert link_of(card.improves) == link_of(charts(opened)["retention"])


def test_velocity_takes_no_target_so_nothing_there_leads_to_a_cycle(opened):
    assert charts(opened)["velocity"] is None


def test_sprints_that_share_a_day_make_a_baseline_without_overlap(opened):
    card = card_of({"metric": "say_do", "of": "atlas"})
    points = known_series(Snapshot(opened.folder), card).points
    assert all(later.start >= point.end for point, later in zip(points, points[1:], strict=False))
    assert len(points) >= FEWEST_BASELINE


def test_what_can_guard_a_plan_has_periods_and_is_of_one_thing(opened):
    options = rail_options(opened, taken=("wau",))
    names = [option.name for option in options.values()]
    assert names == sorted(names, key=str.casefold)
    assert "wau" not in {option.card.metric_id for option in options.values()}
    surveys = {key: each for key, each in options.items() if each.card.metric_id == "csat"}
    assert surveys
    for key, option in surveys.items():
        assert key == f"csat|{option.card.of}"
        assert known_series(Snapshot(opened.folder), option.card).name == option.name


def test_what_picks_a_series_is_said_beside_its_name():
    assert picked_words("step", 2, "week") == "step 2"
    assert picked_words("component", "new", "week") == "new"
