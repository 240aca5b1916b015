"""Frozen numbers: what is kept of a snapshot, and that it reads the same a year later."""

from dataclasses import asdict
from datetime import date, timedelta

import pytest

from pipelines.errors import RecordsError, SnapshotError, UsageError
from pipelines.read import Snapshot, snapshots
from pipelines.reviews import cycles
from pipelines.reviews.core.canonical import canonical
from pipelines.reviews.core.card import Card
from pipelines.reviews.core.terms import Direction, FreezePurpose, Kind, Verdict
from pipelines.reviews.numbers.freezing import PINNED_FOR, Shown, freeze
from pipelines.reviews.numbers.frozen import frozen
from pipelines.reviews.numbers.series import known_series
from pipelines.reviews.records.freezes import stored_snapshot_id
from pipelines.reviews.records.rows import row_of, rows_of
from pipelines.reviews.records.tables import FrozenValue
from pipelines.reviews.records.tables import Snapshot as Freeze
from pipelines.reviews.records.verifying import verify_records
from pipelines.warehouse import Warehouse


def taken(desk, *cards, purpose=FreezePurpose.MANUAL):
    snapshot = Snapshot(desk.folder)
    shown = [Shown(known_series(snapshot, card)) for card in cards]
    with desk.saving() as save:
        return freeze(save, snapshot, purpose, shown)


def test_a_freeze_keeps_values_rule_watermarks_and_where_they_were_read(product, card):
    desk = product.desk()
    found = frozen(desk.store, taken(desk, card, Card("wau")))
    snapshot = Snapshot(desk.folder)
    assert found.warehouse_id == snapshot.id
    assert found.taken_by == "local"
    assert found.data_as_of == snapshot.facts.as_of
    assert list(found.watermarks) == ["product events"]
    activation, wau = found.series
    assert (activation.name, activation.unit, activation.better) == (
        "Activation rate", "share", "up",
    )  # fmt: skip
    assert "Formula:" in activation.rule_text
    row = snapshot.answer(known_series(snapshot, card).request).row(5, named=True)
    point = activation.points[5]
    assert (point.start, point.value, point.low, point.high, point.n, point.total) == (
        row["period"], row["value"], row["low"], row["high"], row["n"], row["total"],
    )  # fmt: skip
    assert wau.points[-1].state == "immature"
    assert wau.newest == wau.points[-2]


def test_the_id_is_that_of_the_stored_rows_and_the_same_numbers_have_one_freeze(product, card):
    desk = product.desk()
    first, second = taken(desk, card), taken(desk, card)
    assert first == second
    with desk.store.reading() as session:
        assert stored_snapshot_id(session, row_of(session, Freeze, first, "freeze")) == first
        assert len(rows_of(session, Freeze)) == 1
        assert verify_records(session) is None


def test_a_frozen_snapshot_is_pinned_and_survives_pruning(product, card):
    desk = product.desk()
    taken(desk, card)
    (info,) = snapshots(desk.folder)
    assert info.pinned_by == PINNED_FOR
    product.data("step")
    Warehouse(desk.folder / "snapshots").prune(keep=0, keep_monthly=0)
    assert info.id in {each.id for each in snapshots(desk.folder)}


def test_numbers_of_two_snapshots_are_not_frozen_together(product, card):
    desk = product.desk()
    old = known_series(Snapshot(desk.folder), card)
    product.data("step")
    newer = Snapshot(desk.folder)
    with pytest.raises(SnapshotError, match="one snapshot only"), desk.saving() as save:
        freeze(save, newer, FreezePurpose.MANUAL, [Shown(old)])


def test_a_range_of_a_series_can_be_frozen_alone(product, card):
    desk = product.desk()
    snapshot = Snapshot(desk.folder)
    shown = Shown(known_series(snapshot, card), date(2025, 4, 7), date(2025, 5, 5), "primary")
    with desk.saving() as save:
        found = freeze(save, snapshot, FreezePurpose.MANUAL, [shown])
    (series,) = frozen(desk.store, found).series
    assert [each.start for each in series.points] == [
        date(2025, 4, 7) + timedelta(weeks=number) for number in range(4)
    ]
    assert series.role == "primary"


def test_an_unknown_freeze_is_named(product):
    with pytest.raises(RecordsError, match="no freeze nothing"):
        frozen(product.desk().store, "nothing")


def test_a_year_later_the_page_and_the_numbers_are_the_same_without_any_data(
    product, asked, card, steps
):
    desk = product.desk()
    cycle_id = steps.locked(desk, card, asked())
    steps.do(desk, cycle_id)
    product.data("step")
    product.wait_until(cycles.cycle_page(desk, cycle_id).record.cycle.check_not_before)
    run = cycles.run_check(product.desk(), cycle_id)
    assert run.verdict.machine_verdict is Verdict.IMPROVED
    kept = cycles.cycle_page(desk, cycle_id).record
    bytes_then = canonical(asdict(kept))
    with desk.store.reading() as session:
        values = {row.snapshot_id for row in rows_of(session, FrozenValue)}

    # Back-filled numbers and another definition come in; then all published files are gone.
    product.data("redefined")
    product.now += timedelta(days=365)
    for file in (desk.folder / "snapshots").iterdir():
        file.unlink()
    later = product.desk()
    assert canonical(asdict(cycles.cycle_page(later, cycle_id).record)) == bytes_then
    for snapshot_id in values:
        with later.store.reading() as session:
            row = row_of(session, Freeze, snapshot_id, "freeze")
            assert stored_snapshot_id(session, row) == snapshot_id


def test_a_series_says_its_grain_kind_direction_and_whole_settled_periods(product, card):
    snapshot = Snapshot(product.desk().folder)
    known = known_series(snapshot, card)
    assert (known.grain, known.kind, known.direction) == ("week", Kind.PROPORTION, Direction.UP)
    assert known.possible == (0.0, 1.0)
    assert len(known.points) == 40
    assert known.points[0].exposure == known.rows[0]["n"]
    wau = known_series(snapshot, Card("wau"))
    assert (wau.grain, wau.kind, wau.possible[0]) == ("week", Kind.MEAN, 0.0)
    assert [row["status"] for row in wau.unsettled] == ["immature"]
    assert known_series(snapshot, Card("time_to_value")).kind is Kind.QUANTILE
    with pytest.raises(UsageError, match="one value of all history"):
        known_series(snapshot, card.by("total"))


def test_a_definition_has_another_hash_when_its_settings_change_and_else_the_same(product, card):
    desk = product.desk()
    before = known_series(Snapshot(desk.folder), card).meaning.hash
    wau = known_series(Snapshot(desk.folder), Card("wau")).meaning.hash
    product.data("flat")
    assert known_series(Snapshot(desk.folder), card).meaning.hash == before
    product.data("redefined")
    assert known_series(Snapshot(desk.folder), card).meaning.hash != before
    assert known_series(Snapshot(desk.folder), Card("wau")).meaning.hash == wau
