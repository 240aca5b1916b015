"""What a reader adds to the time axis: appended like any import, shown after the next refresh."""

from datetime import date

from dashboard.format import day
from dashboard.place import folder
from pipelines import markers


def add_note(on: date, text: str) -> str:
    """Stores a note for a day and says what its writer may expect.

    Raises:
        UsageError: If the text is empty.
    """
    noted = markers.annotate(folder(), text, on.isoformat())
    if not noted.is_new:
        return f"This note was there already for {day(on)}."
    return f"Noted for {day(on)}. Every chart shows it after the next refresh."
