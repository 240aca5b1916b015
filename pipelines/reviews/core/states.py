"""The state machines of reviews as tables: what may follow what. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from pipelines.errors import NotAllowedError
from pipelines.reviews.core.terms import (
    ActionStatus,
    CycleStatus,
    FollowUpStatus,
    LedgerStatus,
    MeetingStatus,
)

Table = Mapping[StrEnum, frozenset[StrEnum]]

OPEN_CYCLE = (
    CycleStatus.DRAFT,
    CycleStatus.PLANNED,
    CycleStatus.DOING,
    CycleStatus.CHECKING,
    CycleStatus.ACTING,
)
# What counts against the team's limit (V12).
ACTIVE_CYCLE = frozenset(OPEN_CYCLE[1:])


def _table(**following: tuple[StrEnum, ...]) -> dict[str, frozenset[StrEnum]]:
    return {status: frozenset(then) for status, then in following.items()}


def _of(machine: type[StrEnum], **following: tuple[StrEnum, ...]) -> Table:
    """Every state of a machine with what may follow; a state that is not named is final."""
    named = _table(**following)
    return MappingProxyType({state: named.get(state.value, frozenset()) for state in machine})


# An extension leads from checking to checking; a new date from open to open.
CYCLE = _of(
    CycleStatus,
    draft=(CycleStatus.PLANNED, CycleStatus.CANCELLED, CycleStatus.ON_HOLD),
    planned=(CycleStatus.DOING, CycleStatus.CANCELLED, CycleStatus.ON_HOLD),
    doing=(
        CycleStatus.CHECKING,
        CycleStatus.ACTING,
        CycleStatus.CANCELLED,
        CycleStatus.ON_HOLD,
    ),
    checking=(CycleStatus.CHECKING, CycleStatus.ACTING, CycleStatus.ON_HOLD),
    acting=(CycleStatus.CLOSED, CycleStatus.ON_HOLD),
    on_hold=OPEN_CYCLE,
)
ACTION = _of(
    ActionStatus,
    todo=(ActionStatus.DOING, ActionStatus.DROPPED),
    doing=(ActionStatus.DONE, ActionStatus.DROPPED),
)
FOLLOW_UP = _of(
    FollowUpStatus,
    open=(FollowUpStatus.OPEN, FollowUpStatus.DONE, FollowUpStatus.DROPPED),
)
MEETING = _of(
    MeetingStatus,
    scheduled=(MeetingStatus.PREREAD_SENT, MeetingStatus.IN_SESSION, MeetingStatus.CANCELLED),
    preread_sent=(MeetingStatus.IN_SESSION, MeetingStatus.CANCELLED),
    in_session=(MeetingStatus.MINUTES_DRAFT, MeetingStatus.CANCELLED),
    minutes_draft=(MeetingStatus.PUBLISHED, MeetingStatus.CANCELLED),
)
LEDGER = _of(
    LedgerStatus,
    open=(LedgerStatus.DUE,),
    due=(LedgerStatus.JUDGED, LedgerStatus.NOT_JUDGEABLE),
)
MACHINES: Mapping[type[StrEnum], Table] = MappingProxyType(
    {
        CycleStatus: CYCLE,
        ActionStatus: ACTION,
        FollowUpStatus: FOLLOW_UP,
        MeetingStatus: MEETING,
        LedgerStatus: LEDGER,
    }
)


def may_follow(now: StrEnum, then: StrEnum, *, before_hold: CycleStatus | None = None) -> bool:
    """Whether a state may follow another one of the same machine.

    Args:
        now: Where the record stands.
        then: Where it is to go.
        before_hold: For a cycle on hold: the only state that it may go back to. Without it,
            any open state may follow.
    """
    if type(now) is not type(then):
        return False
    if now is CycleStatus.ON_HOLD and before_hold is not None:
        return then is before_hold
    return then in MACHINES[type(now)][now]


def refuse_unless_may_follow(what: str, now: StrEnum, then: StrEnum) -> None:
    """Stops a move that the machine does not know.

    Raises:
        NotAllowedError: With the states that may follow instead.
    """
    if may_follow(now, then):
        return
    following = MACHINES[type(now)][now]
    if not following:
        sentence = f"{what} is {_words(now)}; that is final."
    else:
        instead = " or ".join(sorted(_words(state) for state in following))
        sentence = (
            f"{what} is {_words(now)}, not ready to be {_words(then)}. Next can be {instead}."
        )
    raise NotAllowedError(sentence)


def _words(state: StrEnum) -> str:
    return state.value.replace("_", " ")
