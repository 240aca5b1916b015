"""Programs that are killed while they save, two people at one cycle, a backup among writers."""

import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from random import Random
from threading import Barrier
from threading import Event as Flag

import pytest

from pipelines.cli import run
from pipelines.errors import StaleError
from pipelines.reviews import cycles, meetings
from pipelines.reviews.core.terms import ItemSource
from pipelines.reviews.desk import Desk
from pipelines.reviews.meeting import deciding, in_session
from pipelines.reviews.meeting.deciding import Deciding
from pipelines.reviews.records.rows import rows_of
from pipelines.reviews.records.tables import Decision, Event, MeetingItem, SavedRequest

NOW = datetime(2026, 7, 8, 9, tzinfo=UTC)
# Serves saves as the dashboard does: many threads, each save with its own key.
SERVER = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from pipelines.reviews.meeting import deciding, in_session
from pipelines.reviews.meeting.deciding import Deciding
from pipelines.reviews.desk import Desk
folder, meeting, life = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
desk = Desk.open(folder, "anna")
def serve(person):
    number = 0
    while True:
        name = f"{life}-{person}-{number}"
        in_session.add_item(desk, meeting, name, key=f"item {name}")
        deciding.decide(desk, meeting, Deciding(name, "anna", "Because"), key=f"decision {name}")
        print(name, flush=True)
        number += 1
with ThreadPoolExecutor(4) as people:
    list(people.map(serve, range(4)))
"""
LIVES = 6


@pytest.fixture
def begun(anna, plan_meeting):
    """A meeting in session."""
    meeting_id = plan_meeting(anna)
    meetings.start(anna, meeting_id)
    return meeting_id


def killed_while_it_served(folder, meeting_id, life, after):
    """What a program that is killed so long after its first save had answered."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, folder, meeting_id, f"life {life}"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    first = process.stdout.readline()
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    rest, _ = process.communicate()
    assert process.returncode == -signal.SIGKILL
    # A line that the end cut off was no answer.
    return {line.strip() for line in [first, *rest.splitlines(keepends=True)] if "\n" in line}


def test_a_program_killed_while_it_saves_leaves_every_save_whole_or_not_at_all(
    anna, place, begun, is_whole
):
    chance, answered = Random(7), set()
    for life in range(LIVES):
        answered |= killed_while_it_served(place, begun, life, chance.uniform(0, 0.3))
        assert is_whole(anna)
    with anna.store.reading() as session:
        items = {row.item_id: row.subject for row in rows_of(session, MeetingItem)}
        decisions = {row.decision_id: row.text for row in rows_of(session, Decision)}
        told = {row.entity_id for row in rows_of(session, Event, action=["added", "decided"])}
        kept = {
            row.idempotency_key.partition("/")[2]: row.result["answer"]
            for row in rows_of(session, SavedRequest)
        }
    asked = {key: row for key, row in kept.items() if key.startswith(("item ", "decision "))}
    whole = {f"item {text}": row for row, text in items.items() if text.startswith("life")}
    whole |= {f"decision {text}": row for row, text in decisions.items()}
    # Row, event and answer of a save are all there, or none of them is.
    assert whole == asked
    assert set(whole.values()) == told
    assert len(answered) > LIVES
    assert {f"item {name}" for name in answered} <= set(whole)
    assert {f"decision {name}" for name in answered} <= set(whole)
    # Who asks again after the end gets the answer of then.
    again = sorted(answered)[0]
    assert in_session.add_item(anna, begun, again, key=f"item {again}") == whole[f"item {again}"]


def test_two_people_who_edit_one_cycle_at_once_lose_no_text(anna, speak, is_whole):
    cycle_id = cycles.start_qualitative(anna, "growth", "Sign-up", owner_id="ben")
    desks = {"anna": anna, "ben": speak("ben")}
    texts = {who: [f"{who} {number}" for number in range(15)] for who in desks}
    seen, together = {who: [] for who in desks}, Barrier(2, timeout=30)

    def write(who):
        """Writes each text on what stands there, and puts what came between before it."""
        for text in texts[who]:
            together.wait()
            whole, version = text, 1
            while True:
                try:
                    cycles.edit_cycle(desks[who], cycle_id, version, {"problem": whole})
                    break
                except StaleError as refused:
                    seen[who].append((refused.theirs["problem"], refused.yours["problem"]))
                    page = cycles.cycle_page(desks[who], cycle_id).record.cycle
                    version = page.row_version
                    whole = "\n".join(filter(None, [page.problem, text]))

    with ThreadPoolExecutor(2) as people:
        list(people.map(write, desks))
    kept = cycles.cycle_page(anna, cycle_id).record.cycle.problem.split("\n")
    assert sorted(kept) == sorted([*texts["anna"], *texts["ben"]])
    assert [line for line in kept if line.startswith("ben")] == texts["ben"]
    for who, other in ("anna", "ben"), ("ben", "anna"):
        assert any(other in (theirs or "") and who in yours for theirs, yours in seen[who])
    assert is_whole(anna)


@contextmanager
def four_people_writing(speak, meeting_id):
    """Four people who add points with a decision each for as long as this is open."""
    done = Flag()

    def write(number):
        desk, count = speak(f"p{number}"), 0
        while not done.is_set():
            in_session.add_item(desk, meeting_id, f"Point {number}-{count}")
            deciding.decide(desk, meeting_id, Deciding(f"{number}-{count}", "anna", "Because"))
            count += 1
        return count

    with ThreadPoolExecutor(4) as people:
        writing = [people.submit(write, number) for number in (1, 3, 5, 7)]
        try:
            yield
        finally:
            done.set()
        assert sum(each.result() for each in writing) > 0


@pytest.fixture
def empty(place, tmp_path):
    """`empty(address)` → a workspace with the same people and no records."""

    def make(address):
        folder = tmp_path / "empty"
        folder.mkdir()
        settings = (place / "launchloop.toml").read_text(encoding="utf-8")
        own = settings.rpartition("[records]")[0] + f'[records]\nurl = "{address}"\n'
        (folder / "launchloop.toml").write_text(own, encoding="utf-8")
        return folder

    return make


@pytest.mark.parametrize("other", ["sqlite", "postgresql"])
def test_a_backup_taken_by_command_while_people_write_restores_clean_into_the_other_database(
    other, speak, place, begun, new_address, empty, tmp_path, is_whole
):
    file = str(tmp_path / "records.jsonl.gz")
    with four_people_writing(speak, begun):
        time.sleep(0.3)
        assert run(["reviews", "backup", file, "-w", str(place)]) == 0
        time.sleep(0.1)
    folder = empty(new_address(other))
    for words in ["restore", file], ["verify"]:
        assert run(["reviews", *words, "-w", str(folder)]) == 0
    restored = Desk.open(folder, "anna", clock=lambda: NOW)
    assert is_whole(restored)
    with restored.store.reading() as session:
        points = rows_of(session, MeetingItem, meeting_id=begun, source=ItemSource.MANUAL)
        decisions = rows_of(session, Decision, meeting_id=begun)
    # One moment: each person had written at most one point more than decisions.
    assert decisions
    assert 0 <= len(points) - len(decisions) <= 4
    # The restored records go on.
    in_session.add_item(restored, begun, "After the restore")
    assert is_whole(restored)
