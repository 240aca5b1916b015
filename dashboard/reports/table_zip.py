"""The tables of a paper in one file, for browsers that take one file at a time. Pure."""

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo


def zipped(tables: Mapping[str, bytes], at: datetime) -> bytes:
    """A zip of CSV files; the same tables give the same bytes.

    Args:
        tables: File name → CSV.
        at: When its content was frozen, in UTC.
    """
    out = BytesIO()
    with ZipFile(out, "w", ZIP_STORED) as file:
        for name, data in tables.items():
            member = ZipInfo(name, at.timetuple()[:6])
            member.create_system = 0
            file.writestr(member, data)
    return out.getvalue()
