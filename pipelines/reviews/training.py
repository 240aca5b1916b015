"""Training as an action: one owner, a date, and a check whether it was applied and what moved."""

from dataclasses import dataclass
from datetime import date

from pipelines.errors import NotAllowedError
from pipelines.reviews.core.periods import after
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.subjects import About
from pipelines.reviews.core.terms import EvidenceKind, EvidenceUse, FollowUpStatus
from pipelines.reviews.desk import Desk
from pipelines.reviews.evidence import (
    Finding,
    Link,
    checked_row,
    insert_evidence,
    insert_link,
)
from pipelines.reviews.naming import need_person, need_text
from pipelines.reviews.records.tables import Evidence, FollowUp
from pipelines.reviews.saving_work import Save

CHECK_MONTHS = 3


@dataclass(frozen=True)
class Training:
    """A training need and what follows from it.

    Attributes:
        finding: The need: of the kind `training`.
        action: What is to be done.
        owner_id: The one person who sees to it, and to the check.
        due_on: By when.
        metric_id: The number or score that should move; None = only whether it was applied.
        check_on: When it is checked; None = three months after `due_on`.
    """

    finding: Finding
    action: str
    owner_id: str
    due_on: date
    metric_id: str | None = None
    check_on: date | None = None


def train(desk: Desk, training: Training, *, key: str | None = None) -> dict[str, str]:
    """Keeps a training need with its action and its check, both of which are follow-ups.

    Returns:
        evidence_id, action_id, check_id: the last two are ids of follow-ups.

    Raises:
        NotAllowedError: The role does not allow it, the kind is another one, or owner, text or
            a later check date is missing.
    """
    finding = training.finding
    desk.require(Permission.CONTRIBUTE, finding.team_id)
    if finding.kind is not EvidenceKind.TRAINING:
        raise NotAllowedError("Only a training leads to a check of its own. Choose this kind.")
    check_on = training.check_on or after(training.due_on, CHECK_MONTHS, "month")
    if check_on <= training.due_on:
        raise NotAllowedError("The check comes after the training. Give a later day.")
    action = need_text(training.action, "what is to be done")
    row = checked_row(desk, finding)
    links = (
        [Link(About.METRIC, training.metric_id, EvidenceUse.ACTION)] if training.metric_id else []
    )
    moved = f", and did {training.metric_id} move" if training.metric_id else ""
    with desk.saving(key) as save:

        def work() -> dict[str, str]:
            need_person(save.session, training.owner_id)
            row.evidence_id = save.new_id()
            insert_evidence(save, row, links)
            checked = f"Was “{action}” applied{moved}?"
            return {
                "evidence_id": row.evidence_id,
                "action_id": _promise(save, row, action, training.owner_id, training.due_on),
                "check_id": _promise(save, row, checked, training.owner_id, check_on),
            }

        answer = save.once(lambda: dict(work()))
    return {str(name): str(value) for name, value in dict(answer).items()}  # type: ignore[arg-type]


def _promise(save: Save, row: Evidence, title: str, owner_id: str, due_on: date) -> str:
    found = FollowUp(
        follow_up_id=save.new_id(),
        title=title,
        owner_id=owner_id,
        due_on=due_on,
        redated=0,
        status=FollowUpStatus.OPEN.value,
    )
    save.insert(found, action="promised")
    insert_link(save, row, Link(About.FOLLOW_UP, found.follow_up_id, EvidenceUse.ACTION))
    return found.follow_up_id
