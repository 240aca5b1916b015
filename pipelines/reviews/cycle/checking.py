"""The Check: computed, frozen and recorded by the program, on the plan as it was locked."""

from pipelines.errors import NotAllowedError, StaleError
from pipelines.reviews.check.inputs import ImportedResult
from pipelines.reviews.core import moves
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.terms import CycleStatus, Design, FreezePurpose, Verdict
from pipelines.reviews.cycle.check_now import Found, found_of
from pipelines.reviews.cycle.record import CHECKED, CYCLE, CycleRecord, Run, read_record
from pipelines.reviews.cycle.values import columns_of_value
from pipelines.reviews.desk import Desk
from pipelines.reviews.numbers.freezing import Shown, freeze
from pipelines.reviews.records.tables import PdcaCheck, PdcaVerdict
from pipelines.reviews.saving_work import Save
from pipelines.workspace.delivery import WEEK

RUNS_IN = (CycleStatus.DOING, CycleStatus.CHECKING)
BY_PEOPLE = "Qualitative cycle: judged by people on the declared criteria, not computed."


def run_check(desk: Desk, cycle_id: str, imported: ImportedResult | None = None) -> Run:
    """Runs the Check of a cycle on the newest published snapshot, freezes and records it.

    The same plan, look and numbers give the run that is recorded already. Before its day, and
    while actions are still under way, only guard-rails are looked at.

    Args:
        desk: A member of the team, or the program itself.
        cycle_id: In Do or Check, with a locked plan.
        imported: The result of an A/B test, for a cycle of that design; it replaces the
            comparison of before and after.

    Raises:
        NotAllowedError: The role or the state does not allow it.
        SnapshotError: Nothing was published yet.
    """
    with desk.store.reading() as session:
        record = read_record(session, cycle_id)
    _need_may_run(desk, record)
    if record.cycle.design is Design.QUALITATIVE:
        return _run_qualitative(desk, cycle_id)
    if (record.cycle.design is Design.AB_TEST) != (imported is not None):
        raise NotAllowedError(
            "A cycle with an A/B test is checked on the result of that test, and no other cycle "
            "is. Enter difference and interval of the test."
        )
    found = found_of(desk, record, imported)
    with desk.saving() as save:
        return _recorded(desk, save, read_record(save.session, cycle_id), found, imported)


def look_early(desk: Desk, cycle_id: str) -> Run | None:
    """Looks at the guard-rails before the Check is due; records a run only if one failed.

    Raises:
        NotAllowedError: As in `run_check`.
    """
    with desk.store.reading() as session:
        record = read_record(session, cycle_id)
    _need_may_run(desk, record)
    if record.cycle.design is Design.QUALITATIVE:
        return None
    found = found_of(desk, record)
    known = record.run.failed if record.run else {}
    if not found.failed or set(found.failed) <= set(known):
        return None
    with desk.saving() as save:
        return _recorded(desk, save, read_record(save.session, cycle_id), found)


def _recorded(
    desk: Desk,
    save: Save,
    record: CycleRecord,
    found: Found,
    imported: ImportedResult | None = None,
) -> Run:
    _need_same(record, found)
    snapshot_id = freeze(save, found.snapshot, FreezePurpose.CHECK, _shown(found))
    verdict = found.result.verdict
    for run in record.runs:
        same = (run.plan_no, run.look, run.snapshot_id, run.verdict.sentence, run.failed)
        if same == (found.plan.plan_no, record.cycle.look, snapshot_id, found.sentence,
                    found.failed):  # fmt: skip
            return run
    run_id, cycle_id = save.new_id(), record.cycle.cycle_id
    for row in found.result.checks:
        save.insert(
            PdcaCheck(
                check_id=save.new_id(), run_id=run_id, cycle_id=cycle_id,
                plan_no=found.plan.plan_no, run_at=save.at, snapshot_id=snapshot_id,
                **columns_of_value(row),
            )
        )  # fmt: skip
    save.insert(
        PdcaVerdict(
            verdict_id=save.new_id(), run_id=run_id, cycle_id=cycle_id,
            machine_verdict=verdict.verdict.value,
            reasons=[each.value for each in verdict.reasons],
            confounders=list(found.confounders), sentence=found.sentence,
        )
    )  # fmt: skip
    calendar = desk.calendar(record.cycle.team_id)
    by = moves.decide_by(
        desk.today,
        workdays={WEEK.index(day) for day in calendar.workdays},
        holidays=calendar.holidays,
    )
    still = found.still_open
    told = {
        "run_id": run_id,
        "plan_no": found.plan.plan_no,
        "look": record.cycle.look,
        "snapshot_id": snapshot_id,
        "suggestion": verdict.suggestion,
        "decisions": [each.value for each in verdict.decisions],
        "failed": found.failed,
        "decide_by": by.isoformat() if found.failed else None,
        "notes": list(verdict.notes),
        "imported": imported,
        "known": still.known if still else "",
        "settling": still.settling.sentence if still else "",
        "settles_on": still.settling.on if still else None,
    }
    save.event(CYCLE, cycle_id, CHECKED, changes=told)
    return _latest(save, cycle_id)


def _run_qualitative(desk: Desk, cycle_id: str) -> Run:
    with desk.saving() as save:
        record = read_record(save.session, cycle_id)
        plan = record.plan
        if plan is None:
            raise NotAllowedError("There is no locked plan to check. Lock it first.")
        kinds = sorted({evidence.kind for _, evidence in record.evidence})
        criteria = "; ".join(plan.criteria)
        known = ", ".join(kind.replace("_", " ") for kind in kinds) or "none"
        # More may be linked before the signature, so the sentence says of when it speaks.
        text = f"{BY_PEOPLE} Criteria: {criteria}. Evidence when this ran: {known}."
        for run in record.runs:
            if (run.plan_no, run.look, run.verdict.sentence) == (
                plan.plan_no, record.cycle.look, text,
            ):  # fmt: skip
                return run
        run_id = save.new_id()
        row = PdcaVerdict(verdict_id=save.new_id(), run_id=run_id, cycle_id=cycle_id,
                          machine_verdict=Verdict.INCONCLUSIVE.value, sentence=text)  # fmt: skip
        save.insert(row)
        told = {
            "run_id": run_id, "plan_no": plan.plan_no, "look": record.cycle.look,
            "snapshot_id": None, "suggestion": "", "decisions": [], "failed": {},
            "decide_by": None, "notes": [],
        }  # fmt: skip
        save.event(CYCLE, cycle_id, CHECKED, changes=told)
        return _latest(save, cycle_id)


def _latest(save: Save, cycle_id: str) -> Run:
    run = read_record(save.session, cycle_id).run
    if run is None:
        raise ValueError("a run that was just recorded is gone")
    return run


def _shown(found: Found) -> list[Shown]:
    """Baselines and all that came after, of every metric that can be read."""
    return [
        Shown(
            found.known[each.metric_id],
            start=next((p.start for p in found.plan.baseline_of(each.metric_id).points), None),
            role=each.role.value,
        )
        for each in found.plan.metrics
        if each.metric_id in found.known
    ]


def _need_may_run(desk: Desk, record: CycleRecord) -> None:
    cycle = record.cycle
    if not desk.is_machine:
        is_owner = cycle.owner_id == desk.person_id
        desk.require(Permission.CONTRIBUTE, cycle.team_id, is_owner=is_owner)
    if cycle.status not in RUNS_IN:
        raise NotAllowedError(
            "The Check runs between the first action and the signature. This cycle is "
            f"{cycle.status.value.replace('_', ' ')}."
        )


def _need_same(record: CycleRecord, found: Found) -> None:
    """Nobody moved the cycle while the Check was computed."""
    now = record.plans[-1].plan_no if record.plans else 0
    if record.cycle.status not in RUNS_IN or now != found.plan.plan_no:
        raise StaleError(
            "Somebody else moved this cycle while the Check ran. Run it again.",
            {"status": record.cycle.status.value, "plan_no": now},
            {"plan_no": found.plan.plan_no},
        )
