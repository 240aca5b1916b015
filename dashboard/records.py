"""Who speaks, and cycles in the records for that person: read, done, checked, decided.

Plans, meetings, outcomes, evidence and teams stand in modules of their own beside this one. They
alone call the services of reviews, and keep nothing between calls: records change while people look
at them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from dashboard.place import folder
from pipelines.errors import NotAllowedError, RecordsError
from pipelines.reviews import followups
from pipelines.reviews.core.cycle import Act
from pipelines.reviews.core.plan import Point
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.terms import ActDecision, Level, Phase, Verdict
from pipelines.reviews.cycle import acting, checking, doing
from pipelines.reviews.cycle import lists as cycle_lists
from pipelines.reviews.cycle.acting import Promise
from pipelines.reviews.cycle.baseline_today import baseline_today
from pipelines.reviews.cycle.lists import CycleCard
from pipelines.reviews.cycle.record import CycleRecord, facts_of, read_record
from pipelines.reviews.desk import Desk, TeamCard
from pipelines.reviews.followups import FollowUpLine
from pipelines.reviews.numbers.frozen import Frozen
from pipelines.reviews.numbers.frozen import frozen as opened_freeze
from pipelines.reviews.people_sync import LOCAL, LOCAL_NAME
from pipelines.reviews.rules.table import findings
from pipelines.workspace import load

# What is missing is asked by the form; what is left is what no answer could change.
_ASKED_BY_THE_FORM = ("V22",)


@dataclass(frozen=True)
class Speaker:
    """Who is speaking, and the desk that is open for this one person.

    Attributes:
        names: Person id → name, of everybody in the records.
    """

    desk: Desk
    names: Mapping[str, str]

    @property
    def id(self) -> str:
        """Of the person."""
        return self.desk.person_id or ""

    @property
    def today(self) -> date:
        """In the reporting zone; of simulated data their own day."""
        return self.desk.today

    def name(self, person_id: str | None) -> str:
        """Of anybody; "nobody" where nobody is named."""
        return self.names.get(person_id or "", "nobody")

    def may(self, permission: Permission, team_id: str, *, is_owner: bool = False) -> bool:
        """For buttons; every write asks again."""
        return self.desk.may(permission, team_id, is_owner=is_owner)

    def teams(self, permission: Permission = Permission.READ) -> dict[str, TeamCard]:
        """Id → team, of those in which the person may do this."""
        found = (each for each in self.desk.teams() if self.may(permission, each.team_id))
        return {each.team_id: each for each in found}


def people(place: Path | None = None) -> dict[str, str]:
    """Id → name of those whom launchloop.toml names; the one local person without any."""
    named = {each.id: each.name for each in load(place or folder()).people}
    return named or {LOCAL: LOCAL_NAME}


def speaker(person_id: str) -> Speaker:
    """Opens the records for a person.

    Raises:
        RecordsError: They cannot be opened.
        NotAllowedError: launchloop.toml does not name this person.
    """
    desk = Desk.open(folder(), person_id)
    return Speaker(desk, desk.names())


def cycles(who: Speaker, team_id: str = "") -> list[CycleCard]:
    """All cycles that the person may read, of one team or all, newest first."""
    found = cycle_lists.board(who.desk, team_id or None)
    return [card for cards in found.values() for card in cards]


def found_cycles(who: Speaker, words: str) -> list[CycleCard]:
    """Those of all cycles that hold every word in title, hypothesis or learning."""
    return list(cycle_lists.search(who.desk, words))


def lineage(who: Speaker, cycle_id: str) -> list[CycleCard]:
    """The cycle with its parents and all that came of the first of them, oldest first."""
    return list(cycle_lists.lineage(who.desk, cycle_id))


def cycle(who: Speaker, cycle_id: str) -> CycleRecord | None:
    """A cycle with all that belongs to it; None where there is none of this id.

    Raises:
        NotAllowedError: The person may not read its team's records.
    """
    try:
        with who.desk.store.reading() as session:
            record = read_record(session, cycle_id)
    except NotAllowedError:
        raise
    except RecordsError:
        return None
    who.desk.require(Permission.READ, record.cycle.team_id)
    return record


def frozen(who: Speaker, snapshot_id: str | None) -> Frozen | None:
    """A freeze as it was taken; None where there was none."""
    return opened_freeze(who.desk.store, snapshot_id) if snapshot_id else None


def add_action(  # noqa: PLR0913 (the columns of an action)
    who: Speaker, cycle_id: str, title: str, owner_id: str | None, due_on: date | None, key: str
) -> None:
    """Adds an action to a cycle."""
    doing.add_action(who.desk, cycle_id, title, owner_id=owner_id, due_on=due_on, key=key)


def begin_action(who: Speaker, action_id: str, version: int) -> None:
    """Starts an action today."""
    doing.begin_action(who.desk, action_id, version)


def end_action(who: Speaker, action_id: str, version: int) -> None:
    """Finishes an action today."""
    doing.end_action(who.desk, action_id, version)


def give_up_action(who: Speaker, action_id: str, version: int, reason: str) -> None:
    """Drops an action with a reason."""
    doing.give_up_action(who.desk, action_id, version, reason)


def begin_check(who: Speaker, cycle_id: str, version: int) -> None:
    """Ends the Do."""
    doing.begin_check(who.desk, cycle_id, version)


def run_check(who: Speaker, cycle_id: str) -> None:
    """Runs the Check now."""
    checking.run_check(who.desk, cycle_id)


def sign(  # noqa: PLR0913 (a verdict and why)
    who: Speaker, cycle_id: str, version: int, verdict: Verdict, reason: str | None, key: str
) -> None:
    """Signs a verdict."""
    acting.sign(who.desk, cycle_id, version, verdict, human_reason=reason, key=key)


def countersign(
    who: Speaker, cycle_id: str, verdict: Verdict, reason: str | None, key: str
) -> None:
    """Signs a signed verdict once more."""
    acting.countersign(who.desk, cycle_id, verdict, human_reason=reason, key=key)


def extend(who: Speaker, cycle_id: str, version: int, to: date, reason: str) -> None:
    """Looks again later."""
    acting.extend(who.desk, cycle_id, version, to, reason)


def take_fast_path(who: Speaker, cycle_id: str, version: int) -> None:
    """Goes to the decision at once, because a guard-rail failed."""
    acting.take_fast_path(who.desk, cycle_id, version)


@dataclass(frozen=True)
class Room:
    """Where something is decided: in a meeting, on one of its items; nowhere by itself."""

    meeting_id: str | None = None
    item_id: str | None = None


NO_ROOM = Room()


def decide(  # noqa: PLR0913 (a decision, what follows, and where)
    who: Speaker, cycle_id: str, version: int, act: Act, promises: Sequence[Promise], key: str,
    room: Room = NO_ROOM,
) -> str | None:  # fmt: skip
    """Decides; returns the id of the next draft, where there is one."""
    return acting.decide(
        who.desk, cycle_id, version, act, follow_ups=promises, key=key,
        meeting_id=room.meeting_id, item_id=room.item_id,
    )  # fmt: skip


def hold(who: Speaker, cycle_id: str, version: int, reason: str, resume_on: date | None) -> None:
    """Puts a cycle on hold."""
    doing.hold(who.desk, cycle_id, version, reason, resume_on)


def resume(who: Speaker, cycle_id: str, version: int) -> None:
    """Takes a cycle from hold."""
    doing.resume(who.desk, cycle_id, version)


def cancel(who: Speaker, cycle_id: str, version: int, reason: str) -> None:
    """Ends a cycle before its Check."""
    doing.cancel(who.desk, cycle_id, version, reason)


def refused_decisions(who: Speaker, record: CycleRecord) -> dict[ActDecision, str]:
    """Act decision → the rule's sentence, of those that no form could make allowed here."""
    filled = "filled in"
    verdict = record.signature or (record.run.verdict if record.run else None)
    refused = {}
    for decision in ActDecision:
        act = Act(
            decision, who.id, filled, filled, standard_link=filled, standard_owner_id=who.id,
            child_id=filled,
        )  # fmt: skip
        facts = facts_of(who.desk, record, act=act, verdict=verdict)
        blocking = [
            each for each in findings(Phase.ACT, facts)
            if each.level is Level.BLOCKS and each.rule not in _ASKED_BY_THE_FORM
        ]  # fmt: skip
        if blocking:
            refused[decision] = blocking[0].sentence
    return refused


def refused_signature(who: Speaker, record: CycleRecord) -> list[str]:
    """What stands against a signature of this person now, even under the machine's verdict."""
    run = record.run
    if run is None:
        return []
    machine = run.verdict.machine_verdict
    signed = replace(run.verdict, human_verdict=machine, signed_by=who.id, signed_at=who.desk.now)
    facts = facts_of(who.desk, record, verdict=signed)
    found = findings(Phase.SIGN, facts)
    return [each.sentence for each in found if each.level is Level.BLOCKS]


def promises_of(who: Speaker, record: CycleRecord) -> list[FollowUpLine]:
    """The follow-ups of a cycle, those past their day first."""
    lines = followups.follow_ups(who.desk, record.cycle.team_id)
    return [line for line in lines if line.follow_up.cycle_id == record.cycle.cycle_id]


def restated(who: Speaker, record: CycleRecord) -> list[tuple[Point, float | None]]:
    """Frozen baseline points with what they would be today, of those that differ.

    Later data never change what was frozen; they are told beside it.
    """
    return baseline_today(who.desk, record)
