"""What stands around a series: trust in its data, stale sources, and what else moved it (V13)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from pipelines.metrics.spans import written
from pipelines.read import request
from pipelines.reviews.numbers.series import Known

# Kinds of markers that may explain a change, with the word for one and for several.
CONFOUNDERS = {
    "release": ("release", "releases"),
    "price_change": ("price change", "price changes"),
    "incident": ("incident", "incidents"),
    "definition_change": ("definition change", "definition changes"),
    "campaign": ("campaign", "campaigns"),
}
# From here on a kind is told as a number with its first and last day.
MOST_NAMED = 3


def trust_of(known: Known, start: date, end: date) -> float | None:
    """How much of the data of a time is there and usable, 0 to 1; None = not known."""
    metric_id = known.request.metric.id
    judged = known.snapshot.things(known.snapshot.metrics["data_trust"])
    # A metric of the workspace's own has no trust of its own.
    if metric_id not in {thing for thing, _ in judged}:
        return None
    asked = request(known.snapshot, "data_trust", of=metric_id, every="total", start=start, end=end)
    values = known.snapshot.answer(asked)["value"].drop_nulls().to_list()
    return float(values[0]) if values else None


def stale_sources(known: Known, now: datetime) -> tuple[str, ...]:
    """Sources behind the metric that are older than they may be, by name."""
    behind = sources_of(known)
    states = known.snapshot.source_states(now)
    return tuple(each.source for each in states if each.source in behind and each.state == "stale")


def sources_of(known: Known) -> frozenset[str]:
    """The sources of the tables that a metric reads."""
    reach = known.snapshot.coverage.rows(named=True)
    needs = known.request.metric.needs
    return frozenset(row["source_id"] for row in reach if row["table_name"] in needs)


def confounders_of(
    known: Known, start: date, end: date, *, own: Sequence[str] = ()
) -> tuple[str, ...]:
    """What happened in a time that may have moved the metric as well, in words.

    Args:
        known: The metric.
        start: First day of the baseline.
        end: First day after the post window.
        own: Ids of the cycle's own releases, which are what it is about.
    """
    without = known.snapshot.frame(
        "select title_text from marts.annotations where list_contains($own, marker_id)",
        {"own": [f"release {each}" for each in own]},
    )["title_text"].to_list()
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for marker in known.snapshot.markers(start, end):
        about = marker["metric_id"]
        if marker["marker_kind"] not in CONFOUNDERS or about not in {None, known.card.metric_id}:
            continue
        is_own = marker["marker_kind"] == "release" and marker["title_text"] in without
        if not is_own:
            found[marker["marker_kind"]].append(marker)
    return tuple(text for kind in CONFOUNDERS for text in _told(kind, found[kind]))


def watermarks_of(known: Sequence[Known]) -> dict[str, datetime]:
    """Source → up to when it is complete, of all sources behind these series."""
    found: dict[str, datetime] = {}
    for each in known:
        behind = sources_of(each)
        for row in each.snapshot.coverage.rows(named=True):
            source, through = row["source_id"], row["through_at"]
            if source in behind and through is not None:
                found[source] = max(found.get(source, through), through)
    return found


def _told(kind: str, markers: Sequence[dict[str, Any]]) -> list[str]:
    one, many = CONFOUNDERS[kind]
    if len(markers) <= MOST_NAMED:
        return [f"{one} {m['title_text']} ({written(m['happened_on'])})" for m in markers]
    first, last = markers[0]["happened_on"], markers[-1]["happened_on"]
    return [f"{len(markers)} {many}, {written(first)} to {written(last)}"]
