"""A snapshot that cannot be read is refused with its cure, and pruning keeps what is needed."""

import json
import time

import pytest

from pipelines.engines.duckdb import Session
from pipelines.errors import SnapshotError
from pipelines.read import Snapshot
from pipelines.refresh import refresh
from pipelines.warehouse import Warehouse


def test_a_snapshot_of_another_format_is_refused_with_the_cure_and_a_refresh_is_the_cure(copy):
    store = Warehouse(copy / "snapshots")
    with Session(store.path(store.current_id)) as session:
        session.execute("update control.snapshot set value = '0' where key = 'format'")
    with pytest.raises(SnapshotError, match=r"has format 0, .*launchloop refresh --full"):
        Snapshot(copy)
    time.sleep(1.1)
    assert refresh(copy).published
    assert Snapshot(copy).id == store.current_id


def test_a_snapshot_that_is_no_database_is_refused_with_the_cure_and_replaced(copy):
    store = Warehouse(copy / "snapshots")
    store.path(store.current_id).write_bytes(b"nothing of the sort")
    with pytest.raises(SnapshotError, match="cannot be opened"):
        Snapshot(copy)
    time.sleep(1.1)
    assert refresh(copy).published
    assert Snapshot(copy).id == store.current_id


def test_pruning_keeps_the_newest_the_last_of_each_month_the_current_and_the_pinned(tmp_path):
    store = Warehouse(tmp_path)
    days = ["20260105", "20260120", "20260210", "20260220", "20260301", "20260302", "20260303"]
    ids = [f"{day}T000000Z-aaaaaaaa" for day in days]
    for one in ids:
        store.path(one).touch()
    (tmp_path / "CURRENT.json").write_text(json.dumps({"snapshot": ids[4]}))
    store.pin(ids[2], "review of March")
    assert store.prune(keep=1, keep_monthly=2) == [ids[0], ids[1], ids[5]]
    assert store.ids() == [ids[2], ids[3], ids[4], ids[6]]
    store.unpin(ids[2])
    assert store.prune(keep=1, keep_monthly=2) == [ids[2]]
