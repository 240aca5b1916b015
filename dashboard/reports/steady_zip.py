"""Office files that are the same bytes whenever and wherever they are written. Pure.

An Office file is a zip, and both it and the workbooks in it carry the clock of their writing.
"""

import re
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

# The first moment that a zip knows.
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_WRITTEN = re.compile(rb"(<dcterms:(created|modified)\b[^>]*>)[^<]*(</dcterms:\2>)")


def steady(data: bytes, at: datetime) -> bytes:
    """The same Office file with one time in it, in its workbooks too.

    Members are stored, not packed: builds of zlib pack the same bytes differently.

    Args:
        data: A zip of Office parts.
        at: When its content was frozen, in UTC.
    """
    stamp = max(_EARLIEST, at.timetuple()[:6])
    out = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(out, "w", ZIP_STORED) as new:
        for name in old.namelist():
            member = ZipInfo(name, stamp)
            member.create_system = 0
            new.writestr(member, _steady_part(name, old.read(name), at))
    return out.getvalue()


def _steady_part(name: str, part: bytes, at: datetime) -> bytes:
    if name.endswith(".xlsx"):
        return steady(part, at)
    if name == "docProps/core.xml":
        written = at.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
        return _WRITTEN.sub(lambda found: found[1] + written + found[3], part)
    return part
