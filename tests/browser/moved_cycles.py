"""The steady product nine weeks after its change, with cycles that wait for somebody to decide.

Everything goes through the services, as a team would do it.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

from pipelines.reviews import cycles
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.light import Asked
from pipelines.reviews.core.terms import Direction, MetricRole, Rigour
from pipelines.reviews.cycle.record import CycleRecord, read_record
from pipelines.reviews.desk import Desk

TEAM = "core"
LEAD = """
[[person]]
id = "lead"
name = "Lena Lead"
roles = { "*" = ["product_owner", "admin"] }
"""
AFTER = timedelta(weeks=9, days=1, hours=7)


def write(folder: Path, steady: ModuleType) -> dict[str, str]:
    """The workspace; name → id of its cycles, each with its Check run.

    Of "open" the metric did not move. What was to help "harmed" drives up a number that should
    stay low. "signed" is one that Dan worked on himself.
    """
    steady.write(folder, steady.MANAGER + LEAD)
    made = {
        "open": begun(folder, "Exports keep their filters", "exports", 0.4),
        "harmed": begun(folder, "Exports are offered everywhere", "exports", 0.3, _low_reports),
        "signed": begun(folder, "Reports are made with one click", "reports", 0.5),
    }
    steady.move_clock(folder, steady.LIVE + timedelta(hours=6))
    for cycle_id in made.values():
        done(Desk.open(folder, "pm"), cycle_id)
    steady.move_clock(folder, steady.LIVE + timedelta(weeks=9, hours=6))
    for cycle_id in made.values():
        cycles.run_check(Desk.open(folder, "pm"), cycle_id)
    # A day later whoever worked on it may sign it, too.
    steady.move_clock(folder, steady.LIVE + AFTER)
    return made


def begun(
    folder: Path,
    change: str,
    metric: str,
    smallest: float,
    more: Callable[[Desk, str], Any] = lambda _who, _cycle: None,
) -> str:
    """A cycle with its plan locked before the change; its one action is Dan's."""
    who = Desk.open(folder, "pm")
    asked = Asked(change, "Fewer steps", metric, smallest, "dev", who.today + timedelta(days=6))
    cycle_id = cycles.start_cycle(who, TEAM, Card(metric), asked)
    more(who, cycle_id)
    has_rails = any(each.role is MetricRole.GUARD_RAIL for each in record(who, cycle_id).metrics)
    said = cycles.Said(waiver=None if has_rails else "Nothing else can break here.")
    cycles.lock(who, cycle_id, record(who, cycle_id).cycle.row_version, said)
    return cycle_id


def done(who: Desk, cycle_id: str) -> None:
    """Does what was to be done, and begins the Check."""
    for step in (cycles.begin_action, cycles.end_action):
        found = record(who, cycle_id)
        for action in found.actions:
            step(who, action.action_id, found.action_versions[action.action_id])
    cycles.begin_check(who, cycle_id, record(who, cycle_id).cycle.row_version)


def in_standard(folder: Path) -> None:
    """The team asks for the whole plan from now on."""
    who = Desk.open(folder, "pm")
    who.change_settings(TEAM, who.team(TEAM).row_version, rigour=Rigour.STANDARD)


def record(who: Desk, cycle_id: str) -> CycleRecord:
    """All that the records hold of a cycle."""
    with who.store.reading() as session:
        return read_record(session, cycle_id)


def _low_reports(who: Desk, cycle_id: str) -> None:
    cycles.put_metric(who, cycle_id, Card("reports"), MetricRole.GUARD_RAIL,
                      direction=Direction.DOWN, margin=0.1)  # fmt: skip
