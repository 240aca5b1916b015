"""Follow-ups in words: how they stand, and how well a team keeps its word."""

from collections.abc import Sequence

from dashboard import meeting_records
from dashboard.format import NO_BREAK, counted, day, interval, number
from dashboard.records import Speaker
from pipelines.reviews.core.figures import Median, Share
from pipelines.reviews.core.terms import FollowUpStatus
from pipelines.reviews.followups import FollowUpLine

STATES = {"open": "Open", "overdue": "Overdue", "done": "Done", "dropped": "Dropped", "all": "All"}


def owners(known: Sequence[FollowUpLine], who: Speaker) -> dict[str, str]:
    """Id → name of everybody who promised something."""
    held = {line.follow_up.owner_id for line in known}
    return {person: name for person, name in who.names.items() if person in held}


def asked_for(known: Sequence[FollowUpLine], owner: str, state: str) -> list[FollowUpLine]:
    """Those of one owner, or of all with "", that are in a state; their order stays."""
    return [
        line for line in known if owner in {"", line.follow_up.owner_id} and _is_in(line, state)
    ]


def _is_in(line: FollowUpLine, state: str) -> bool:
    if state == "all":
        return True
    if state == "overdue":
        return line.is_overdue
    return line.follow_up.status is FollowUpStatus(state)


def line_told(line: FollowUpLine, who: Speaker) -> str:
    """Who, until when, and how long it has been open."""
    promise = line.follow_up
    told = [who.name(promise.owner_id)]
    if promise.due_on:
        told.append(f"due {day(promise.due_on)}")
    if promise.redated:
        times = "once" if promise.redated == 1 else f"{promise.redated} times"
        told.append(f"date moved {times}")
    if promise.status is FollowUpStatus.OPEN:
        told.append(f"open for {counted(line.days_open, 'day')}")
    elif line.closed_on:
        told.append(f"{promise.status.value} {day(line.closed_on)}")
    if promise.reason:
        told.append(f"reason: {promise.reason}")
    return " · ".join(told)


def health_told(who: Speaker, team_id: str) -> str:
    """Follow-through, re-dated share and open age, with their intervals."""
    found = meeting_records.health(who, team_id)
    if not found.redated.n:
        return "No follow-up yet."
    told = [
        _share_told("Done by their day", found.follow_through),
        _share_told("Date moved at least once", found.redated),
        _age_told(found.open_age, found.oldest),
    ]
    return " ".join(told)


def _share_told(name: str, share: Share) -> str:
    if share.value is None:
        return f"{name}: {share.sentence}"
    plausible = interval(share.low, share.high, "share")
    return f"{name}: {share.k} of {share.n} (95{NO_BREAK}% interval {plausible})."


def _age_told(age: Median, oldest: int | None) -> str:
    if age.value is None or oldest is None:
        return "None is open."
    between = interval(age.low, age.high, "days") or "unknown, by too few"
    return (
        f"Open: {age.n}, for {number(age.value, 'days')} in the middle (95{NO_BREAK}% interval "
        f"{between}), the oldest for {number(float(oldest), 'days')}."
    )
