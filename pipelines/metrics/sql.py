"""The pieces of SQL that every metric's query shares: periods, ranges and segments.

Segment and column names come from the frozen settings and the models; values travel as
parameters.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pipelines.errors import UsageError
from pipelines.metrics.definition import Facts, Request

# Where the values of a segment stand, by the table its declaration names.
_SEGMENT_TABLES = {
    "events": ("activity.segment_sets", "segment_key"),
    "users": ("marts.person_segments", "person_key"),
    "accounts": ("marts.account_segments", "account_id"),
}
# A person's account segments stand beside the person's own.
_PERSON_SEGMENTS = ("marts.person_segments", "person_key")


def bucket(day: str, request: Request, facts: Facts) -> str:
    """SQL for the first day of the period that holds the date expression `day`."""
    if request.every == "total":
        return "cast(null as date)"
    if request.every == "day":
        return day
    if request.every == "week" and facts.settings.product.week_start == "sunday":
        return f"cast(date_trunc('week', {day} + 1) as date) - 1"
    return f"cast(date_trunc('{request.every}', {day}) as date)"


def in_range(day: str, request: Request) -> tuple[str, dict[str, Any]]:
    """A predicate that keeps the days asked for, and its parameters."""
    parts, parameters = ["true"], {}
    if request.start:
        parts.append(f"{day} >= $range_start")
        parameters["range_start"] = request.start
    if request.end:
        parts.append(f"{day} < $range_end")
        parameters["range_end"] = request.end
    return " and ".join(parts), parameters


@dataclass(frozen=True)
class Segmentation:
    """SQL fragments that split or filter a query by segments.

    Attributes:
        joins: Left joins to put behind the from clause; empty without segments.
        predicate: For the where clause; "true" without filters.
        column: Expression of the segment's value, `'unknown'` where none; None if not asked.
        parameters: Of the predicate.
    """

    joins: str = ""
    predicate: str = "true"
    column: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def select(self) -> str:
        """`<column> as segment,` or nothing: to put at the head of a select list."""
        return f"{self.column} as segment," if self.column else ""

    @property
    def group(self) -> str:
        """The segment's expression behind a comma, or nothing: for the end of a group by list.

        Not its alias: `segment` is also a column of the joined tables, and that would win.
        """
        return f", {self.column}" if self.column else ""


def segmentation(request: Request, facts: Facts, keys: Mapping[str, str]) -> Segmentation:
    """Joins and predicates for `--by` and `--where`.

    Args:
        request: The question.
        facts: Of the snapshot.
        keys: Which keys the query has: "segment_key", "person_key", "account_id" → SQL
            expression, such as {"person_key": "days.person_key"}.

    Raises:
        UsageError: If a segment's table offers no key that the query has.
    """
    declared = {segment.name: segment for segment in facts.settings.segments}
    joins, predicates, parameters, column = [], ["true"], {}, None
    asked = [(name, value) for name, value in request.where]
    names = list(
        dict.fromkeys([*(name for name, _ in asked), *([request.by] if request.by else [])])
    )
    aliases = {}
    for number, name in enumerate(names):
        table, key = _SEGMENT_TABLES[declared[name].table]
        if key not in keys and declared[name].table == "accounts" and "person_key" in keys:
            table, key = _PERSON_SEGMENTS
        if key not in keys:
            raise UsageError(
                f"{request.metric.id} cannot be split by {name}: it is an attribute of "
                f"{declared[name].table}."
            )
        alias = f"segment_{number}"
        aliases[name] = f"coalesce({alias}.value, 'unknown')"
        parameters[f"{alias}_name"] = name
        joins.append(
            f"left join {table} as {alias} on {alias}.{key} = {keys[key]} "
            f"and {alias}.segment = ${alias}_name"
        )
    for number, (name, value) in enumerate(asked):
        predicates.append(f"{aliases[name]} = $segment_value_{number}")
        parameters[f"segment_value_{number}"] = value
    if request.by:
        column = aliases[request.by]
    return Segmentation("\n".join(joins), " and ".join(predicates), column, parameters)
