"""Due dates → an iCalendar file that calendars take in and update by themselves. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from icalendar import Calendar, Event

from dashboard.reports.paper import RENDERER_VERSION, Provenance
from dashboard.reports.printable import printable


@dataclass(frozen=True)
class Due:
    """A day on which something is to be done.

    Attributes:
        kind: "check", "follow-up", "sustain check" or "review".
        subject_id: Of the cycle, follow-up or meeting. With the kind it makes the entry's UID,
            so a moved date moves the entry instead of making a second one.
        on: The day, in the team's zone.
        title: What is to be done.
        description: Who, and what a reader must know.
    """

    kind: str
    subject_id: str
    on: date
    title: str
    description: str = ""


def due_calendar(dues: Sequence[Due], name: str, provenance: Provenance) -> bytes:
    """The due dates as whole days, in the order of their days; they block nobody's time.

    Args:
        dues: In any order.
        name: Of the calendar, as a team's.
        provenance: Of the records; DTSTAMP is when they were frozen.

    Raises:
        ValueError: Two dues are of the same kind and subject.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//Launchloop//Papers {RENDERER_VERSION}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _line(name))
    ordered = sorted(dues, key=lambda due: (due.on, _uid(due)))
    if len({_uid(due) for due in ordered}) < len(ordered):
        raise ValueError("Two due dates are of the same kind and subject.")
    for due in ordered:
        calendar.add_component(_event(due, provenance))
    return bytes(calendar.to_ical(sorted=True))


def _event(due: Due, provenance: Provenance) -> Event:
    foot = (
        f"Snapshot {provenance.short_id}, data as of {provenance.data_as_of.isoformat()}"
        + (f", {provenance.simulated}" if provenance.simulated else "")
        + f". Restated: {provenance.restatement}"
    )
    event = Event()
    event.add("uid", _uid(due))
    event.add("dtstamp", provenance.frozen_utc)
    event.add("dtstart", due.on)
    event.add("dtend", due.on + timedelta(days=1))
    event.add("summary", _line(due.title))
    event.add("description", printable(due.description + "\n\n" + foot).strip())
    event.add("categories", [_line(due.kind)])
    event.add("transp", "TRANSPARENT")
    return event


def _uid(due: Due) -> str:
    return f"{'-'.join(due.kind.split())}-{_line(due.subject_id)}@launchloop"


def _line(text: str) -> str:
    return " ".join(printable(text).split())
