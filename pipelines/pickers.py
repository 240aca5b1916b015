"""What a page offers beside a number: the values of a segment, and what happened on a time axis."""

from datetime import date
from typing import Any

from pipelines.errors import UsageError
from pipelines.judging import Reader

UNKNOWN = "unknown"

_OF_EVENTS = "select distinct value from activity.segment_sets where segment = $name"
_OF_PEOPLE = """
select distinct coalesce(segments.value, 'unknown') as value
from marts.people
left join marts.person_segments as segments
    on people.person_key = segments.person_key and segments.segment = $name
union
select distinct value from marts.account_segments where segment = $name
"""
_MARKERS = """
with markers as (
    select
        marker_id,
        happened_on,
        cast(ended_at at time zone $timezone as date) as until_on,
        marker_kind,
        title_text,
        metric_id,
        segment_code
    from marts.annotations
)
select
    happened_on,
    until_on,
    marker_kind,
    title_text,
    metric_id,
    segment_code
from markers
where happened_on < $end_on and greatest(happened_on, coalesce(until_on, happened_on)) >= $start_on
order by happened_on, marker_id
"""


def segment_values(reader: Reader, name: str) -> list[str]:
    """Text in alphabetical order, `unknown` last where somebody has none.

    Raises:
        UsageError: If launchloop.toml declares no such segment.
    """
    declared = {segment.name: segment for segment in reader.facts.settings.segments}
    if name not in declared:
        listed = ", ".join(declared) or "none"
        raise UsageError(f"There is no segment '{name}'. Declared: {listed}.")
    sql = _OF_EVENTS if declared[name].table == "events" else _OF_PEOPLE
    values = reader.frame(sql, {"name": name})["value"].drop_nulls().to_list()
    return sorted(values, key=lambda value: (value == UNKNOWN, value))


def markers(reader: Reader, start: date, end: date) -> list[dict[str, Any]]:
    """What touches the days from `start` up to `end`, oldest first.

    Returns:
        happened_on, until_on (None where it lasted no time), marker_kind (as annotations have
        it; "release" and "incident" among them), title_text, metric_id and segment_code (None
        where it is about everything).
    """
    timezone = reader.facts.settings.product.timezone
    given = {"start_on": start, "end_on": end, "timezone": timezone}
    return reader.frame(_MARKERS, given).rows(named=True)
