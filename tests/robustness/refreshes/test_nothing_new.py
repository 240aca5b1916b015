"""Where nothing is new nothing is published, and a damaged correction changes no byte."""

from pathlib import Path

from pipelines.last_refresh import failure
from pipelines.refresh import refresh
from pipelines.warehouse import Warehouse


def test_a_second_refresh_publishes_nothing(copy):
    before = sorted((copy / "snapshots").iterdir())
    report = refresh(copy)
    assert not report.published
    assert "Nothing changed" in report.note
    assert {one.status for one in report.sources} == {"unchanged"}
    assert failure(copy / "snapshots") is None
    assert sorted((copy / "snapshots").iterdir()) == before


def test_a_full_rebuild_of_the_same_equals_what_was_built(copy):
    report = refresh(copy, full=True)
    assert not report.published
    assert "equals the last snapshot" in report.note


def test_a_damaged_correction_leaves_the_snapshot_byte_for_byte(copy):
    store = Warehouse(copy / "snapshots")
    before = store.path(store.current_id).read_bytes()
    text = (copy / "events" / "d03.csv").read_text()
    (copy / "events" / "d03.csv").write_text(text.replace("2026-03-05", "2026-33-05"))
    (copy / "crm" / "accounts.csv").write_text("")
    report = refresh(copy)
    assert not report.is_good
    assert not report.published
    bad = {Path(one.file).name: one.status for one in report.sources if not one.is_good}
    assert bad == {"d03.csv": "held", "accounts.csv": "failed"}
    assert store.path(store.current_id).read_bytes() == before
