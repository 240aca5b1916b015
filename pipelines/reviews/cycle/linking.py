"""What a cycle belongs to: the releases and work items by which its change reaches people."""

from datetime import date

from pipelines.errors import NotAllowedError
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.cycle.record import read_record
from pipelines.reviews.desk import Desk
from pipelines.reviews.records.rows import rows_of
from pipelines.reviews.records.tables import OutcomeLink
from pipelines.reviews.saving_work import Save


def link_delivery(
    desk: Desk,
    cycle_id: str,
    *,
    release_id: str | None = None,
    work_item_key: str | None = None,
    released_on: date | None = None,
) -> str:
    """Ties a release or a work item to a cycle; its row of the ledger is used where it has one.

    Returns:
        The id of the ledger's row.

    Raises:
        NotAllowedError: The role does not allow it, nothing is named, or the thing belongs to
            another cycle already.
    """
    if (release_id is None) == (work_item_key is None):
        raise NotAllowedError("Name a release or a work item.")
    with desk.saving() as save:
        record = read_record(save.session, cycle_id)
        is_owner = record.cycle.owner_id == desk.person_id
        desk.require(Permission.EDIT, record.cycle.team_id, is_owner=is_owner)
        wanted = {"release_id": release_id, "work_item_key": work_item_key}
        known = rows_of(save.session, OutcomeLink, order=["link_id"], **wanted)
        if known:
            return _tied(save, known[0], cycle_id)
        row = OutcomeLink(
            link_id=save.new_id(), cycle_id=cycle_id, released_on=released_on, segment_key="",
            **wanted,
        )  # fmt: skip
        return save.insert(row).link_id


def _tied(save: Save, row: OutcomeLink, cycle_id: str) -> str:
    if row.cycle_id not in {None, cycle_id}:
        raise NotAllowedError("This belongs to another cycle already. One change, one cycle.")
    save.update(row, row.row_version, {"cycle_id": cycle_id}, action="linked")
    return row.link_id
