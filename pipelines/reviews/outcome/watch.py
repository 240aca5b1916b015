"""Guard-rails around releases are watched from the day after, predicted or not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from pipelines.errors import UsageError
from pipelines.read import Snapshot
from pipelines.reviews.check.adjusting import analysed
from pipelines.reviews.check.inputs import Readiness, Window
from pipelines.reviews.check.measuring import breaches_early, measured
from pipelines.reviews.check.readiness import FEWEST_BASELINE_POINTS
from pipelines.reviews.check.row import measured_row
from pipelines.reviews.core.periods import in_words
from pipelines.reviews.core.plan import ALPHA_PER_LOOK, DEFAULT_POST_POINTS
from pipelines.reviews.core.subjects import card_of_key
from pipelines.reviews.core.terms import GuardState, LedgerStatus
from pipelines.reviews.cycle.guard_rails import default_guard_rails
from pipelines.reviews.desk import Desk
from pipelines.reviews.numbers.series import Known, known_series
from pipelines.reviews.outcome.check import Around, rails_of, rails_of_cycle, series_of_points
from pipelines.reviews.outcome.page import LedgerLine, ledger
from pipelines.reviews.outcome.verdict import settings_for
from pipelines.reviews.records.tables import PdcaCycle

# As long as a Check by default looks: 13 weeks.
WATCHED_FOR = timedelta(weeks=DEFAULT_POST_POINTS)
_WATCHED = (LedgerStatus.UNPREDICTED, LedgerStatus.OPEN, LedgerStatus.DUE)


@dataclass(frozen=True)
class ReleaseBreach:
    """A guard-rail that shows harm after a release.

    Attributes:
        link_id: Of the row of the ledger.
        title: Of the release or item.
        released_on: When.
        metric_id: Of the guard-rail.
        name: Of it, for people.
        sentence: What is wrong and what to do.
    """

    link_id: str
    title: str
    released_on: date
    metric_id: str
    name: str
    sentence: str


def release_breaches(desk: Desk, snapshot: Snapshot | None = None) -> tuple[ReleaseBreach, ...]:
    """Guard-rails that show harm after a release that is still watched.

    Before there are enough periods only a point beyond a process limit counts; from then on the
    interval against the margin, as in the Check.

    Args:
        desk: Of a reader.
        snapshot: Published; None = the current one.
    """
    snapshot = snapshot or Snapshot(desk.folder)
    lines = [
        line
        for line in ledger(desk, snapshot).lines
        if line.is_released
        and line.status in _WATCHED
        and line.row.released_on <= desk.today < line.row.released_on + WATCHED_FOR
    ]
    return tuple(breach for line in lines for breach in _of_line(desk, snapshot, line))


def _of_line(desk: Desk, snapshot: Snapshot, line: LedgerLine) -> Iterable[ReleaseBreach]:
    for rail in _rails(desk, snapshot, line):
        if has_failed(rail, desk.today):
            name, row = rail.known.name, line.row
            yield ReleaseBreach(
                link_id=row.link_id,
                title=line.title,
                released_on=row.released_on,
                metric_id=rail.metric.metric_id,
                name=name,
                sentence=(
                    f"{name} shows harm since {line.title} was released on "
                    f"{in_words(row.released_on)}. Look at it, then keep the release or take it "
                    "back."
                ),
            )


def has_failed(rail: Around, today: date) -> bool:
    """Whether a guard-rail shows harm; a baseline that is too short shows nothing.

    Args:
        rail: Around its release.
        today: In the reporting zone.
    """
    if rail.baseline.n < FEWEST_BASELINE_POINTS or not rail.post:
        return False
    plan, window = rail.plan, Window(series_of_points(rail.post), Readiness(today))
    series = analysed(plan, window)
    if window.post.n < plan.metric.min_post_points:
        return breaches_early(plan, series)
    found = measured(plan, series, ALPHA_PER_LOOK[0])
    row = measured_row(plan, window, series, found, 1, ALPHA_PER_LOOK[0])
    return row.guard_state is GuardState.FAIL


def _rails(desk: Desk, snapshot: Snapshot, line: LedgerLine) -> tuple[Around, ...]:
    row = line.row
    with desk.store.reading() as session:
        cycle = session.get(PdcaCycle, row.cycle_id) if row.cycle_id else None
        rails = rails_of_cycle(session, snapshot, cycle.cycle_id) if cycle else None
    settings = settings_for(desk, cycle.team_id if cycle else line.team_id)
    if rails is None:
        rails = [*default_guard_rails(snapshot, _predicted(snapshot, line), settings)]
    return rails_of(rails, row.released_on, None, settings.baseline_periods)


def _predicted(snapshot: Snapshot, line: LedgerLine) -> Known | None:
    if line.row.metric_id is None:
        return None
    try:
        return known_series(snapshot, card_of_key(line.row.metric_id, line.row.segment_key or ""))
    except UsageError:
        return None
