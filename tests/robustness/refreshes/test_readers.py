"""Readers see one whole snapshot each, and their own rows, while refreshes run."""

import time
from concurrent.futures import ThreadPoolExecutor

from pipelines.read import Snapshot
from pipelines.refresh import refresh
from pipelines.warehouse import Warehouse, reader


def test_readers_see_one_snapshot_each_while_refreshes_run(copy, daily):
    stop = time.monotonic() + 600
    done = []

    def read() -> int:
        seen = set()
        while not done and time.monotonic() < stop:
            snapshot = Snapshot(copy)
            daily.assert_whole(snapshot)
            seen.add(snapshot.id)
            time.sleep(0.05)
        return len(seen)

    with ThreadPoolExecutor(5) as pool:
        readers = [pool.submit(read) for _ in range(5)]
        try:
            for day in range(daily.DAYS, daily.DAYS + 2):
                (copy / "events" / f"d{day:02d}.csv").write_text(daily.events_of(day))
                assert refresh(copy).published
        finally:
            done.append(True)
        assert max(reader.result() for reader in readers) >= 2


def test_a_cursor_per_query_gives_every_thread_its_own_rows(published):
    store = Warehouse(published / "snapshots")
    snapshot = store.current_id

    def ask(number: int) -> int:
        session = reader(store, snapshot)
        found = session.rows(f"select {number}, count(*) from activity.person_days, range(2000)")
        return found[0][0]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(400))) == list(range(400))
