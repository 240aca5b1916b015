"""What minutes keep of a Check: the verdict in its sentence, who signed it, what was decided."""

from typing import Any

from pipelines.reviews.core.cycle import SignedVerdict
from pipelines.reviews.core.subjects import About, thing_of
from pipelines.reviews.cycle.record import CycleRecord, Run, read_record
from pipelines.reviews.records.guards import RecordsSession
from pipelines.reviews.records.redaction import masked
from pipelines.reviews.records.rows import row_of
from pipelines.reviews.records.tables import PdcaVerdict

Told = dict[str, Any]


def check_told(session: RecordsSession, subject_id: str | None) -> Told | None:
    """The newest run of a cycle's Check with its signatures and the Act decision.

    Args:
        session: Reading.
        subject_id: Of an item; what is no cycle, or was never checked, has nothing to tell.
    """
    about, cycle_id = thing_of(subject_id) if subject_id else (None, "")
    if about is not About.CYCLE:
        return None
    record = read_record(session, cycle_id)
    return _told(record, record.run) if record.run is not None else None


def covered_check(session: RecordsSession, told: Told | None) -> Told | None:
    """The same with what was redacted in a reason covered."""
    if told is None:
        return None
    return {**told, "signatures": [_covered(session, each) for each in told["signatures"]]}


def _told(record: CycleRecord, run: Run) -> Told:
    return {
        "cycle_id": record.cycle.cycle_id,
        "run_at": run.at,
        "machine_verdict": run.verdict.machine_verdict,
        "sentence": run.verdict.sentence,
        "signatures": [_signature(each) for each in record.signatures],
        "decision": record.cycle.act_decision,
        "labels": list(record.labels),
    }


def _signature(signed: SignedVerdict) -> Told:
    kept = ("verdict_id", "machine_verdict", "human_verdict", "human_reason", "signed_by",
            "signed_at", "self_signed")  # fmt: skip
    return {name: getattr(signed, name) for name in kept}


def _covered(session: RecordsSession, signed: Told) -> Told:
    row = row_of(session, PdcaVerdict, signed["verdict_id"], "verdict")
    if row.human_reason != signed["human_reason"]:
        return signed
    return {**signed, "human_reason": masked(session, row, "human_reason")}
