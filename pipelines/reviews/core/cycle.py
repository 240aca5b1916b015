"""Plan-Do-Check-Act cycles and their actions as frozen values. Pure.

The state machines stand in `states`, the moves of a cycle with their rules in `moves`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from pipelines.errors import NotAllowedError
from pipelines.reviews.core.periods import in_words
from pipelines.reviews.core.states import ACTIVE_CYCLE, OPEN_CYCLE, refuse_unless_may_follow
from pipelines.reviews.core.terms import (
    ActDecision,
    ActionStatus,
    CycleStatus,
    Design,
    Reason,
    Verdict,
)

MOST_EXTENSIONS = 2
NOT_PROVEN = "kept, not proven"
QUALITATIVE = "qualitative"
# What leaving a change in place without proof may not rest on: proven harm.
NEVER_KEPT = frozenset({Verdict.WORSE, Verdict.IMPROVED_WITH_HARM})


@dataclass(frozen=True)
class Cycle:
    """One Plan-Do-Check-Act record; the columns of `pdca_cycle`.

    Attributes:
        status_before_hold: The state left by a cycle on hold; None else.
        ready_on: When the Check may run, moved later by late actions (V11) or an extension;
            None before the lock.
        looks_used: Looks spent by extensions, 0 to 2; the look to come is one more.
        row_version: Counted by the store at every save.
    """

    cycle_id: str
    team_id: str
    title: str
    owner_id: str | None = None
    parent_cycle_id: str | None = None
    seq: int = 1
    product_id: str | None = None
    theme: str | None = None
    status: CycleStatus = CycleStatus.DRAFT
    status_before_hold: CycleStatus | None = None
    problem: str | None = None
    root_cause: str | None = None
    root_cause_method: str | None = None
    hypothesis_change: str | None = None
    hypothesis_effect: str | None = None
    hypothesis_because: str | None = None
    sponsor_id: str | None = None
    design: Design = Design.BEFORE_AFTER
    start_on: date | None = None
    due_on: date | None = None
    check_not_before: date | None = None
    check_due_on: date | None = None
    ready_on: date | None = None
    looks_used: int = 0
    act_decision: ActDecision | None = None
    act_rationale: str | None = None
    rolled_back_on: date | None = None
    standard_link: str | None = None
    sustain_on: date | None = None
    learning: str | None = None
    row_version: int = 1

    @property
    def is_open(self) -> bool:
        """Neither closed nor cancelled."""
        return self.status in OPEN_CYCLE or self.status is CycleStatus.ON_HOLD

    @property
    def is_active(self) -> bool:
        """Counts against the team's limit: planned to acting, not on hold."""
        return self.status in ACTIVE_CYCLE

    @property
    def look(self) -> int:
        """Which look at the result is the next: 1, 2 or 3."""
        return self.looks_used + 1

    @property
    def look_on(self) -> date | None:
        """When that look may be taken."""
        return self.ready_on or self.check_not_before

    @property
    def labels(self) -> tuple[str, ...]:
        """What must stand beside the cycle wherever it is listed."""
        kept = (NOT_PROVEN,) if self.act_decision is ActDecision.KEEP else ()
        return kept + ((QUALITATIVE,) if self.design is Design.QUALITATIVE else ())


@dataclass(frozen=True)
class Action:
    """One thing to do in a cycle; the columns of `pdca_action`.

    Attributes:
        deviation: What went otherwise than planned; of a dropped action the reason.
    """

    action_id: str
    cycle_id: str
    title: str
    owner_id: str | None = None
    due_on: date | None = None
    status: ActionStatus = ActionStatus.TO_DO
    started_on: date | None = None
    done_on: date | None = None
    scope: str | None = None
    deviation: str | None = None
    work_item_key: str | None = None


@dataclass(frozen=True)
class SignedVerdict:
    """What the machine found and a human made of it; the columns of `pdca_verdict`.

    A row without `signed_by` is the machine's own. The latest signed row counts.

    Attributes:
        sentence: The verdict in words, as `sentence` writes it.
        human_verdict: None where nobody has signed yet.
        self_signed: Signed by an owner of an action of the cycle.
    """

    verdict_id: str
    run_id: str
    cycle_id: str
    machine_verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    confounders: tuple[str, ...] = ()
    sentence: str = ""
    human_verdict: Verdict | None = None
    human_reason: str | None = None
    signed_by: str | None = None
    signed_at: datetime | None = None
    self_signed: bool = False


@dataclass(frozen=True)
class Act:
    """What is decided after a Check, as it is put before the rules.

    Attributes:
        standard_owner_id: Who looks after the standard; owns the sustain check.
        sustain_on: When it is checked that the effect lasted; three months on by default.
        rolled_back_on: For `abandon`: when the change was undone.
        child_id: For `adjust`: the id of the next cycle, made by the caller.
    """

    decision: ActDecision
    decider_id: str | None = None
    rationale: str | None = None
    learning: str | None = None
    rolled_back_on: date | None = None
    standard_link: str | None = None
    standard_owner_id: str | None = None
    sustain_on: date | None = None
    child_id: str | None = None


def start_action(action: Action, on: date) -> Action:
    """The action, begun on a day.

    Raises:
        NotAllowedError: If it is not to do.
    """
    _refuse(action, ActionStatus.DOING)
    return replace(action, status=ActionStatus.DOING, started_on=on)


def finish_action(action: Action, on: date, *, deviation: str | None = None) -> Action:
    """The action, done on a day.

    Args:
        action: Under way.
        on: Its last day; not before it began.
        deviation: What went otherwise than planned.

    Raises:
        NotAllowedError: If it is not under way, or would end before it began.
    """
    _refuse(action, ActionStatus.DONE)
    if action.started_on and on < action.started_on:
        raise NotAllowedError(
            f"“{action.title}” began on {in_words(action.started_on)}; it cannot be done on "
            f"{in_words(on)}."
        )
    deviation = deviation or action.deviation
    return replace(action, status=ActionStatus.DONE, done_on=on, deviation=deviation)


def drop_action(action: Action, reason: str | None) -> Action:
    """The action, dropped; the reason is kept as its deviation.

    Raises:
        NotAllowedError: If it is done or dropped, or there is no reason.
    """
    _refuse(action, ActionStatus.DROPPED)
    if not given(reason):
        raise NotAllowedError(f"Say why “{action.title}” is dropped; others will want to know.")
    return replace(action, status=ActionStatus.DROPPED, deviation=reason)


def last_done_on(actions: Sequence[Action]) -> date | None:
    """The day the last action was done; None where none is."""
    done = [action.done_on for action in actions if action.done_on]
    return max(done, default=None)


def given(text: str | None) -> bool:
    """Whether something was written: blanks are nothing."""
    return bool(text and text.strip())


def _refuse(action: Action, then: ActionStatus) -> None:
    refuse_unless_may_follow(f"“{action.title}”", action.status, then)
