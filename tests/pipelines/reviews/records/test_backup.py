"""Backup and restore: one file for both databases, written while others write, checked twice."""

import gzip
import json
import stat
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from pipelines.errors import RecordsError
from pipelines.reviews.records.backup import backup, restore
from pipelines.reviews.records.backup_file import check_file, read_rows
from pipelines.reviews.records.saving import insert
from pipelines.reviews.records.tables import Base, Event, PdcaAction
from pipelines.reviews.records.verifying import verify_records


def contents(store):
    """Every row of every table."""
    with store.reading() as session:
        return {
            table.name: [tuple(row) for row in session.execute(
                select(table).order_by(*table.primary_key.columns))]
            for table in Base.metadata.sorted_tables
        }  # fmt: skip


@pytest.fixture
def file(full_store, tmp_path):
    """A backup of records with a row in every table."""
    path = tmp_path / "records.jsonl.gz"
    backup(full_store, path)
    return path


@pytest.fixture
def empty(new_address, open_store):
    """Records without anything."""
    return open_store(new_address("sqlite"))


def rewritten(file, change):
    """The file with its lines changed."""
    lines = gzip.decompress(file.read_bytes()).splitlines(keepends=True)
    file.write_bytes(gzip.compress(b"".join(change(lines))))
    return file


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_backup_of_either_database_restores_into_either_row_for_row(
    full_store, file, kind, new_address, open_store, tmp_path
):
    other = open_store(new_address(kind))
    found = restore(file, other)
    assert contents(other) == contents(full_store)
    assert all(found.rows.values())
    with other.reading() as session:
        assert verify_records(session) is None
    again = tmp_path / "again.jsonl.gz"
    backup(other, again)
    assert again.read_bytes() == file.read_bytes()


def test_restored_records_can_be_written_on(file, empty, anna):
    restore(file, empty)
    with empty.writing() as session:
        insert(session, PdcaAction(action_id="a2", cycle_id="c1", title="x"), anna)
    with empty.reading() as session:
        assert verify_records(session) is None


def test_a_backup_while_twenty_people_write_is_one_moment(store, tmp_path, anna, empty):
    done = threading.Event()

    def write(person):
        number = 0
        while not done.is_set() and number < 200:
            with store.writing() as session:
                for part in "ab":
                    name = f"{person}-{number}-{part}"
                    insert(session, PdcaAction(action_id=name, cycle_id="c1", title="x"), anna)
            number += 1
        return number

    with ThreadPoolExecutor(20) as people:
        written = [people.submit(write, person) for person in range(20)]
        for number in range(3):
            backup(store, tmp_path / f"{number}.gz")
        done.set()
        assert sum(each.result() for each in written) > 0
    restore(tmp_path / "2.gz", empty)
    with empty.reading() as session:
        actions = session.scalar(select(func.count()).select_from(PdcaAction))
        events = session.scalar(select(func.count()).select_from(Event))
        assert verify_records(session) is None
    assert actions % 2 == 0
    assert events == actions + 3


def test_records_that_exist_are_never_overwritten(full_store, file):
    before = contents(full_store)
    with pytest.raises(RecordsError, match="holds records already"):
        restore(file, full_store)
    assert contents(full_store) == before


def test_a_file_that_exists_is_never_overwritten(full_store, file):
    before = file.read_bytes()
    with pytest.raises(RecordsError, match="exists already"):
        backup(full_store, file)
    assert file.read_bytes() == before


def test_the_file_is_for_its_owner_only_and_nothing_lies_beside_it(file):
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not list(file.parent.glob(".*part"))


def test_a_file_that_holds_something_else_is_refused(tmp_path, empty):
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress(json.dumps({"a": 1}).encode()))
    with pytest.raises(RecordsError, match="no backup"):
        restore(path, empty)


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
class TestDamage:
    @pytest.mark.parametrize("part", [0.0, 0.2, 0.5, 0.9, 0.999])
    def test_a_file_that_was_cut_off_is_refused_and_nothing_is_written(self, file, empty, part):
        whole = file.read_bytes()
        file.write_bytes(whole[: int(len(whole) * part)])
        with pytest.raises(RecordsError, match="another backup|no backup"):
            restore(file, empty)
        assert contents(empty)["event"] == []

    @pytest.mark.parametrize("part", [0.0, 0.2, 0.5, 0.8, 0.99])
    def test_a_byte_that_flipped_is_found(self, file, empty, part):
        changed = bytearray(file.read_bytes())
        changed[int(len(changed) * part)] ^= 0xFF
        file.write_bytes(changed)
        with pytest.raises(RecordsError, match="another backup|no backup"):
            restore(file, empty)
        assert contents(empty)["event"] == []

    @pytest.mark.parametrize(
        "change",
        [
            lambda lines: [*lines[:5], *lines[6:]],
            lambda lines: [*lines[:5], lines[6], lines[5], *lines[7:]],
            lambda lines: [line.replace(b"It works", b"It fails") for line in lines],
            lambda lines: [*lines, lines[-1]],
            lambda lines: lines[:-1],
            lambda lines: [*lines[:3], b'{"table": "nothing", "row": {}}\n', *lines[3:]],
            lambda lines: [*lines[:3], b"[]\n", *lines[3:]],
        ],
        ids=["a row less", "another order", "another word", "two ends", "no end", "table", "list"],
    )
    def test_lines_that_were_changed_are_found(self, file, empty, change):
        with pytest.raises(RecordsError, match=r"another backup|no backup"):
            restore(rewritten(file, change), empty)
        assert contents(empty)["event"] == []

    def test_a_file_of_another_form_names_the_way(self, file):
        def newer(lines):
            return [lines[0].replace(b'"form":"', b'"form":"9'), *lines[1:]]

        with pytest.raises(RecordsError, match="version that wrote it"):
            check_file(rewritten(file, newer))

    def test_records_that_do_not_verify_are_saved_and_not_restored(
        self, full_store, tmp_path, empty
    ):
        with full_store.writing() as session:
            connection = session.connection()
            connection.exec_driver_sql("drop trigger decision_refuses_update")
            connection.exec_driver_sql("update decision set rationale = 'forged'")
        path = tmp_path / "forged.gz"
        assert backup(full_store, path).broken.what == "decision"
        assert sum(1 for _ in read_rows(path)) == sum(check_file(path).rows.values())
        with pytest.raises(RecordsError, match=r"not restored.*rationale of the decision d1"):
            restore(path, empty)
        assert contents(empty)["event"] == []
