"""What was found in the records, in words."""

from dataclasses import dataclass
from datetime import date, timedelta

from dashboard import meeting_records
from dashboard.format import day
from dashboard.records import Speaker
from pipelines.reviews.history import Found, Where

_WHERE = {
    Where.MINUTES: "Minutes",
    Where.DECISION: "Decision",
    Where.LEARNING: "Learning of a cycle",
    Where.EVIDENCE: "Evidence",
}


@dataclass(frozen=True)
class DecisionWords:
    """A decision in the list.

    Attributes:
        meeting_id: In which it was made; None outside of a meeting.
    """

    text: str
    about: str
    meeting_id: str | None


def found(
    who: Speaker, team_id: str, sought: str, start: date | None, last: date | None
) -> tuple[Found, ...]:
    """Places that hold every word, the newest first.

    Args:
        who: Who searches.
        team_id: Whose records.
        sought: Words; "" finds all.
        start: First day.
        last: Last day.
    """
    end = last + timedelta(days=1) if last else None
    return meeting_records.search(who, team_id, sought, start, end)


def found_told(one: Found) -> str:
    """Where it was found, and of which day."""
    on = f", {day(one.on)}" if one.on else ""
    return f"{_WHERE[one.where]}{on}"


def title(one: Found) -> str:
    """What it is called."""
    return one.title.capitalize() if one.where is Where.MINUTES else one.title


def decided(who: Speaker, team_id: str) -> list[DecisionWords]:
    """All decisions, the newest first; reversed ones say so."""
    told = []
    for line in meeting_records.decisions(who, team_id):
        decision = line.decision
        parts = [day(line.on), who.name(decision.decider_id)]
        if line.is_reversed:
            parts.append("reversed since")
        if decision.revisit_on:
            late = " (that day has come)" if decision.revisit_on <= who.today else ""
            parts.append(f"looked at again on {day(decision.revisit_on)}{late}")
        if decision.rationale:
            parts.append(f"because {decision.rationale}")
        told.append(DecisionWords(decision.text, " · ".join(parts), decision.meeting_id))
    return told
