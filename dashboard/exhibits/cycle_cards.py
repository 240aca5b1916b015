"""Cycles on the board: what each card says, and what is next. Pure but for the records it reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dashboard import data, records
from dashboard.format import counted, day
from dashboard.question import Opened
from dashboard.records import Speaker
from dashboard.review_words import CYCLE, words
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.terms import ActDecision, CycleStatus, Verdict
from pipelines.reviews.cycle.lists import CycleCard

COLUMNS = (
    CycleStatus.DRAFT,
    CycleStatus.PLANNED,
    CycleStatus.DOING,
    CycleStatus.CHECKING,
    CycleStatus.ACTING,
    CycleStatus.CLOSED,
)
FOLDED = (CycleStatus.ON_HOLD, CycleStatus.CANCELLED)


@dataclass(frozen=True)
class CardWords:
    """A cycle on the board.

    Attributes:
        dates: When it goes live and is checked; "" before anybody said so.
        next: What has to be done now.
        is_pressing: Something is due or broken.
        badges: What must stand beside it wherever it is listed.
    """

    cycle_id: str
    title: str
    metric: str
    owner: str
    dates: str
    next: str
    is_pressing: bool
    badges: tuple[str, ...] = ()


@dataclass(frozen=True)
class Board:
    """Phase → cards, in the order of the work; those that rest or ended early apart.

    Attributes:
        is_filtered: Something was asked for, so that an empty board says so.
    """

    columns: Mapping[CycleStatus, tuple[CardWords, ...]]
    folded: Mapping[CycleStatus, tuple[CardWords, ...]]
    is_filtered: bool

    @property
    def count(self) -> int:
        """Of all cards."""
        cards = [*self.columns.values(), *self.folded.values()]
        return sum(len(each) for each in cards)


def board(  # noqa: PLR0913 (what is known and what is asked for)
    opened: Opened, known: Sequence[CycleCard], who: Speaker, team: str, owner: str, sought: str
) -> Board:
    """The cycles that the person may read, as asked for.

    Args:
        opened: The snapshot, for names of metrics.
        known: All that the person may read.
        who: Who reads.
        team: Its id, or "" for all.
        owner: A person's id, or "" for everybody.
        sought: Words of title, hypothesis or learning; "" for no search.
    """
    found = records.found_cycles(who, sought) if sought.strip() else known
    kept = [
        card
        for card in found
        if team in {"", card.cycle.team_id} and owner in {"", card.cycle.owner_id}
    ]
    names = {metric_id: known.name for metric_id, known in data.metrics(opened).items()}
    told = {card.cycle.cycle_id: card_words(card, names, who.names, who.today) for card in kept}

    def of(status: CycleStatus) -> tuple[CardWords, ...]:
        return tuple(told[each.cycle.cycle_id] for each in kept if each.cycle.status is status)

    return Board(
        {status: of(status) for status in COLUMNS},
        {status: of(status) for status in FOLDED if of(status)},
        bool(team or owner or sought.strip()),
    )


def teams(who: Speaker, permission: Permission = Permission.READ) -> dict[str, str]:
    """Id → name of the teams in which the person may do this."""
    return {team_id: team.name for team_id, team in who.teams(permission).items()}


def owners(known: Sequence[CycleCard], who: Speaker) -> dict[str, str]:
    """Id → name of everybody who owns one of these cycles."""
    held = {card.cycle.owner_id for card in known}
    return {person: name for person, name in who.names.items() if person in held}


def card_words(
    card: CycleCard, metrics: Mapping[str, str], people: Mapping[str, str], today: date
) -> CardWords:
    """What a card says.

    Args:
        card: From the records.
        metrics: Id → name.
        people: Id → name.
        today: In the reporting zone.
    """
    cycle = card.cycle
    metric = metrics.get(card.metric_id or "", card.metric_id or "no metric")
    return CardWords(
        cycle_id=cycle.cycle_id,
        title=cycle.title,
        metric=metric,
        owner=people.get(cycle.owner_id or "", "nobody"),
        dates=_dates(card),
        next=what_is_next(card, today),
        is_pressing=card.is_breached or card.is_check_overdue,
        badges=_badges(card),
    )


def what_is_next(card: CycleCard, today: date) -> str:
    """The next step in one sentence."""
    cycle = card.cycle
    if card.is_breached:
        by = f" by {day(card.decide_by)}" if card.decide_by else ""
        return f"A guard-rail failed: decide{by}."
    match cycle.status:
        case CycleStatus.DRAFT:
            return "Finish the plan and lock it."
        case CycleStatus.PLANNED:
            return "Start the first action."
        case CycleStatus.DOING:
            return _next_of_do(card)
        case CycleStatus.CHECKING:
            return _next_of_check(card, today)
        case CycleStatus.ACTING:
            return "Decide what to make of it."
        case CycleStatus.CLOSED:
            return _after_closing(card, today)
        case CycleStatus.ON_HOLD:
            before = cycle.status_before_hold
            return f"Resume it; it was {CYCLE[before].lower()}." if before else "Resume it."
    return "Nothing: it ended before its Check."


def _next_of_do(card: CycleCard) -> str:
    if card.open_actions:
        return f"Finish {counted(card.open_actions, 'action')}."
    return "Every action has ended: begin the Check."


def _next_of_check(card: CycleCard, today: date) -> str:
    ready = card.cycle.look_on
    if card.has_run and card.machine_verdict not in {None, Verdict.NOT_READY}:
        return "Sign the verdict, or look again later."
    if ready is not None and ready > today:
        return f"Wait: the Check may run from {day(ready)}."
    late = " It is overdue." if card.is_check_overdue else ""
    return f"Run the Check.{late}"


def _after_closing(card: CycleCard, today: date) -> str:
    on = card.cycle.sustain_on
    if on is not None:
        return f"See whether it lasts: {'since' if on <= today else 'on'} {day(on)}."
    if card.cycle.act_decision is ActDecision.ADJUST:
        return "Go on with the next cycle."
    return "Done."


def _dates(card: CycleCard) -> str:
    cycle = card.cycle
    live = f"Live {day(cycle.due_on)}" if cycle.due_on else ""
    check = f"Check {day(cycle.look_on)}" if cycle.look_on else ""
    return " · ".join(part for part in (live, check) if part)


def _badges(card: CycleCard) -> tuple[str, ...]:
    cycle = card.cycle
    verdict = card.human_verdict or card.machine_verdict
    told = [words(verdict)] if verdict else []
    if card.human_verdict and card.human_verdict is not card.machine_verdict:
        told.append("overridden")
    if card.is_self_signed:
        told.append("self-signed")
    if cycle.act_decision and cycle.act_decision is not ActDecision.KEEP:
        told.append(words(cycle.act_decision))
    seq = [f"cycle {cycle.seq}"] if cycle.seq > 1 else []
    imported = ["imported"] if card.is_imported else []
    return (*told, *cycle.labels, *imported, *seq)


def board_told(board: Board, search: str) -> str:
    """What is on the board in a sentence."""
    if search.strip():
        return f"{counted(board.count, 'cycle')} with “{search.strip()}”."
    active: Sequence[tuple[CardWords, ...]] = [board.columns[each] for each in COLUMNS[1:5]]
    count = sum(len(each) for each in active)
    return f"{counted(board.count, 'cycle')}, {count} active."
