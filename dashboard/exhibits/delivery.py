"""Delivery in pictures: what a sprint took on and did, how work flows, what lies around."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from dashboard import data, told
from dashboard.charts import alt
from dashboard.charts.ageing import ageing
from dashboard.charts.bridge import Step, bridge
from dashboard.charts.range_bars import Range, range_bars
from dashboard.charts.ready import Ready
from dashboard.charts.step_lines import step_lines
from dashboard.charts.theme import THEMES, Mode
from dashboard.components.chart_card import ChartCard
from dashboard.exhibits.over_time import has_values, last_day, missing_card, over_time
from dashboard.faces import Face, face, faces
from dashboard.format import number
from dashboard.question import Opened, Pick, Question

# A range wants nine sprints for its 80 %; older ones say little about the next.
_SPRINTS = 12
_FLOW_WEEKS, _FLOW_SHOWN = timedelta(weeks=12), timedelta(weeks=26)
_STILL_OPEN = (
    "Added, removed, dropped and re-estimated are told apart when the sprint is closed; what is "
    "gone and back within 24 hours is no change."
)
SHARES = {"say_do": "Say/do", "carry_over": "Carry-over"}
_SPRINT_CARDS: tuple[tuple[str, Pick, str], ...] = (
    ("velocity", (), ""),
    ("say_do", (), ""),
    ("scope_change", (("component", "added"),), "Scope added"),
    ("carry_over", (), ""),
)
_TEAM_CARDS = ("throughput", "cycle_time", "wip", "goal_success")
NO_SPRINT = (
    "No sprint yet",
    "No source has brought a sprint of this team. Export issues with their history and the "
    "sprints of the board, for instance from Jira's REST interface, and name the files:",
)
SOURCE_EXAMPLE = '[[source]]\nname = "board"\nfiles = "exports/jira/*.ndjson"\n'
_TEAMS = "select team_id, team_name from marts.teams order by team_name"
_SPRINT_LIST = """
select sprint_id, sprint_name, started_on, last_on, planned_last_on, is_closed, goal_text,
    goal_result, goal_evidence_text, origin_code, unestimated_items, final_items
from marts.sprints
where team_id = $a or $a = ''
order by started_on desc, sprint_id desc
"""
_ITEMS = "select work_item_key, status_name, points from marts.work_items"
_STATUSES = """
select status_name, min(column_no) as place from marts.statuses
where state_code = 'doing' group by status_name order by place, status_name
"""
_FINISHED = """
select cycle_days from marts.work_item_flow
where team_id = $a and last_done_on >= $b and cycle_days is not null order by last_done_on
"""


@dataclass(frozen=True)
class Sprint:
    """One sprint as the pages tell it.

    Attributes:
        last_on: Its last day; of a running one the planned day.
        origin: Where its numbers come from: frozen, reconstructed or estimated.
    """

    id: str
    name: str
    first_on: date
    last_on: date
    is_closed: bool
    goal: str
    result: str
    evidence: str
    origin: str
    unestimated: int
    items: int


@data.kept
def teams(opened: Opened) -> Mapping[str, str]:
    """Id → name; one nameless team where none is known."""
    return dict(data.listed(opened, _TEAMS).iter_rows()) or {"": ""}


@data.kept
def sprints(opened: Opened, team: str) -> Mapping[str, Sprint]:
    """Id → sprint of a team, the newest first."""
    found = data.listed(opened, _SPRINT_LIST, team)
    return {row["sprint_id"]: _sprint(row) for row in found.iter_rows(named=True)}


def _sprint(row: dict[str, object]) -> Sprint:
    planned = row["planned_last_on"] or row["last_on"]
    return Sprint(
        id=str(row["sprint_id"]),
        name=str(row["sprint_name"]),
        first_on=row["started_on"],  # type: ignore[arg-type]
        last_on=row["last_on"] if row["is_closed"] else planned,  # type: ignore[arg-type]
        is_closed=bool(row["is_closed"]),
        goal=str(row["goal_text"] or ""),
        result=str(row["goal_result"] or ""),
        evidence=str(row["goal_evidence_text"] or ""),
        origin=str(row["origin_code"] or ""),
        unestimated=int(row["unestimated_items"] or 0),  # type: ignore[call-overload]
        items=int(row["final_items"] or 0),  # type: ignore[call-overload]
    )


@data.kept
def burn_up(opened: Opened, sprint: Sprint, mode: Mode) -> ChartCard:
    """Scope and done of a sprint by day, with the even pace over the team's working days."""
    about = data.subject(opened, "burn_up")
    question = Question("burn_up", of=sprint.id)
    points = data.rows(opened, question)
    if not has_values(points):
        return missing_card(opened, question, "burn_up", about.name, about.definition)
    pace = even_pace(points, sprint, working_days(opened, sprint))
    return ChartCard(
        key="burn_up",
        headline=told.burn_up_told(points, about.unit, sprint.last_on, is_closed=sprint.is_closed),
        rule=f"{about.definition} Dotted: an even pace over working days.",
        figure=Ready(step_lines(points, about.unit, THEMES[mode], ideal=pace)),
        alt=alt.steps_alt(points, about.name, about.unit, sprint.last_on),
        table=points,
        note_on=last_day(opened),
    )


def even_pace(
    points: pl.DataFrame, sprint: Sprint, workdays: Sequence[date]
) -> tuple[tuple[date, float], ...]:
    """From nothing done to all that is in scope, in equal steps over the working days."""
    scope = points.filter(pl.col("component") == "scope", pl.col("value").is_not_null())
    if scope.is_empty() or not workdays:
        return ()
    goal = float(scope["value"][-1])
    steps = [(on, goal * at / len(workdays)) for at, on in enumerate(workdays, start=1)]
    return ((sprint.first_on, 0.0), *steps)


@data.kept
def working_days(opened: Opened, sprint: Sprint) -> tuple[date, ...]:
    """Days of a sprint on which its team works; Monday to Friday where nothing is declared."""
    names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    known = data.settings(opened).delivery.teams
    team = next((team for team in known if sprint.id in sprints(opened, team.id)), None)
    works = set(team.workdays) if team else set(names[:5])
    free = set(team.holidays) if team else set()
    count = (sprint.last_on - sprint.first_on).days
    days = [sprint.first_on + timedelta(days=at) for at in range(1, count + 1)]
    return tuple(on for on in days if names[on.weekday()] in works and on not in free)


@data.kept
def scope(opened: Opened, sprint: Sprint, mode: Mode) -> ChartCard:
    """What was committed, what came and went meanwhile, what was done."""
    about = data.subject(opened, "scope_change")
    question = Question("scope_change", of=sprint.id)
    points = data.rows(opened, question)
    if points.is_empty() or points["n"][0] is None:
        return missing_card(opened, question, "scope", about.name, about.definition)
    days = data.rows(opened, Question("burn_up", of=sprint.id))
    committed = Step("Committed", float(points["n"][0]), is_level=True)
    changes = _changes(_totals(points)) if has_values(points) else _net(days, committed.value)
    end = committed.value + sum(step.value for step in changes)
    steps = [committed, *changes, Step("Scope", end, is_level=True), *_done(days)]
    moved = sum(abs(step.value) for step in changes)
    return ChartCard(
        key="scope",
        headline=_scope_told(moved, committed.value),
        rule=about.definition,
        figure=Ready(bridge(steps, "points", THEMES[mode])),
        alt=_bridge_alt(steps),
        table=points,
        evidence="" if has_values(points) else _STILL_OPEN,
    )


def _net(days: pl.DataFrame, committed: float) -> list[Step]:
    """While a sprint runs only its scope is known, not yet what moved for good."""
    now = (
        dict(told.last_known(days).select("component", "value").iter_rows()) if days.height else {}
    )
    return [Step("Net change", now.get("scope", committed) - committed)]


def _done(days: pl.DataFrame) -> list[Step]:
    now = (
        dict(told.last_known(days).select("component", "value").iter_rows()) if days.height else {}
    )
    return [Step("Done", float(now["done"]), is_level=True)] if "done" in now else []


def _totals(points: pl.DataFrame) -> dict[str, float]:
    if points.is_empty():
        return {}
    known = points.filter(pl.col("total").is_not_null())
    return dict(known.select("component", "total").iter_rows())


def _changes(totals: Mapping[str, float]) -> list[Step]:
    return [
        Step("Added", totals.get("added", 0.0)),
        Step("Re-estimated", totals.get("reestimated", 0.0)),
        Step("Removed", -totals.get("removed", 0.0)),
        Step("Dropped", -totals.get("dropped", 0.0)),
    ]


def _scope_told(moved: float, committed: float) -> str:
    if not committed:
        return "Nothing was committed at the start"
    if not moved:
        return "The scope did not move after the start"
    return f"{number(moved, 'points')} points moved on {number(committed, 'points')} committed"


def _bridge_alt(steps: Sequence[Step]) -> str:
    return "; ".join(f"{step.name}: {number(step.value, 'points')}" for step in steps) + "."


@data.kept
def velocity(opened: Opened, team: str, mode: Mode) -> ChartCard:
    """Points done per closed sprint, and the range that the next will likely fall into."""
    about = data.subject(opened, "velocity")
    question = Question("velocity", of=team or None)
    points = data.rows(opened, question)
    if not has_values(points):
        return missing_card(opened, question, "velocity", about.name, about.definition)
    closed = points.filter(pl.col("value").is_not_null()).tail(_SPRINTS)
    following = data.next_range(tuple(closed["value"]))
    range_words = "" if following is None else _range_words(following)
    return ChartCard(
        key="velocity",
        headline=f"Velocity of the last {closed.height} sprints{range_words}",
        rule=f"{about.definition} No target: as a goal it would be met by estimating higher.",
        figure=Ready(range_bars(closed, "points", THEMES[mode], following=following)),
        alt=alt.range_alt(closed, about.name, "points", following),
        table=points,
        evidence="" if following else "A range for the next sprint wants five closed sprints.",
    )


def _range_words(following: Range) -> str:
    low, high = number(following.low, "points"), number(following.high, "points")
    return f": the next holds {low} to {high} points, {100 * following.probability:.0f} % likely"


@data.kept
def per_sprint(opened: Opened, metric: str, team: str, mode: Mode) -> ChartCard:
    """A share per closed sprint as bars, newest twelve."""
    about = data.subject(opened, metric)
    question = Question(metric, of=team or None)
    points = data.rows(opened, question)
    if not has_values(points):
        return missing_card(opened, question, metric, about.name, about.definition)
    closed = points.filter(pl.col("value").is_not_null()).tail(_SPRINTS)
    middle = closed["value"].median()
    return ChartCard(
        key=metric,
        headline=f"{about.name}: half of the sprints {number(middle, about.unit)} or more",  # type: ignore[arg-type]
        rule=about.definition,
        figure=Ready(range_bars(closed, about.unit, THEMES[mode])),
        alt=alt.range_alt(closed, about.name, about.unit, None),
        table=points,
        improves=question,
    )


@data.kept
def items_by_age(opened: Opened, team: str, mode: Mode) -> ChartCard:
    """Work in progress by status and age, with the ages by which finished work was done."""
    about = data.subject(opened, "item_age")
    question = Question("item_age", of=team or None)
    items = data.rows(opened, question)
    if items.is_empty():
        return missing_card(
            opened, question, "item_age", "Nothing is in progress", about.definition
        )
    placed = _with_status(opened, items)
    stages = _stages(opened, placed)
    usual = _usual_ages(opened, team)
    return ChartCard(
        key="item_age",
        headline=told.ageing_told(placed, dict(usual).get(85)),
        rule=f"{about.definition} Lines: within how many days finished items of 12 weeks were "
        "done.",
        figure=Ready(ageing(placed, stages, THEMES[mode], percentiles=usual)),
        alt=alt.ageing_alt(placed, about.name, usual),
        table=placed,
    )


def _with_status(opened: Opened, items: pl.DataFrame) -> pl.DataFrame:
    known = data.listed(opened, _ITEMS).rename({"work_item_key": "id", "status_name": "component"})
    return items.join(known, on="id", how="left", maintain_order="left").with_columns(
        pl.col("component").fill_null("unknown status")
    )


def _stages(opened: Opened, items: pl.DataFrame) -> list[str]:
    ordered = data.listed(opened, _STATUSES)["status_name"].to_list()
    there = set(items["component"])
    return [*(name for name in ordered if name in there), *sorted(there - set(ordered))]


def _usual_ages(opened: Opened, team: str) -> tuple[tuple[int, float], ...]:
    """(percentile, days) of items finished lately; none while there are too few."""
    start = last_day(opened)
    if start is None:
        return ()
    question = Question("cycle_time", of=team or None, every="total", start=start - _FLOW_WEEKS)
    found = data.rows(opened, question)
    if found.is_empty():
        return ()
    known = found.filter(pl.col("status") == "ok", pl.col("percentile") < 95)  # noqa: PLR2004
    return tuple(known.select("percentile", "value").iter_rows())


@data.kept
def cycle_time(opened: Opened, team: str, mode: Mode) -> ChartCard:
    """How long the slower items take, by month; single durations while there are few."""
    question = Question("cycle_time", of=team or None, every="month", pick=(("percentile", 85),))
    card = over_time(opened, question, mode, key="cycle_time", name="Cycle time, 85 %")
    single = durations(opened, team)
    return replace(card, evidence=f"{card.evidence} {single}".strip()) if single else card


@data.kept
def flow(opened: Opened, metric: str, team: str, mode: Mode) -> ChartCard:
    """Items finished, or items in progress, week by week over half a year."""
    through = last_day(opened)
    start = through - _FLOW_SHOWN if through else None
    question = Question(metric, of=team or None, every="week", start=start)
    return over_time(opened, question, mode, key=metric)


def sprint_faces(opened: Opened, team: str, sprint: Sprint, mode: Mode) -> list[Face]:
    """The cards of a sprint; while it runs, those of the last closed one stand in for it."""
    closed = [known for known in sprints(opened, team).values() if known.is_closed]
    shown = sprint if sprint.is_closed else next(iter(closed), sprint)
    # Up to and with this sprint, so that it is the newest and the others are its past.
    end = shown.last_on + timedelta(days=1)
    of_sprint = [
        face(opened, Question(metric, of=team or None, end=end, pick=pick), mode, name=name)
        for metric, pick, name in _SPRINT_CARDS
    ]
    of_team = dict.fromkeys(_TEAM_CARDS, team)
    return [*of_sprint, *faces(opened, _TEAM_CARDS, mode, of=of_team)]


@data.kept
def durations(opened: Opened, team: str) -> str:
    """The single durations of the items finished lately, while they can be listed."""
    through = last_day(opened)
    if through is None:
        return ""
    days = data.listed(opened, _FINISHED, team, through - _FLOW_WEEKS)["cycle_days"].to_list()
    if not 0 < len(days) < 10:  # noqa: PLR2004 (from ten on percentiles speak)
        return ""
    listed = ", ".join(str(count) for count in days)
    return f"Finished in the last 12 weeks, in days: {listed}."
