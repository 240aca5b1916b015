"""Papers of records for the person who speaks: as `records`; made when they are asked for."""

from dashboard.records import Speaker
from dashboard.report_kinds import OF_RECORDS
from dashboard.reports.content import RENDERERS
from dashboard.reports.table_zip import zipped


def paper(who: Speaker, kind: str, thing_id: str, form: str) -> bytes:
    """A paper as a file; the role is asked again.

    Args:
        who: Who asks for it.
        kind: One of `OF_RECORDS`.
        thing_id: Of the cycle or meeting.
        form: A format of `RENDERERS`, or "csv" for a zip of all tables.

    Raises:
        NotAllowedError: The role does not allow reading it.
        RecordsError: There is nothing frozen to print.
    """
    content = OF_RECORDS[kind](who.desk, thing_id)
    if form == "csv":
        return zipped(content.tables, content.paper.provenance.frozen_utc)
    return RENDERERS[form](content)
