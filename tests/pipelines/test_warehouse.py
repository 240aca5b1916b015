"""Snapshots are published beside each other, never over one that was served."""

from datetime import UTC, datetime

from pipelines.warehouse import Warehouse

STARTED = datetime(2026, 7, 1, 23, 59, 59, tzinfo=UTC)


def published(store: Warehouse, content: bytes) -> str:
    """A snapshot of the same numbers, begun in the same second."""
    store.folder.mkdir(exist_ok=True)
    build = store.folder / ".build"
    build.write_bytes(content)
    snapshot = store.free_id(STARTED, "04ebd854")
    store.publish(build, snapshot)
    return snapshot


def test_two_snapshots_of_one_second_with_equal_numbers_are_both_kept(tmp_path):
    store = Warehouse(tmp_path / "snapshots")
    first, second = published(store, b"before"), published(store, b"after")
    assert first == "20260701T235959Z-04ebd854"
    assert second == "20260702T000000Z-04ebd854"
    assert store.ids() == [first, second]
    assert store.path(first).read_bytes() == b"before"
    assert store.path(second).read_bytes() == b"after"
    assert store.current_id == second
