"""Whether a team keeps what it promises in its reviews (reviews.md 11, "Health"). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.reviews.core.figures import Median, Share, median, share
from pipelines.reviews.core.meeting import FollowUp
from pipelines.reviews.core.terms import FollowUpStatus


@dataclass(frozen=True)
class Promise:
    """A follow-up with the days on which it was made and closed, which its events know."""

    follow_up: FollowUp
    made_on: date
    closed_on: date | None = None


@dataclass(frozen=True)
class Health:
    """The team's promises in figures; the review coverage stands in the ledger's scorecard.

    Attributes:
        follow_through: Of the follow-ups past their date, those done by it.
        redated: Of all, those whose date was moved at least once.
        open_age: Days since they were made, of those still open.
        oldest: The longest of these; None without any.
    """

    follow_through: Share
    redated: Share
    open_age: Median
    oldest: int | None


def health(promises: Sequence[Promise], today: date) -> Health:
    """How the promises stand.

    A follow-up that was dropped by its date leaves the follow-through; one dropped later was
    not done. A date that was moved is the one that counts, which is why the re-dated share
    stands beside it.

    Args:
        promises: All of a team in the time looked at.
        today: In the team's time zone; what is due today may still be done.

    Source:
        Wilson (1927) for shares.
    """
    due = [each for each in promises if _counts(each, today)]
    ages = [
        (today - each.made_on).days
        for each in promises
        if each.follow_up.status is FollowUpStatus.OPEN
    ]
    return Health(
        follow_through=share(
            sum(_is_done_in_time(each) for each in due),
            len(due),
            without="No follow-up has come due yet.",
        ),
        redated=share(
            sum(each.follow_up.redated > 0 for each in promises),
            len(promises),
            without="There is no follow-up yet.",
        ),
        open_age=median(ages),
        oldest=max(ages, default=None),
    )


def _counts(promise: Promise, today: date) -> bool:
    due_on = promise.follow_up.due_on
    if due_on is None or due_on >= today:
        return False
    is_dropped = promise.follow_up.status is FollowUpStatus.DROPPED
    return not (is_dropped and promise.closed_on is not None and promise.closed_on <= due_on)


def _is_done_in_time(promise: Promise) -> bool:
    due_on, closed_on = promise.follow_up.due_on, promise.closed_on
    is_done = promise.follow_up.status is FollowUpStatus.DONE
    return is_done and due_on is not None and closed_on is not None and closed_on <= due_on
