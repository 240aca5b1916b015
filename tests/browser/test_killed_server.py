"""A server that is killed in the middle of a save has saved it whole or not at all."""

import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pipelines.reviews.cycle.record import CycleRecord, read_record
from pipelines.reviews.desk import Desk
from pipelines.reviews.records.verifying import verify_records

pytestmark = pytest.mark.browser
# Seconds between the click and the end: before it arrives, while it is worked on, after it.
DELAYS = (0.0, 0.02, 0.05, 0.1, 0.2)


def kept(folder: Path, cycle_id: str) -> CycleRecord:
    """What the records hold once nobody serves; they verify."""
    with Desk.open(folder, "pm").store.reading() as session:
        assert verify_records(session) is None
        return read_record(session, cycle_id)


def saves(record: CycleRecord) -> int:
    return sum(event.action == "edited" for event in record.events)


def test_what_a_browser_saves_while_the_server_is_killed_is_there_whole_or_not_at_all(
    steady: ModuleType, served: Any, reader: Any, tmp_path: Path
) -> None:
    folder = steady.write(tmp_path / "workspace", steady.MANAGER)
    product = next(served(folder, tmp_path))
    person = reader(product.url)
    person.begin("reports", "0.5")
    path = person.page.url.removeprefix(product.url)
    cycle_id = path.partition("cycle=")[2].partition("&")[0]
    for number, delay in enumerate(DELAYS):
        before = kept(folder, cycle_id)
        person.fill("Why should it help?", f"Reason {number}")
        save = person.page.get_by_role("button", name="Save the answers", exact=True)
        save.click(no_wait_after=True)
        time.sleep(delay)
        product.process.kill()
        product.process.wait()
        after = kept(folder, cycle_id)
        said = (after.cycle.hypothesis_because, after.cycle.row_version, saves(after))
        old = (before.cycle.hypothesis_because, before.cycle.row_version, saves(before))
        new = (f"Reason {number}", before.cycle.row_version + 1, saves(before) + 1)
        assert said in {old, new}
        product = next(served(folder, tmp_path))
        person = reader(product.url)
        person.at(f"{product.url}{path}")
    # What was answered stays, however soon the end comes.
    person.fill("Why should it help?", "The last one")
    person.click("Save the answers", "Saved.")
    product.process.kill()
    product.process.wait()
    assert kept(folder, cycle_id).cycle.hypothesis_because == "The last one"
