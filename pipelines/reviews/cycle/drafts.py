"""Drafts of cycles: begun from a card with five answers, then edited until their lock."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pipelines.errors import NotAllowedError
from pipelines.read import Snapshot
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.cycle import Cycle, given
from pipelines.reviews.core.light import Asked, light_plan
from pipelines.reviews.core.light import Known as KnownFacts
from pipelines.reviews.core.plan import (
    Plan,
    PlanMetric,
    check_due,
    planned_check,
    with_plan,
)
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.terms import Design, Direction, MetricRole, Rigour
from pipelines.reviews.cycle.draft_metrics import post_points
from pipelines.reviews.cycle.guard_rails import GuardRail, default_guard_rails
from pipelines.reviews.cycle.record import CycleRecord, read_record
from pipelines.reviews.cycle.saves import insert_draft, need_draft, require_edit, save_columns
from pipelines.reviews.desk import Desk, TeamCard
from pipelines.reviews.numbers.freezing import ensure_definition
from pipelines.reviews.numbers.series import Known, known_series
from pipelines.reviews.records.tables import PdcaAction
from pipelines.reviews.saving_work import Save

LONGEST_TITLE = 80
# What anybody who may edit can change while a cycle is open, and what only a draft lets change.
ALWAYS = frozenset({"title", "theme", "product_id", "owner_id", "sponsor_id", "learning"})
OF_DRAFT = frozenset(
    "problem root_cause root_cause_method hypothesis_change hypothesis_effect hypothesis_because "
    "design start_on due_on check_not_before check_due_on".split()
)


def start_cycle(  # noqa: PLR0913 (a draft is begun with one form)
    desk: Desk,
    team_id: str,
    card: Card,
    asked: Asked,
    *,
    title: str | None = None,
    theme: str | None = None,
    product_id: str | None = None,
    direction: Direction | None = None,
    key: str | None = None,
) -> str:
    """Begins a cycle from a card: five answers, all else filled in and open to edits.

    Args:
        desk: Who begins it.
        team_id: Whose cycle it is.
        card: The metric as it was on the page.
        asked: The five answers; `metric_id` is that of the card.
        title: Else the change itself.
        theme: What the cycle belongs to.
        product_id: Of the product.
        direction: Which way is good, for a metric that does not say so itself.
        key: Of the save, so that a second click begins nothing new.

    Returns:
        The id of the draft.

    Raises:
        NotAllowedError: The role does not allow it, or nobody says which way is good.
        UsageError: The metric has no periods.
    """
    desk.require(Permission.CONTRIBUTE, team_id)
    desk.need_person(asked.owner_id)
    team, snapshot = desk.team(team_id), Snapshot(desk.folder)
    known = known_series(snapshot, card)
    if (way := direction or known.direction) is None:
        raise NotAllowedError(f"Say whether {known.name} should go up or down.", "V2")
    rails = default_guard_rails(snapshot, known, team.settings)

    def begin(save: Save) -> str:
        cycle_id = save.new_id()
        plan = _first_plan(desk, team, cycle_id, asked, known, way, rails)
        cycle = Cycle(
            cycle_id=cycle_id, team_id=team_id, title=title or _title(asked.change), theme=theme,
            product_id=product_id, owner_id=asked.owner_id,
        )  # fmt: skip
        _insert(save, with_plan(cycle, plan), plan.metrics, [known, *(rail for rail, _ in rails)])
        action = PdcaAction(
            action_id=save.new_id(), cycle_id=cycle_id, title=_title(asked.change),
            owner_id=asked.owner_id, due_on=asked.go_live_on,
        )  # fmt: skip
        save.insert(action)
        return cycle_id

    with desk.saving(key) as save:
        return str(save.once(lambda: begin(save)))


def start_qualitative(
    desk: Desk, team_id: str, title: str, *, owner_id: str, key: str | None = None
) -> str:
    """Begins a cycle that is judged on criteria and evidence, not on a metric.

    Raises:
        NotAllowedError: The role does not allow it.
    """
    desk.require(Permission.CONTRIBUTE, team_id)
    desk.need_person(owner_id)
    with desk.saving(key) as save:

        def begin() -> str:
            cycle = Cycle(save.new_id(), team_id, title, owner_id, design=Design.QUALITATIVE)
            _insert(save, cycle, (), [])
            return cycle.cycle_id

        return str(save.once(begin))


def edit_cycle(
    desk: Desk, cycle_id: str, expected_version: int, changes: Mapping[str, Any]
) -> Cycle:
    """Changes words, persons or dates; dates of the Check follow new dates of the change.

    Args:
        desk: Who edits.
        cycle_id: Of the cycle.
        expected_version: `Cycle.row_version` as it was shown.
        changes: Columns of the cycle. What a lock fixes can be changed in a draft only.

    Raises:
        NotAllowedError: The role or the state does not allow it.
        StaleError: Somebody else saved meanwhile; holds both texts.
    """
    for column in ("owner_id", "sponsor_id"):
        desk.need_person(changes.get(column))
    with desk.saving() as save:
        record = read_record(save.session, cycle_id)
        require_edit(desk, record)
        _need_editable(record.cycle, changes)
        changes = {**changes, **_following_dates(desk, record, changes)}
        return save_columns(save, cycle_id, expected_version, changes, action="edited")


def _insert(save: Save, cycle: Cycle, metrics: tuple[PlanMetric, ...], known: list[Known]) -> None:
    for each in known:
        ensure_definition(save, each)
    insert_draft(save, cycle, metrics)


def _first_plan(  # noqa: PLR0913 (all that is known of a draft)
    desk: Desk,
    team: TeamCard,
    cycle_id: str,
    asked: Asked,
    known: Known,
    direction: Direction,
    rails: tuple[GuardRail, ...],
) -> Plan:
    sprint_days = desk.calendar(team.team_id).sprint_days
    facts = KnownFacts(
        metric=known.plan_metric(MetricRole.PRIMARY, direction=direction),
        name=known.name,
        unit=known.unit,
        guard_rails=tuple(metric for _, metric in rails),
        sprint_days=sprint_days,
    )
    plan = light_plan(cycle_id, asked, facts)
    if team.settings.rigour is Rigour.LIGHT:
        return plan
    points = post_points(desk, team.team_id)
    metrics = tuple(replace(each, min_post_points=points) for each in plan.metrics)
    first = planned_check(asked.go_live_on, metrics, sprint_days=sprint_days)
    return replace(plan, metrics=metrics, check_not_before=first, check_due_on=check_due(first))


def _following_dates(desk: Desk, record: CycleRecord, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The start, and the dates of the Check, where a change goes live and nobody gave them."""
    due = changes.get("due_on")
    if due is None:
        return {}
    # A change begins to reach people on the day it goes live, unless somebody says otherwise.
    has_start = record.cycle.start_on or "start_on" in changes
    begins = {} if has_start else {"start_on": due}
    if "check_not_before" in changes:
        return begins
    days = desk.calendar(record.cycle.team_id).sprint_days
    first = planned_check(due, record.metrics, sprint_days=days)
    return {**begins, "check_not_before": first, "check_due_on": check_due(first)}


def _need_editable(cycle: Cycle, changes: Mapping[str, Any]) -> None:
    if unknown := sorted(set(changes) - ALWAYS - OF_DRAFT):
        raise NotAllowedError(f"{', '.join(unknown)} of a cycle cannot be edited.")
    if not cycle.is_open:
        raise NotAllowedError("This cycle is over. Start a new one to go on.")
    if not given(changes.get("title", cycle.title)):
        raise NotAllowedError("A cycle needs a title.")
    if set(changes) & OF_DRAFT:
        need_draft(cycle)


def _title(change: str) -> str:
    words = " ".join(change.split()).rstrip(".")
    if len(words) <= LONGEST_TITLE:
        return words
    return words[:LONGEST_TITLE].rsplit(" ", 1)[0] + "…"
