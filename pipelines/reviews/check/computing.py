"""The computed Check: locked plan and what came after → intervals, states and a verdict. Pure.

The team does not judge its own chart. `check` answers for one cycle; `checked` answers for any
number of series at once, by the same rules, which is how plans are simulated and the rules
themselves are tested.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from pipelines.reviews.check.adjusting import Analysed, analysed
from pipelines.reviews.check.inputs import CheckInput, MetricPlan, Window
from pipelines.reviews.check.measuring import Measured, breaches_early, measured
from pipelines.reviews.check.readiness import NotJudged, is_two_waves, not_judged
from pipelines.reviews.check.row import (
    MetricCheck,
    empty_row,
    imported_row,
    is_guard_rail,
    measured_row,
    waves_row,
)
from pipelines.reviews.check.verdict_table import (
    GUARD_CODES,
    ROWS,
    Codes,
    Evidence,
    matched_rows,
    suggestion,
)
from pipelines.reviews.core.plan import ALPHA_PER_LOOK
from pipelines.reviews.core.terms import ActDecision, Direction, GuardState, Reason, Verdict
from pipelines.stats.arrays import Flags, floats

HARM_INSIDE = "harm inside the margin"
EARLIER_DECLINE = "may continue an earlier decline"
READINESS_ROW = 1


@dataclass(frozen=True)
class Checked:
    """The verdicts on many series, shape (...).

    Attributes:
        rows: Number of the row of the table that matched, as in `verdict_table.ROWS`.
        measured: What it was matched on.
    """

    rows: Codes
    measured: Measured

    def is_verdict(self, verdict: Verdict) -> Flags:
        """Which of the series got that verdict."""
        return np.isin(self.rows, [row for row, match in ROWS.items() if match.verdict is verdict])


@dataclass(frozen=True)
class MachineVerdict:
    """What the machine makes of a cycle.

    Attributes:
        row: The row of the table that matched; 1 = not judged, 0 = too few independent
            periods, which overrides rows 2 to 11.
        suggestion: What to do next, in words.
        decisions: The Act decisions that this suggests, best first.
        is_fast_path: A guard-rail failed: decide within two working days.
        failed_guards: The ids of the guard-rails that failed.
        sentences: Why a metric cannot be judged, with the next step.
        notes: What must be printed beside the verdict.
    """

    verdict: Verdict
    row: int
    reasons: tuple[Reason, ...] = ()
    suggestion: str = ""
    decisions: tuple[ActDecision, ...] = ()
    is_fast_path: bool = False
    failed_guards: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class CheckResult:
    """A whole Check: every metric, the primary first, and the verdict."""

    checks: tuple[MetricCheck, ...]
    verdict: MachineVerdict

    @property
    def primary(self) -> MetricCheck:
        """The metric that decides."""
        return self.checks[0]


@dataclass(frozen=True)
class _Judged:
    """One metric on its way to the verdict; without evidence it is not judged."""

    plan: MetricPlan
    row: MetricCheck
    evidence: Evidence | None = None
    blocked: NotJudged | None = None
    has_failed: bool = False
    notes: tuple[str, ...] = ()


def checked(
    plan: MetricPlan,
    before: ArrayLike,
    after: ArrayLike,
    *,
    alpha: float = ALPHA_PER_LOOK[0],
    exposure: float = 1.0,
    has_control: bool = False,
    worst_guard: ArrayLike = GUARD_CODES[GuardState.PASS],
) -> Checked:
    """Steps 2 to 7 for any number of series.

    Args:
        plan: Direction, kind and smallest effect, the same for all.
        before: Analysed baselines, shape (..., n0), nan = gap.
        after: Analysed post windows, shape (..., n1), right after them.
        alpha: Of this look.
        exposure: Of counts, what each period's rate is made of.
        has_control: Whether a control series was subtracted, so that step 4 is not needed.
        worst_guard: Code of the worst guard-rail of each, shape (...), as in `GUARD_CODES`.
    """
    series = Analysed(floats(before), floats(after), exposure, exposure, has_control=has_control)
    found = measured(plan, series, alpha)
    return Checked(_rows(plan, _evidence(found), worst_guard), found)


def check(given: CheckInput) -> CheckResult:
    """The whole Check of one cycle.

    Args:
        given: Locked plans, windows and look. The primary's direction is up or down.

    Returns:
        A row for every metric and the verdict. A guard-rail that cannot be judged is not
        proven; the primary alone makes a cycle `not_ready` or `invalid`.
    """
    primary = _judged(*given.primary, given)
    others = [_judged(plan, window, given) for plan, window in given.others]
    guards = [each for each in others if is_guard_rail(each.plan) and not each.plan.is_waived]
    found = _verdict(primary, guards, given)
    failed = tuple(each.plan.metric_id for each in guards if each.has_failed)
    blocked = [each.blocked for each in (primary, *others) if each.blocked]
    return CheckResult(
        (primary.row, *(each.row for each in others)),
        replace(
            found,
            is_fast_path=bool(failed),
            failed_guards=failed,
            sentences=tuple(dict.fromkeys(text for each in blocked for text in each.sentences)),
            notes=_notes(primary, others, found),
        ),
    )


def _judged(plan: MetricPlan, window: Window, given: CheckInput) -> _Judged:
    look, alpha = given.look, given.alpha
    if blocked := not_judged(plan, window):
        row = empty_row(plan, window, look, alpha)
        # Before its day a guard-rail is only asked for a point beyond a limit.
        is_early = is_guard_rail(plan) and blocked.verdict is Verdict.NOT_READY
        has_failed = is_early and breaches_early(plan, analysed(plan, window))
        return _Judged(plan, row, blocked=blocked, has_failed=has_failed)
    if window.imported:
        row = imported_row(plan, window, window.imported, look, alpha)
        return _pooled(plan, row, decides=True)
    if is_two_waves(plan, window):
        return _pooled(plan, waves_row(plan, window, look, alpha), decides=False)
    series = analysed(plan, window)
    found = measured(plan, series, alpha)
    row = measured_row(plan, window, series, found, look, alpha)
    has_failed = row.guard_state is GuardState.FAIL
    return _Judged(plan, row, _evidence(found), has_failed=has_failed, notes=series.notes)


def _pooled(plan: MetricPlan, row: MetricCheck, *, decides: bool) -> _Judged:
    """A metric without a series: signals and drift are not asked where a test decides alone."""
    low, high = (floats(np.nan if end is None else end) for end in (row.lo, row.hi))
    evidence = Evidence(
        favourable=(low > 0) & decides,
        unfavourable=(high < 0) & decides,
        low=low,
        high=high,
        drift_excluded=np.asarray(decides),
        too_alike=np.asarray(False),
    )
    return _Judged(plan, row, evidence, has_failed=row.guard_state is GuardState.FAIL)


def _evidence(found: Measured) -> Evidence:
    return Evidence(
        favourable=found.favourable,
        unfavourable=found.unfavourable,
        low=found.low,
        high=found.high,
        drift_excluded=found.drift_excluded,
        too_alike=found.effect.is_too_alike,
    )


def _rows(plan: MetricPlan, evidence: Evidence, worst_guard: ArrayLike) -> Codes:
    codes = np.asarray(worst_guard, dtype=np.int8)
    return matched_rows(evidence, codes, plan.metric.min_effect or 0.0)


def _verdict(primary: _Judged, guards: list[_Judged], given: CheckInput) -> MachineVerdict:
    if primary.evidence is None:
        verdict = primary.blocked.verdict if primary.blocked else Verdict.NOT_READY
        advice = "plan again" if verdict is Verdict.INVALID else "wait"
        return MachineVerdict(verdict, READINESS_ROW, suggestion=advice)
    states = [each.row.guard_state or GuardState.NOT_PROVEN for each in guards]
    worst = max((GUARD_CODES[state] for state in states), default=0)
    row = int(_rows(primary.plan, primary.evidence, worst))
    match = ROWS[row]
    return MachineVerdict(
        match.verdict,
        row,
        reasons=match.reasons,
        suggestion=suggestion(row, given.look),
        decisions=match.decisions,
    )


def _notes(primary: _Judged, others: list[_Judged], found: MachineVerdict) -> tuple[str, ...]:
    notes = [note for each in (primary, *others) for note in each.notes]
    if found.verdict is Verdict.WORSE and primary.row.drift_excluded is False:
        notes.append(EARLIER_DECLINE)
    notes += [
        f"{each.plan.label}: {HARM_INSIDE}"
        for each in others
        if each.row.guard_state is GuardState.PASS
        and each.plan.metric.direction is not Direction.WITHIN
        and each.row.hi is not None
        and each.row.hi < 0
    ]
    return tuple(dict.fromkeys(notes))
