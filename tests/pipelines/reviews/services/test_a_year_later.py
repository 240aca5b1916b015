"""A year later: other numbers, other definitions, no data at all, newer tables, a name erased."""

import shutil
from dataclasses import asdict
from importlib.resources import as_file, files
from types import SimpleNamespace

import pytest
from sqlalchemy import create_engine, text

from pipelines.read import query
from pipelines.refresh import refresh
from pipelines.reviews import cycles, meetings
from pipelines.reviews.core.canonical import canonical
from pipelines.reviews.core.terms import ItemState, MeetingKind
from pipelines.reviews.desk import ERASED_NAME
from pipelines.reviews.meeting import deciding, in_session, minutes
from pipelines.reviews.meeting.deciding import Deciding
from pipelines.reviews.meeting.view import meeting_view
from pipelines.reviews.meetings import Invitation
from pipelines.reviews.numbers.frozen import frozen
from pipelines.reviews.records import migrating, sharing
from pipelines.reviews.records.people import erase
from pipelines.reviews.records.saving import Author
from pipelines.reviews.records.verifying import verify_records
from pipelines.warehouse import Warehouse

NEXT_FORM = """
from alembic import op
revision = "9999"
down_revision = "0001"
def upgrade():
    op.execute("alter table review_meeting add column room text")
    op.execute("alter table pdca_cycle add column budget integer default 0")
    op.execute("update pdca_cycle set budget = 1")
    op.execute("create index cycles_by_title on pdca_cycle (title)")
    op.execute("create table room (room_id text primary key)")
"""


@pytest.fixture
def kept(product, people, asked, card, steps):
    """A checked and signed cycle, and the published review of its team."""
    product.data("before", people)
    anna = product.desk("anna")
    cycle_id = steps.locked(anna, card, asked("ben"))
    steps.do(product.desk("ben"), cycle_id)
    product.data("step")
    product.wait_until(cycles.cycle_page(anna, cycle_id).record.cycle.check_not_before)
    anna = product.desk("anna")
    found = cycles.run_check(anna, cycle_id).verdict.machine_verdict
    cycles.sign(anna, cycle_id, steps.version(anna, cycle_id), found)
    invited = Invitation(MeetingKind.WEEKLY_METRICS, anna.today, "product")
    meeting_id = meetings.schedule(anna, invited)
    meetings.start(anna, meeting_id)
    deciding.decide(anna, meeting_id, Deciding("Go on", "anna", "It works"))
    for each in meeting_view(anna, meeting_id).items:
        in_session.set_state(anna, each.item.item_id, ItemState.DISCUSSED)
    meetings.end(anna, meeting_id)
    minutes.publish(anna, meeting_id)
    return SimpleNamespace(product=product, cycle_id=cycle_id, meeting_id=meeting_id)


def reopened(desk, kept):
    """What people open again, as bytes: minutes, their numbers, and the cycle with its freezes."""
    published = minutes.published(desk, kept.meeting_id)
    record = cycles.cycle_page(desk, kept.cycle_id).record
    numbers = frozen(desk.store, published.body["meeting"]["snapshot_id"])
    return published.text, canonical(asdict(numbers)), canonical(asdict(record))


def is_whole(desk):
    with desk.store.reading() as session:
        return verify_records(session) is None


@pytest.fixture
def newer_program(tmp_path_factory, monkeypatch):
    """`newer_program()`: the next start of the program brings the records to a later form."""

    def update():
        scripts = tmp_path_factory.mktemp("newer") / "migrations"
        with as_file(files("pipelines.reviews.records") / "migrations") as ours:
            shutil.copytree(ours, scripts, ignore=shutil.ignore_patterns("__pycache__"))
        (scripts / "versions" / "records_9999.py").write_text(NEXT_FORM, encoding="utf-8")
        monkeypatch.setattr(migrating, "SCRIPTS", str(scripts))
        monkeypatch.setattr(sharing, "_open", {})

    return update


def signed_up(folder):
    """How many persons signed up in each settled week."""
    rows = query(folder, "activation_rate", every="week")["rows"]
    return [row["n"] for row in rows if row["status"] == "ok"]


def test_the_stage_of_merges_makes_one_person_of_two_in_every_week(stages):
    before, merged = signed_up(stages["step"]), signed_up(stages["merged"])
    assert len(merged) == len(before) > 50
    assert merged == [count - 1 for count in before]


def test_published_minutes_and_a_cycle_reopen_byte_identical(kept, newer_program):
    product = kept.product
    before = reopened(product.desk("anna"), kept)
    product.wait_until(product.now.date().replace(year=product.now.year + 1))
    for stage in ("restated", "merged", "redefined"):
        product.data(stage)
        assert reopened(product.desk("anna"), kept) == before
    shutil.rmtree(product.folder / "snapshots")
    assert reopened(product.desk("anna"), kept) == before
    newer_program()
    later = product.desk("anna")
    assert migrating.newest_form() == "9999"
    assert reopened(later, kept) == before
    assert is_whole(later)


def test_after_an_erasure_only_the_name_differs(kept):
    anna = kept.product.desk("anna")
    before, names = reopened(anna, kept), anna.names()
    with anna.store.writing() as session:
        erase(session, "ben", Author("anna", anna.now), "He asked for it")
    assert reopened(anna, kept) == before
    assert anna.names() == {**names, "ben": ERASED_NAME}
    assert is_whole(anna)


@pytest.fixture
def cut_off_after(address):
    """`cut_off_after(5)` → who owns the database leaves five events and puts the head right."""

    def cut(count):
        engine = create_engine(address)
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                triggers = "select name from sqlite_master where type = 'trigger'"
                for (name,) in connection.execute(text(triggers)).all():
                    connection.execute(text(f"drop trigger {name}"))
            else:
                connection.execute(text("set local session_replication_role = replica"))
            connection.execute(text(f"delete from event where seq > {count}"))
            last = f"(select event_hash from event where seq = {count})"
            head = f"update event_head set events_count = {count}, last_hash = {last}"
            connection.execute(text(head))
        engine.dispose()

    return cut


def test_published_minutes_name_a_tail_that_is_missing(kept, cut_off_after):
    desk = kept.product.desk("anna")
    count = minutes.published(desk, kept.meeting_id).body["events_count"]
    cut_off_after(count - 2)
    with desk.store.reading() as session:
        found = verify_records(session)
    assert f"ends at event {count - 2}, but {count} were written" in found.text


def test_rebuilding_and_pruning_snapshots_touches_no_record(kept, stages):
    product = kept.product
    before = reopened(product.desk("anna"), kept)
    pinned = frozen(
        product.desk("anna").store,
        minutes.published(product.desk("anna"), kept.meeting_id).body["meeting"]["snapshot_id"],
    ).warehouse_id
    for file in stages["step"].glob("*.csv"):
        shutil.copy(file, product.folder)
    assert refresh(product.folder, full=True).published
    Warehouse(product.folder / "snapshots").prune(keep=0, keep_monthly=0)
    assert (product.folder / "snapshots" / f"{pinned}.duckdb").exists()
    again = product.desk("anna")
    assert reopened(again, kept) == before
    assert is_whole(again)
