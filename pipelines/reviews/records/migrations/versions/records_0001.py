"""Every table of the records, and the triggers that keep what was written."""

from importlib.resources import files

from alembic import op

from pipelines.reviews.records.chain import HEAD_ID
from pipelines.reviews.records.migrations.triggers import keep_rows, keep_rows_as_written

revision = "0001"
down_revision = None

# In this order each table follows those that it refers to.
AREAS = ("people", "frozen", "cycles", "evidence", "meetings", "outcomes", "events")
INSERT_ONLY = {
    "definition": ["definition_hash"],
    "snapshot": ["snapshot_id"],
    "frozen_value": ["snapshot_id", "metric_id", "segment_key", "grain", "period_start"],
    "target": ["target_id"],
    "pdca_plan": ["cycle_id", "plan_no"],
    "pdca_check": ["check_id"],
    "pdca_verdict": ["verdict_id"],
    "decision": ["decision_id"],
    "minutes": ["meeting_id", "version"],
    "correction": ["correction_id"],
    "outcome_result": ["link_id", "run_id"],
    "evidence_link": ["evidence_id", "subject", "subject_id", "use"],
    "event": ["seq"],
    "saved_request": ["idempotency_key"],
}
CHANGEABLE = (
    *("person", "team", "membership", "pdca_cycle", "pdca_metric", "pdca_action"),
    *("review_meeting", "meeting_attendee", "meeting_item", "follow_up"),
    *("outcome_link", "evidence", "event_head"),
)


def upgrade() -> None:
    """Makes the tables, the first head of the log, and the triggers."""
    first = files("pipelines.reviews.records.migrations") / "first"
    for area in AREAS:
        for statement in (first / f"{area}.sql").read_text().split(";\n"):
            op.execute(statement)
    op.execute(f"insert into event_head values ({HEAD_ID}, 0, '{'0' * 64}')")
    for table, key in INSERT_ONLY.items():
        keep_rows_as_written(table, key)
    for table in CHANGEABLE:
        keep_rows(table)
