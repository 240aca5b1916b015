"""The screens of a meeting, in the order of its minutes. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.exhibits.meeting_words import STATE, talked_about
from pipelines.reviews.core.subjects import About, card_of, thing_of
from pipelines.reviews.core.terms import ItemSource
from pipelines.reviews.core.timing import Part
from pipelines.reviews.meeting.view import ItemView, MeetingView

CELEBRATE, FOLLOW_UPS, VOICE, READ_BACK = "celebrate", "follow-ups", "voice", "read-back"
# Places of the parts in `timing.PARTS`.
_CELEBRATE, _FOLLOW_UPS, _VOICE, _SIGNALS, _CHECKS, _NEXT, _READ_BACK = range(7)


@dataclass(frozen=True)
class Step:
    """One screen.

    Attributes:
        id: In the link; of an item its own id.
        title: Its heading.
        part: The minutes that it belongs to.
        item: What it is about; None of what is no item of the agenda.
    """

    id: str
    title: str
    part: Part
    item: ItemView | None = None


def steps(shown: MeetingView) -> list[Step]:
    """All screens: what worked, promises, voices, the items by the minutes, and the read-back.

    Within a part the items keep the order of the agenda.
    """
    parts = shown.parts
    opening = {
        _CELEBRATE: Step(CELEBRATE, "What worked, and whom to thank", parts[_CELEBRATE]),
        _FOLLOW_UPS: Step(FOLLOW_UPS, "Follow-ups due", parts[_FOLLOW_UPS]),
        _VOICE: Step(VOICE, "What customers said", parts[_VOICE]),
    }
    found: list[Step] = []
    for place, part in enumerate(parts):
        if place in opening:
            found.append(opening[place])
        found += [
            Step(each.item.item_id, each.item.subject, part, each)
            for each in talked_about(shown)
            if part_of(each) == place
        ]
    return [*found, Step(READ_BACK, "Read back", parts[_READ_BACK])]


def part_of(shown: ItemView) -> int:
    """The place of the part that an item is talked about in."""
    item = shown.item
    about = about_of(shown)
    if about is About.FOLLOW_UP:
        return _FOLLOW_UPS
    if about is About.EVIDENCE or item.source is ItemSource.EVIDENCE:
        return _VOICE
    if about in {About.CYCLE, About.LEDGER_ROW}:
        return _CHECKS
    if card_of(item.subject_id) is not None or about is About.SOURCE:
        return _SIGNALS
    return _NEXT


def about_of(shown: ItemView) -> About | None:
    """What sort of thing an item is about; None of one that is only words."""
    return thing_of(shown.item.subject_id)[0] if shown.item.subject_id else None


def thing_id(shown: ItemView) -> str:
    """The id of what an item is about; "" of one that is only words."""
    return thing_of(shown.item.subject_id)[1] if shown.item.subject_id else ""


def chosen(known: Sequence[Step], asked: str, shown: MeetingView) -> Step:
    """The screen that a link asks for, else the one that everybody looks at, else the first."""
    by_id = {step.id: step for step in known}
    return by_id.get(asked) or by_id.get(shown.current_item_id or "") or known[0]


def neighbour(known: Sequence[Step], step: Step, way: int) -> Step:
    """The screen before (-1) or after (1); at an end the screen itself."""
    place = [each.id for each in known].index(step.id) + way
    return known[min(max(place, 0), len(known) - 1)]


def progress(known: Sequence[Step], step: Step) -> tuple[int, int]:
    """Which screen of how many it is, from 1."""
    return [each.id for each in known].index(step.id) + 1, len(known)


def state_told(step: Step) -> str:
    """What became of the item so far; "" of what is no item."""
    return STATE[step.item.item.state] if step.item else ""


def timer_told(minute: float, part: Part, whole: int) -> tuple[str, str]:
    """Which minute it is, and how long the part of this screen may still take.

    >>> timer_told(12.4, Part("signals", "", 15, 25), 60)
    ('Minute 12 of 60', 'Signals: 13 min left')
    >>> timer_told(27, Part("signals", "", 15, 25), 60)
    ('Minute 27 of 60', 'Signals: 2 min over')
    """
    now = int(minute)
    name = part.name[0].upper() + part.name[1:]
    left = part.end - now
    told = f"{left} min left" if left >= 0 else f"{-left} min over"
    return f"Minute {now} of {whole}", f"{name}: {told}"
