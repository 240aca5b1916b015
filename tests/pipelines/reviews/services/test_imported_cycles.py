"""An open cycle goes on in the workspace that imported it, on the data of there."""

import json

import pytest

from pipelines.reviews import cycles
from pipelines.reviews.core.terms import Verdict
from pipelines.reviews.desk import MACHINE, Desk
from pipelines.reviews.records.verifying import verify_records
from pipelines.reviews.reports.exporting import cycle_export
from pipelines.reviews.reports.importing import import_exports

OTHER = "The baseline of Activation rate is not the one that was locked. Plan again with a reason."


@pytest.fixture
def moved(product, stages, asked, card, steps, tmp_path):
    """`moved("step")`: a cycle in Check is imported into a workspace with the data of a stage."""

    def to(stage):
        desk = product.desk()
        cycle_id = steps.locked(desk, card, asked())
        steps.do(desk, cycle_id)
        file = tmp_path / "cycle.json"
        with desk.store.reading() as session:
            file.write_text(json.dumps(cycle_export(session, cycle_id)), encoding="utf-8")
        other = tmp_path / "other"
        other.mkdir()
        for name in ("launchloop.toml", "snapshots"):
            (other / name).symlink_to(stages[stage] / name)
        product.wait_until(cycles.cycle_page(desk, cycle_id).record.cycle.check_not_before)
        there = Desk.open(other, clock=lambda: product.now)
        import_exports(there, [file])
        return there, cycle_id

    return to


def checked(desk, cycle_id):
    """What the Check says, run by the program as after a refresh."""
    cycles.after_refresh(Desk.open(desk.folder, MACHINE, clock=desk.clock))
    return cycles.cycle_page(desk, cycle_id).record.runs[-1].verdict


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
class TestAnOpenCycle:
    def test_on_the_same_data_is_judged_as_where_it_was_locked(self, moved):
        assert checked(*moved("step")).machine_verdict is Verdict.IMPROVED

    @pytest.mark.parametrize(
        ("stage", "said"),
        [
            ("alike", OTHER),
            ("later", OTHER),
            ("redefined", "The definition of Activation rate is not the one that was locked."),
        ],
    )
    def test_on_other_data_is_invalid_and_says_what_to_do(self, moved, stage, said):
        verdict = checked(*moved(stage))
        assert verdict.machine_verdict is Verdict.INVALID
        assert said in verdict.sentence

    def test_a_new_plan_takes_its_baseline_here_and_is_judged_on_it(self, moved, steps):
        desk, cycle_id = moved("alike")
        other_day = cycles.cycle_page(desk, cycle_id).record.cycle.check_due_on
        dates = cycles.Replan(dates={"check_due_on": other_day.replace(day=other_day.day + 1)})
        cycles.relock(desk, cycle_id, steps.version(desk, cycle_id), dates, "A day more")
        assert checked(desk, cycle_id).machine_verdict is Verdict.INVALID
        again = cycles.Replan(takes_baseline_again=True)
        cycles.relock(desk, cycle_id, steps.version(desk, cycle_id), again, "Other data")
        assert checked(desk, cycle_id).machine_verdict is Verdict.IMPROVED
        with desk.store.reading() as session:
            assert verify_records(session) is None
