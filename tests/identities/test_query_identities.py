"""Identities between numbers that only a query counts hold on the sample and on peers' cases."""

import gzip
import json
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.read import Snapshot, query
from pipelines.refresh import refresh

TESTS = Path(__file__).parents[1]
CASES, DATA = TESTS / "acceptance" / "cases", TESTS / "data"
FAMILIES = ("active_users", "funnels", "lifecycle", "retention", "retentioneering_ecom")
WORKSPACES = [
    "sample",
    *sorted(
        f"{family}/{path.name}"
        for family in (*FAMILIES, "stickiness")
        for path in (CASES / family).iterdir()
        if (path / "launchloop.toml").exists()
    ),
]
SETTLED = ("ok", "too_few")
ACTIVE = {"day": "dau", "week": "wau", "month": "mau"}

Ask = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="module", params=WORKSPACES)
def workspace(request, tmp_path_factory, refreshed_sample) -> Iterator[Path]:
    if request.param == "sample":
        yield refreshed_sample
        return
    source = CASES / request.param
    hidden = shutil.ignore_patterns("landing", "snapshots", "quarantine")
    folder = tmp_path_factory.mktemp("identities") / "workspace"
    shutil.copytree(source, folder, ignore=hidden)
    links = folder / "links.json"
    for link in json.loads(links.read_text(encoding="utf-8")) if links.exists() else []:
        origin, place = DATA / link["from"], folder / link["to"]
        place.parent.mkdir(parents=True, exist_ok=True)
        packed = origin.read_bytes()
        place.write_bytes(gzip.decompress(packed) if origin.suffix == ".gz" else packed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAUNCHLOOP_KEY", "a key of the tests")
        assert refresh(folder).published
        yield folder


@pytest.fixture
def ask(workspace) -> Ask:
    """The settled rows of a question."""

    def rows(metric: str, **asked: Any) -> list[dict[str, Any]]:
        found = query(workspace, metric, **asked)["rows"]
        return [row for row in found if row["status"] in SETTLED]

    return rows


@pytest.fixture
def segments(workspace) -> list[str]:
    return [segment.name for segment in Snapshot(workspace).settings.segments]


def by_period(rows: list[dict[str, Any]]) -> dict[Any, float]:
    return {row["period"]: row["value"] for row in rows}


def place(row: dict[str, Any]) -> tuple[Any, Any]:
    """What is one number, whatever the segment."""
    return row["period"], row.get("component")


@pytest.mark.parametrize("every", ["day", "week", "month"])
def test_i1_the_change_in_active_persons_is_what_lifecycle_says(ask, every):
    active = by_period(ask(ACTIVE[every], every=every))
    parts: dict[str, dict[str, float]] = defaultdict(dict)
    ends = {}
    for row in ask("lifecycle", every=every):
        parts[row["period"]][row["component"]] = row["value"]
        ends[row["period"]] = row["period_end"]
    before = {end: start for start, end in ends.items()}
    for period, part in parts.items():
        assert active[period] == part["new"] + part["returning"] + part["resurrected"]
        if period in before:
            then = active[before[period]]
            assert then == part["returning"] + part["dormant"]
            assert active[period] - then == part["new"] + part["resurrected"] - part["dormant"]


def test_i4_no_step_of_a_funnel_is_reached_by_more_than_the_one_before(workspace, ask):
    snapshot = Snapshot(workspace)
    metric = snapshot.metrics["funnel"]
    for of, _ in snapshot.things(metric):
        for variant in (None, *metric.variants):
            reached = defaultdict(dict)
            for row in ask("funnel", of=of, variant=variant):
                reached[row["period"]][row["step"]] = row["total"]
                assert 0 <= row["total"] <= row["n"], (of, variant, row)
            for steps in reached.values():
                assert all(steps[step] <= steps[step - 1] for step in steps if step > 1)


def test_i5_segments_bound_distinct_persons_and_add_up_where_they_can(workspace, ask, segments):
    snapshot = Snapshot(workspace)
    tables = {segment.name: segment.table for segment in snapshot.settings.segments}
    for metric in snapshot.metrics.values():
        is_distinct = metric.id in ACTIVE.values()
        if not (is_distinct or metric.is_additive) or snapshot.unavailable(metric):
            continue
        totals = {place(row): row["value"] for row in ask(metric.id)}
        for name in segments:
            if tables[name] not in metric.segments:
                continue
            parts = defaultdict(list)
            for row in ask(metric.id, by=name):
                parts[place(row)].append(row["value"])
            for key, values in parts.items():
                if metric.is_additive:
                    assert sum(values) == pytest.approx(totals[key]), (metric.id, name, key)
                else:
                    assert max(values) <= totals[key] <= sum(values), (metric.id, name, key)


def test_i6_retention_is_a_share_of_its_cohort(ask):
    rows = ask("retention")
    assert all(0 <= row["total"] <= row["n"] for row in rows)


def test_i6_a_return_then_or_later_is_at_least_one_then_and_wears_off(workspace, ask):
    later = {(row["cohort"], row["age"]): row["total"] for row in ask("retention.unbounded")}
    for (cohort, age), total in later.items():
        assert total <= later.get((cohort, age - 1), total)
    if Snapshot(workspace).settings.retention.variant is None:
        then = {(row["cohort"], row["age"]): row["total"] for row in ask("retention")}
        assert all(total <= later[key] for key, total in then.items())


def test_i6_everybody_is_there_at_age_0_where_a_start_is_a_return(workspace, ask):
    retention = Snapshot(workspace).settings.retention
    is_whole = retention.start_events == retention.return_events
    starts = [row["value"] for row in ask("retention") if row["age"] == 0]
    assert all(value == 1 if is_whole else value <= 1 for value in starts)


def test_i8_daily_users_are_at_most_weekly_and_these_at_most_monthly_ones(ask):
    daily, weekly, monthly = (by_period(ask(metric, every="day")) for metric in ACTIVE.values())
    for day in daily.keys() & weekly.keys():
        assert daily[day] <= weekly[day]
    for day in weekly.keys() & monthly.keys():
        assert weekly[day] <= monthly[day]
    for row in ask("stickiness"):
        # In whole days of persons: a mean of twenty-eighths is rounded.
        assert row["n"] <= round(28 * row["total"], 6) <= 28 * row["n"]
