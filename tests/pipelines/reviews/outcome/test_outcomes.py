"""The ledger at the desk: rows by themselves, predictions up to the release, judged once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines.errors import NotAllowedError, StaleError, UsageError
from pipelines.read import Snapshot, request
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.team_settings import GuardRailDefault
from pipelines.reviews.core.terms import Direction, LedgerStatus, Verdict
from pipelines.reviews.outcome.judging import judge_due
from pipelines.reviews.outcome.keeping import keep_ledger
from pipelines.reviews.outcome.page import ledger
from pipelines.reviews.outcomes import lock, predict, suggested_review
from pipelines.reviews.records.rows import rows_of
from pipelines.reviews.records.tables import Event, OutcomeLink
from pipelines.reviews.records.tables import OutcomeResult as ResultRow
from pipelines.reviews.records.verifying import verify_records

RELEASED, REVIEW = date(2026, 7, 6), date(2026, 10, 5)
EVE = datetime(2026, 7, 1, 9, tzinfo=UTC)
AFTER = datetime(2026, 7, 20, 9, tzinfo=UTC)
AT_REVIEW = datetime(2026, 10, 20, 9, tzinfo=UTC)


@pytest.fixture
def out(samples):
    """The release as the source tells it once it is out."""
    return [samples.release("2.0", released=RELEASED)]


def events_of(desk):
    with desk.store.reading() as session:
        assert verify_records(session) is None
        return len(rows_of(session, Event))


def test_every_stable_release_gets_a_row_by_itself_and_only_once(product):
    found = product.kept()
    assert [(line.title, line.status) for line in found.lines] == [
        ("2.0", LedgerStatus.UNPREDICTED)
    ]
    assert found.lines[0].can_be_predicted
    before = events_of(product.desk())
    assert keep_ledger(product.machine(), Snapshot(product.folder)) == 0
    assert events_of(product.desk()) == before


def test_a_prediction_is_written_in_parts_and_locked_when_it_is_whole(product):
    product.kept()
    line = product.predict("2.0", locked=False, confidence=None, min_effect=None)
    assert line.missing == ("a smallest effect above 0", "a confidence from 0 to 1")
    with pytest.raises(NotAllowedError, match="lacks a smallest effect above 0, a confidence"):
        lock(product.desk(), line.row.link_id, line.row_version)
    line = product.predict("2.0")
    assert (line.status, line.missing) == (LedgerStatus.OPEN, ())
    assert line.metric_name == "Activation rate"
    with pytest.raises(NotAllowedError, match="is locked"):
        product.predict("2.0")


def test_what_makes_no_sense_is_refused_with_a_sentence(product, samples):
    product.kept()
    line = product.line("2.0")
    for parts, said in (
        ({"direction": Direction.WITHIN}, "up or down"),
        ({"expected_effect": -0.1}, "above 0"),
        ({"min_effect": float("inf")}, "above 0"),
        ({"confidence": 1.2}, "0 to 1"),
        ({"review_on": RELEASED}, "after the release"),
        ({"cycle_id": "none"}, "no cycle none"),
    ):
        with pytest.raises(NotAllowedError, match=said):
            predict(product.desk(), line.row.link_id, line.row_version, samples.prediction(**parts))
    unknown = samples.prediction(card=Card("activation_rat"))
    with pytest.raises(UsageError, match="activation_rate"):
        predict(product.desk(), line.row.link_id, line.row_version, unknown)
    assert product.line("2.0") == line


def test_two_writers_do_not_overwrite_each_other(product, samples):
    product.kept()
    line = product.line("2.0")
    product.predict("2.0", locked=False)
    with pytest.raises(StaleError):
        predict(product.desk(), line.row.link_id, line.row_version, samples.prediction())


def test_a_click_that_is_sent_twice_writes_once(product, samples):
    product.kept()
    line = product.line("2.0")
    for _ in range(2):
        predict(
            product.desk(), line.row.link_id, line.row_version, samples.prediction(), key="click"
        )
    line = product.line("2.0")
    for _ in range(2):
        lock(product.desk(), line.row.link_id, line.row_version, key="lock")
    assert product.line("2.0").status is LedgerStatus.OPEN


def test_a_whole_prediction_that_nobody_locked_is_locked_at_its_release(product, out):
    product.kept()
    product.predict("2.0", locked=False)
    product.publish(weeks=28, releases=out)
    line = product.kept(AFTER).lines[0]
    assert line.status is LedgerStatus.OPEN
    assert line.row.locked_at == AFTER
    assert line.row.released_on == RELEASED


def test_what_was_written_after_the_release_is_no_prediction(product, samples):
    product.kept()
    early = date(2026, 6, 29)
    line = product.predict("2.0", EVE)
    assert line.status is LedgerStatus.OPEN
    product.publish(weeks=28, releases=[samples.release("2.0", released=early)])
    line = product.kept(AFTER).lines[0]
    assert line.status is LedgerStatus.UNPREDICTED
    assert "after the release" in line.sentence
    assert product.kept(AFTER).scorecard.predicted.k == 0
    with pytest.raises(NotAllowedError, match="released on 29 Jun 2026"):
        product.predict("2.0", AFTER)


def test_at_its_review_date_a_prediction_is_judged_once(product, out):
    product.kept()
    product.set_team(guard_rails=[GuardRailDefault("wau", {}, margin=5)])
    product.predict("2.0")
    product.publish(releases=out)
    product.kept(AFTER)
    snapshot = Snapshot(product.folder)
    assert judge_due(product.machine(AFTER), snapshot) == ()
    (run,) = judge_due(product.machine(AT_REVIEW), snapshot)
    line = product.line("2.0", AT_REVIEW)
    assert line.status is LedgerStatus.JUDGED
    assert line.outcome.result.run_id == run
    assert line.outcome.result.effect == pytest.approx(0.2, abs=0.05)
    assert line.outcome.result.lo > 0
    assert line.sentence.endswith("Before/after comparison, not a controlled test.")
    assert "went up" in line.sentence
    assert line.run.power is not None
    assert line.run.guards == {"Weekly active users": "pass"}
    assert "Weekly active users passed" in line.sentence
    before = events_of(product.desk())
    assert judge_due(product.machine(AT_REVIEW), snapshot) == ()
    assert judge_due(product.machine(AT_REVIEW + timedelta(days=40)), snapshot) == ()
    assert events_of(product.desk()) == before


def test_the_window_of_a_judgement_does_not_depend_on_the_day_of_looking(product, out):
    product.kept()
    product.predict("2.0")
    product.publish(releases=out)
    product.kept(AFTER)
    late = datetime(2026, 11, 9, 9, tzinfo=UTC)
    judge_due(product.machine(late), Snapshot(product.folder))
    result = product.line("2.0", late).outcome.result
    snapshot = Snapshot(product.folder)
    rows = snapshot.answer(request(snapshot, "activation_rate", every="week")).rows(named=True)
    before = [r["value"] for r in rows if r["period_end"] <= RELEASED][-26:]
    after = [r["value"] for r in rows if r["period"] >= RELEASED and r["period_end"] <= REVIEW]
    assert len(after) == 13
    expected = sum(after) / len(after) - sum(before) / len(before)
    assert result.effect == pytest.approx(expected, abs=1e-9)


def test_too_few_periods_leave_a_row_due_and_say_why_once(product, out):
    product.kept()
    product.predict("2.0", review_on=date(2026, 8, 3))
    snapshot = product.publish(weeks=30, releases=out)
    moment = datetime(2026, 8, 4, 9, tzinfo=UTC)
    product.kept(moment)
    assert judge_due(product.machine(moment), snapshot) == ()
    line = product.line("2.0", moment)
    assert line.status is LedgerStatus.DUE
    assert "of 8 periods after the change" in line.sentence
    before = events_of(product.desk())
    judge_due(product.machine(moment), snapshot)
    assert events_of(product.desk()) == before
    snapshot = product.publish(releases=out)
    assert len(judge_due(product.machine(AT_REVIEW), snapshot)) == 1
    assert product.line("2.0", AT_REVIEW).status is LedgerStatus.JUDGED


def test_a_baseline_that_is_too_short_is_not_judgeable_and_says_why(product, samples):
    early = date(2026, 2, 2)
    moment = datetime(2026, 1, 30, tzinfo=UTC)
    product.publish(weeks=25, releases=[samples.release("0.9", planned=early)])
    product.kept(moment)
    product.predict("0.9", moment, review_on=date(2026, 5, 4))
    snapshot = product.publish(releases=[samples.release("0.9", early, released=early)])
    product.kept(AT_REVIEW)
    assert len(judge_due(product.machine(AT_REVIEW), snapshot)) == 1
    line = product.line("0.9", AT_REVIEW)
    assert line.status is LedgerStatus.NOT_JUDGEABLE
    assert line.outcome.result.verdict is Verdict.INVALID
    assert "4 periods with a value before the release; 6 are needed" in line.sentence
    assert ledger(product.desk(AT_REVIEW)).scorecard.hit_rate.n == 0


def test_another_definition_than_at_the_lock_is_not_judgeable(product, out, monkeypatch, samples):
    product.kept()
    product.predict("2.0")
    monkeypatch.setattr(
        product, "settings", samples.SETTINGS.replace("within_days = 7", "within_days = 14")
    )
    snapshot = product.publish(releases=out)
    product.kept(AFTER)
    judge_due(product.machine(AT_REVIEW), snapshot)
    line = product.line("2.0", AT_REVIEW)
    assert line.status is LedgerStatus.NOT_JUDGEABLE
    assert "definition" in line.sentence


def test_what_was_released_together_shares_one_judgement(product, samples):
    plans = [samples.release("2.0"), samples.release("2.0-desktop")]
    product.publish(weeks=25, releases=plans)
    product.kept()
    product.predict("2.0")
    product.predict("2.0-desktop", expected_effect=0.05, min_effect=0.01, confidence=0.5,
                    review_on=date(2026, 10, 19))  # fmt: skip
    both = [samples.release(name, released=RELEASED) for name in ("2.0", "2.0-desktop")]
    snapshot = product.publish(releases=both)
    product.kept(AFTER)
    first = datetime(2026, 10, 12, 9, tzinfo=UTC)
    (run,) = judge_due(product.machine(first), snapshot)
    assert product.line("2.0-desktop", first).status is LedgerStatus.OPEN
    later = datetime(2026, 10, 26, 9, tzinfo=UTC)
    assert judge_due(product.machine(later), snapshot) == (run,)
    one, two = product.line("2.0", later), product.line("2.0-desktop", later)
    assert one.outcome.result.run_id == two.outcome.result.run_id == run
    assert one.joint_with == ("2.0-desktop",)
    assert two.joint_with == ("2.0",)
    found = ledger(product.desk(later)).scorecard
    assert (found.joint, found.hit_rate.n, found.predicted.k) == (1, 1, 2)
    with product.desk().store.reading() as session:
        assert len(rows_of(session, ResultRow)) == 2


def test_large_items_have_rows_of_their_own_once_the_team_says_how_large(product, samples):
    rows = [samples.item("S-1", 8, release_name="2.0"), samples.item("S-2", 3),
            samples.item("S-3", 5, done=date(2026, 6, 15))]  # fmt: skip
    product.publish(weeks=25, releases=[samples.release("2.0")], items=rows)
    assert [line.title for line in product.kept().lines] == ["2.0"]
    product.set_team(ledger_from_points=5)
    found = {line.title: line for line in product.kept().lines}
    assert set(found) == {"2.0", "Story S-1", "Story S-3"}
    assert found["Story S-1"].row.release_id == "2.0"
    assert not found["Story S-1"].is_released
    assert found["Story S-1"].row.released_on == RELEASED
    assert found["Story S-3"].row.released_on == date(2026, 6, 15)
    card = ledger(product.desk()).scorecard
    assert (card.predicted.k, card.predicted.n) == (0, 0)


def test_the_review_that_is_suggested_has_enough_whole_weeks(product):
    found = suggested_review(product.desk(), Card("activation_rate"), date(2026, 7, 8))
    assert found == date(2026, 9, 7)


def test_a_release_that_was_withdrawn_is_listed_as_gone(product, samples):
    product.kept()
    gone = samples.release("2.0", withdrawn=True)
    product.publish(weeks=25, releases=[gone, samples.release("3.0")])
    with product.desk().store.reading() as session:
        assert len(rows_of(session, OutcomeLink)) == 1
    found = product.kept()
    assert [line.title for line in found.lines] == ["3.0"]
    assert found.gone == ("2.0",)
