"""launchloop.toml as small tables and bound expressions, so that models stay static SQL.

A change of a setting changes a table or an expression here, and with it the state of exactly
the models that read it.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl
import sqlglot
from sqlglot import exp

from pipelines.metrics.money import DEFAULT_EXPONENT, EXPONENTS, exponent
from pipelines.sources.tables import TABLES
from pipelines.workspace import EventMatch, Segment, Workspace

# Joins the parts of a segment key; no value of a segment can hold it.
SEPARATOR = "\x1f"
# The ways of counting a funnel that follow its steps in order.
FUNNEL_CHAINS = ("loose", "strict", "previous_step")


def _column(match_column: str) -> exp.Expr:
    """A column of events, or the text of a key of its properties."""
    if match_column in TABLES["events"].column_names:
        return exp.cast(exp.column(match_column), "varchar")
    return json_text("properties_json", match_column)


def json_text(column: str, key: str) -> exp.Expr:
    """The text at a key of a JSON column."""
    quoted = key.replace('"', '\\"')
    return exp.func(
        "json_extract_string", exp.column(column), exp.Literal.string(f'$."{quoted}"'),
        dialect="duckdb",
    )  # fmt: skip


def match_sql(match: EventMatch, *, with_name: bool = True) -> exp.Expr:
    """The condition under which an event is the one meant."""
    parts: list[exp.Expr] = []
    if with_name and match.event != "*":
        parts.append(exp.column("event_name").eq(exp.Literal.string(match.event)))
    for column, values in match.where:
        listed = [exp.Literal.string(value) for value in values]
        parts.append(exp.In(this=_column(column), expressions=listed))
    return exp.and_(*parts) if parts else exp.true()


def is_active_sql(workspace: Workspace) -> exp.Expr:
    """Whether an event makes its person active."""
    active = [match_sql(match) for match in workspace.usage.active_events]
    passive = [match_sql(match) for match in workspace.usage.passive_events]
    condition: exp.Expr = exp.or_(*active)
    if passive:
        condition = exp.and_(exp.paren(condition), exp.not_(exp.paren(exp.or_(*passive))))
    return exp.paren(condition)


def event_segments(workspace: Workspace) -> list[Segment]:
    """The segments that hang on events, in the order of their place in a segment key."""
    return [segment for segment in workspace.segments if segment.table == "events"]


def segment_key_sql(workspace: Workspace) -> exp.Expr:
    """All event segments of a row in one text; empty without segments."""
    parts: list[exp.Expr] = []
    for segment in event_segments(workspace):
        value = (
            json_text("properties_json", segment.property_key)
            if segment.property_key
            else exp.cast(exp.column(segment.column), "varchar")
        )
        if parts:
            parts.append(exp.Literal.string(SEPARATOR))
        parts.append(exp.func("coalesce", value, exp.Literal.string("")))
    if not parts:
        return exp.Literal.string("")
    return exp.func("concat", *parts) if len(parts) > 1 else parts[0]


def roles(workspace: Workspace) -> list[dict[str, Any]]:
    """Every declared use of an event: activation, feature, funnel step, retention.

    One dict per role: role_id, role_kind, thing_id, position, event_name, match.
    """
    listed: list[tuple[str, str, int, EventMatch]] = []
    usage = workspace.usage
    if usage.sign_up_event:
        listed.append(("sign_up", "", 1, usage.sign_up_event))
    if usage.activation:
        listed += [
            ("activation", "", place, match)
            for place, match in enumerate(usage.activation.events, 1)
        ]
    for feature in usage.features:
        listed += [("feature", feature.name, 1, match) for match in feature.events]
    for funnel in workspace.funnels:
        listed += [
            ("funnel_step", funnel.id, place, match) for place, match in enumerate(funnel.steps, 1)
        ]
    retention = workspace.retention
    if not is_everything(retention.start_events):
        listed += [("retention_start", "", 1, match) for match in retention.start_events]
    if not is_everything(retention.return_events):
        listed += [("retention_return", "", 1, match) for match in retention.return_events]
    return [
        {
            "role_id": number,
            "role_kind": kind,
            "thing_id": thing,
            "position": place,
            "event_name": match.event,
            "match": match,
        }
        for number, (kind, thing, place, match) in enumerate(listed, 1)
    ]


def is_everything(matches: Sequence[EventMatch]) -> bool:
    """Whether a list of events means "any active event"."""
    return not matches or any(match.event == "*" and not match.where for match in matches)


def role_condition_sql(workspace: Workspace) -> exp.Expr:
    """Per role the condition beyond the event's name; true for roles without one."""
    conditional = [role for role in roles(workspace) if role["match"].where]
    if not conditional:
        return exp.true()
    case = exp.Case()
    for role in conditional:
        condition = exp.column("role_id").eq(exp.Literal.number(role["role_id"]))
        case = case.when(condition, match_sql(role["match"], with_name=False))
    return case.else_(exp.true())


def _most_steps(workspace: Workspace) -> int:
    return max((len(funnel.steps) for funnel in workspace.funnels), default=0)


def next_place_sql(workspace: Workspace) -> exp.Expr:
    """Where the step after a row's own is done next; one pass over each person's steps."""
    cases = " ".join(
        f"when {step} then min(case when position = {step + 1} then place end) over after"
        for step in range(1, _most_steps(workspace))
    )
    return sqlglot.parse_one(f"case position {cases} end" if cases else "cast(null as bigint)")


def steps_in_window_sql(workspace: Workspace) -> exp.Expr:
    """How many different steps are done from a row on, itself included, in the funnel's window."""
    done = "min(case when position = {step} then occurred_at end) over onward"
    passed = f"date_diff('microsecond', occurred_at, {done})"
    parts = [
        f"case when {passed.format(step=step)} <= window_s * 1000000 then 1 else 0 end"
        for step in range(1, _most_steps(workspace) + 1)
    ]
    return sqlglot.parse_one(" + ".join(parts) or "0", dialect="duckdb")


def minor_scale_sql(workspace: Workspace) -> exp.Expr:
    """Minor units of the reporting currency over those of `currency`, per major unit of each.

    A rate tells what one dollar is worth in yen; a cent is worth a hundredth of that.
    """
    decimals = exponent(workspace.product.currency)
    case = exp.Case()
    for other in sorted({*EXPONENTS.values()} - {decimals}):
        codes = [exp.Literal.string(code) for code in sorted(EXPONENTS) if EXPONENTS[code] == other]
        scale = exp.Literal.number(str(10.0 ** (decimals - other)))
        case = case.when(exp.In(this=exp.column("currency"), expressions=codes), scale)
    if decimals != DEFAULT_EXPONENT:
        codes = [exp.Literal.string(code) for code in sorted(EXPONENTS)]
        unlisted = exp.not_(exp.In(this=exp.column("currency"), expressions=codes))
        scale = exp.Literal.number(str(10.0 ** (decimals - DEFAULT_EXPONENT)))
        case = case.when(unlisted, scale)
    return exp.cast(case.else_(exp.Literal.number("1.0")), "double")


def bindings(workspace: Workspace) -> dict[str, exp.Expr]:
    """What the `$parameters` of models stand for."""
    product, retention = workspace.product, workspace.retention
    return {
        "timezone": exp.Literal.string(product.timezone),
        "currency": exp.Literal.string(product.currency),
        "minor_scale": minor_scale_sql(workspace),
        "week_start": exp.Literal.string(product.week_start),
        "is_active": is_active_sql(workspace),
        "segment_key": segment_key_sql(workspace),
        "segment_separator": exp.Literal.string(SEPARATOR),
        "role_condition": role_condition_sql(workspace),
        "has_funnels": exp.Boolean(this=bool(workspace.funnels)),
        "next_place": next_place_sql(workspace),
        "steps_in_window": steps_in_window_sql(workspace),
        "starts_with_any_event": exp.Boolean(this=is_everything(retention.start_events)),
        "returns_with_any_event": exp.Boolean(this=is_everything(retention.return_events)),
    }


def settings_tables(workspace: Workspace) -> dict[str, pl.DataFrame]:
    """The `settings.*` tables by name; every one exists, with its columns, if empty."""
    text, number, texts = pl.String, pl.Int64, pl.List(pl.String)
    place = {segment.name: at for at, segment in enumerate(event_segments(workspace), 1)}
    return {
        "event_roles": pl.DataFrame(
            [{name: value for name, value in role.items() if name != "match"}
             for role in roles(workspace)],
            schema={"role_id": number, "role_kind": text, "thing_id": text, "position": number,
                    "event_name": text},
        ),
        "features": pl.DataFrame(
            [{"feature_id": feature.name} for feature in workspace.usage.features],
            schema={"feature_id": text},
        ),
        "funnels": pl.DataFrame(
            [
                {
                    "funnel_id": funnel.id,
                    "name": funnel.name or funnel.id,
                    "window_s": round(funnel.window.total_seconds()),
                    "step_order": funnel.order,
                    "step_count": len(funnel.steps),
                }
                for funnel in workspace.funnels
            ],
            schema={"funnel_id": text, "name": text, "window_s": number, "step_order": text,
                    "step_count": number},
        ),
        "funnel_countings": pl.DataFrame({"counting": list(FUNNEL_CHAINS)}),
        "activation": pl.DataFrame(
            [
                {
                    "event_count": len(workspace.usage.activation.events),
                    "within_days": workspace.usage.activation.within_days,
                    "match_kind": workspace.usage.activation.match,
                }
            ]
            if workspace.usage.activation
            else [],
            schema={"event_count": number, "within_days": number, "match_kind": text},
        ),
        "segments": pl.DataFrame(
            [
                {
                    "segment": segment.name,
                    "table_name": segment.table,
                    "column_name": segment.column,
                    "property_key": segment.property_key,
                    "position": place.get(segment.name, 0),
                }
                for segment in workspace.segments
            ],
            schema={"segment": text, "table_name": text, "column_name": text,
                    "property_key": text, "position": number},
        ),
        "teams": pl.DataFrame(
            [
                {
                    "team_id": team.id,
                    "name": team.name or team.id,
                    "timezone": team.timezone or workspace.product.timezone,
                    "workdays": [str(day) for day in team.workdays],
                    "holidays": [str(day) for day in team.holidays],
                    "sprint_days": team.sprint_days,
                    "boards": list(team.boards),
                }
                for team in workspace.delivery.teams
            ],
            schema={"team_id": text, "name": text, "timezone": text, "workdays": texts,
                    "holidays": texts, "sprint_days": number, "boards": texts},
        ),
        "status_states": pl.DataFrame(
            [
                {"status_name": name, "state_code": state}
                for name, state in dict(workspace.delivery.states).items()
            ],
            schema={"status_name": text, "state_code": text},
        ),
        "launches": pl.DataFrame(
            [
                {"launch_id": launch.id, "name": launch.name, "launched_on": launch.on}
                for launch in workspace.launches
            ],
            schema={"launch_id": text, "name": text, "launched_on": pl.Date},
        ),
        "sources": pl.DataFrame(
            [
                {
                    "source_id": source.name,
                    "expected_every_s": round(source.expected_every.total_seconds()),
                    "team_id": source.team,
                }
                for source in workspace.sources
            ],
            schema={"source_id": text, "expected_every_s": number, "team_id": text},
        ),
    }  # fmt: skip


def dates_table(first: date, last: date, week_start: str) -> pl.DataFrame:
    """One row per day with the first days of its week, month, quarter and year."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    frame = pl.DataFrame({"day_on": days}, schema={"day_on": pl.Date})
    day = pl.col("day_on")
    shift = pl.duration(days=1)
    week = (
        day.dt.truncate("1w") if week_start == "monday" else (day + shift).dt.truncate("1w") - shift
    )
    return frame.with_columns(
        week.cast(pl.Date).alias("week_on"),
        day.dt.truncate("1mo").alias("month_on"),
        day.dt.truncate("1q").alias("quarter_on"),
        day.dt.truncate("1y").alias("year_on"),
    )
