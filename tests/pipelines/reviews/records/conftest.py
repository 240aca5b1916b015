"""Records on each database in turn, empty, begun, and with a row in every table."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from pipelines.reviews.core.canonical import body_hash, definition_hash, hash_of, plan_hash
from pipelines.reviews.records.chain import head_of
from pipelines.reviews.records.freezes import save_freeze
from pipelines.reviews.records.people import ensure_person
from pipelines.reviews.records.saving import Author, insert, once
from pipelines.reviews.records.store import Store
from pipelines.reviews.records.tables import (
    Base,
    Correction,
    Decision,
    Definition,
    Evidence,
    EvidenceLink,
    FollowUp,
    FrozenValue,
    MeetingAttendee,
    MeetingItem,
    Membership,
    Minutes,
    OutcomeLink,
    OutcomeResult,
    PdcaAction,
    PdcaCheck,
    PdcaCycle,
    PdcaMetric,
    PdcaPlan,
    PdcaVerdict,
    ReviewMeeting,
    Snapshot,
    Target,
    Team,
)

NOW = datetime(2026, 11, 28, 9, 30, 0, 123456, tzinfo=UTC)
ANNA = Author("anna", NOW)


@pytest.fixture
def open_store(tmp_path: Path) -> Iterator[Callable[[str], Store]]:
    """Opens records that the test need not close."""
    opened: list[Store] = []

    def open_it(address: str) -> Store:
        opened.append(Store.open(address, tmp_path))
        return opened[-1]

    yield open_it
    for store in opened:
        store.close()


@pytest.fixture
def anna() -> Author:
    """Who saves in these tests, and when."""
    return ANNA


@pytest.fixture
def begin() -> Callable[[Store], None]:
    """Saves what every record refers to: a person, a team, a cycle."""

    def save(store: Store) -> None:
        with store.writing() as session:
            ensure_person(session, "anna", "Anna Berg", "anna@example.org", ANNA)
            insert(session, Team(team_id="growth", name="Growth", timezone="UTC"), ANNA)
            cycle = PdcaCycle(cycle_id="c1", team_id="growth", title="Shorter sign-up")
            insert(session, cycle, ANNA)

    return save


@pytest.fixture
def store(
    address: str, open_store: Callable[[str], Store], begin: Callable[[Store], None]
) -> Store:
    """Records with Anna, her team and one draft cycle."""
    store = open_store(address)
    begin(store)
    return store


@pytest.fixture
def full_store(store: Store) -> Store:
    """Records with at least one row in every table."""
    with store.writing() as session:
        frozen = freeze(session)
        for row in [*cycle_rows(frozen), *meeting_rows(frozen), *outcome_rows()]:
            insert(session, row, ANNA)
        once(session, "request-1", NOW, lambda: {"cycle_id": "c1"})
    with store.writing() as session:
        events, last_hash = head_of(session)
        body = {"items": [], "events_count": events, "events_last_hash": last_hash}
        published = Minutes(meeting_id="m1", version=1, body=body, body_hash=body_hash(body),
                            published_at=NOW, published_by="anna")  # fmt: skip
        insert(session, published, ANNA)
    return store


DEFINED = {
    "formula": "activated / signed up", "filters": {}, "population": "new users", "window": 7,
    "unit": "share", "settling": 7, "uncertainty": "UW", "variant": None, "policy": None,
    "taxonomy_version": None,
}  # fmt: skip
PLANNED = {
    "hypothesis": {"change": "one field less", "effect": "+4 points", "because": "less work"},
    "metrics": ["activation_rate"], "baseline": {"values": [0.41, 0.43], "mean": 0.42},
    "target": 0.46, "min_effect": 0.02, "margins": {}, "lag": 1,
    "windows": {"start_on": date(2026, 6, 1)}, "alpha": [0.05, 0.02, 0.01], "control": None,
}  # fmt: skip


def freeze(session: Session) -> str:
    """Freezes three weeks of one metric; returns the id."""
    definition = Definition(
        definition_hash=definition_hash(DEFINED), metric_id="activation_rate", version="1",
        body=DEFINED, rule_text="Share of new users who activate.", engine_version="duckdb 2",
        created_at=NOW,
    )  # fmt: skip
    target = Target(target_id="t1", metric_id="activation_rate", shape="constant", value=0.45,
                    direction="up", segment_key="", valid_from=date(2026, 7, 1))  # fmt: skip
    values = [
        FrozenValue(
            metric_id="activation_rate", definition_hash=definition.definition_hash,
            segment_key="", grain="week", period_start=date(2026, 11, day),
            period_end=date(2026, 11, day + 7), n=312 + day, total=130.0 + day, value=1 / 3 + day,
            lo=0.1 + 0.2, hi=None, state="ok", target_value=0.45, target_id="t1",
        )
        for day in (2, 9, 16)
    ]  # fmt: skip
    snapshot = Snapshot(
        warehouse_id="20261128T060000Z-1a2b3c4d", purpose="meeting", data_as_of=NOW,
        watermarks={"events": NOW}, filters={"plan": "pro"}, filter_hash=hash_of({"plan": "pro"}),
        engine_version="duckdb 2",
    )  # fmt: skip
    return save_freeze(session, snapshot, values, [definition], [target], ANNA).snapshot_id


def cycle_rows(frozen: str) -> list[Base]:
    """A planned, done, checked and signed cycle."""
    return [
        Membership(person_id="anna", team_id="growth", role="admin", valid_from=date(2026, 1, 1)),
        PdcaMetric(cycle_id="c1", metric_id="activation_rate", role="primary", direction="up",
                   kind="proportion", grain="week", confidence=0.7, min_effect=0.02),
        PdcaPlan(cycle_id="c1", plan_no=1, body=PLANNED, plan_hash=plan_hash(PLANNED),
                 snapshot_id=frozen, baseline_mean=0.42, locked_at=NOW, locked_by="anna"),
        PdcaAction(action_id="a1", cycle_id="c1", title="Remove the field", owner_id="anna"),
        PdcaCheck(check_id="k1", run_id="r1", cycle_id="c1", plan_no=1, look=1, run_at=NOW,
                  metric_id="activation_rate", snapshot_id=frozen, diff=0.04, lo=0.01, hi=0.07,
                  xmr_rules=[1, 2], signal_dir="favourable", target_state="reached"),
        PdcaVerdict(verdict_id="v1", run_id="r1", cycle_id="c1", machine_verdict="improved",
                    sentence="Improved by 4 points.", signed_by="anna", signed_at=NOW),
    ]  # fmt: skip


def meeting_rows(frozen: str) -> list[Base]:
    """A meeting with an item, a decision, a follow-up and a correction."""
    return [
        Evidence(evidence_id="e1", kind="interview", held_on=date(2026, 11, 2), team_id="growth",
                 summary="Said Ben: too many fields", author_id="anna"),
        EvidenceLink(evidence_id="e1", subject="pdca_cycle", subject_id="c1", use="cause"),
        ReviewMeeting(meeting_id="m1", team_id="growth", kind="weekly_metrics",
                      held_on=date(2026, 11, 28), timezone="UTC", snapshot_id=frozen),
        MeetingAttendee(meeting_id="m1", person_id="anna", present=True),
        MeetingItem(item_id="i1", meeting_id="m1", position=1, source="due_check",
                    subject="pdca_cycle", subject_id="c1", state="discussed"),
        Decision(decision_id="d1", meeting_id="m1", item_id="i1", text="Keep it", options=["a"],
                 decider_id="anna", rationale="It works", snapshot_id=frozen),
        FollowUp(follow_up_id="f1", decision_id="d1", meeting_id="m1", title="Tell support",
                 owner_id="anna", due_on=date(2026, 12, 5)),
        Correction(correction_id="x1", meeting_id="m1", item_id="i1", text="4, not 5",
                   reason="typing error", author_id="anna", at=NOW),
    ]  # fmt: skip


def outcome_rows() -> list[Base]:
    """A judged prediction."""
    return [
        OutcomeLink(link_id="l1", release_id="v2.1", metric_id="activation_rate",
                    expected_direction="up", confidence=0.7, cycle_id="c1"),
        OutcomeResult(link_id="l1", run_id="r1", verdict="improved", effect=0.04, judged_at=NOW),
    ]  # fmt: skip
