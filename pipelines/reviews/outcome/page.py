"""The outcome ledger as a page shows it: every row with what came of it, and the figures."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pipelines.metrics.definition import Metric
from pipelines.read import Snapshot, unit_text
from pipelines.reviews.core.ledger import Scorecard, scorecard
from pipelines.reviews.core.prediction import (
    LedgerRow,
    Outcome,
    OutcomeResult,
    ledger_status,
    missing,
)
from pipelines.reviews.core.roles import Permission
from pipelines.reviews.core.subjects import card_of_key
from pipelines.reviews.core.terms import LedgerStatus
from pipelines.reviews.desk import Desk
from pipelines.reviews.numbers.deliveries import Delivery, Key, key_of
from pipelines.reviews.outcome.keeping import TOO_LATE, delivered
from pipelines.reviews.outcome.rows import (
    NOT_READY,
    PREDICTED,
    Run,
    ledger_row,
    newest_events,
    outcome,
    results,
    runs,
    self_signed_cycles,
)
from pipelines.reviews.records.rows import rows_of
from pipelines.reviews.records.tables import Event, OutcomeLink, PdcaCycle


@dataclass(frozen=True)
class LedgerLine:
    """A row of the ledger as a page shows it.

    Attributes:
        outcome: With prediction and latest result.
        title: Of the release or item.
        team_id: Of an item; None of a release.
        status: Where it stands.
        is_released: Whether it is out.
        metric_name: Of the metric that was predicted; "" without one.
        unit: Of its values.
        missing: What the prediction still lacks, in plain words.
        can_be_predicted: It may still be written and locked.
        sentence: The verdict in words, or why it is not judged; "" where nothing is to be said.
        joint_with: Titles of what shares its judgement; () = it stands alone.
        run: How it was judged; None before.
        row_version: To hand back to `predict` and `lock`.
    """

    outcome: Outcome
    title: str
    team_id: str | None
    status: LedgerStatus
    is_released: bool
    metric_name: str
    unit: str
    missing: tuple[str, ...]
    can_be_predicted: bool
    sentence: str
    joint_with: tuple[str, ...]
    run: Run | None
    row_version: int

    @property
    def row(self) -> LedgerRow:
        """The prediction."""
        return self.outcome.row

    @property
    def is_joint(self) -> bool:
        """Several deliveries share its judgement."""
        return bool(self.joint_with)


@dataclass(frozen=True)
class Ledger:
    """The page of the ledger.

    Attributes:
        lines: The newest release first; what is planned before what is out.
        scorecard: Its figures, over what is out.
        gone: Titles of planned deliveries that the source does not list any more.
        snapshot_id: The published snapshot that says what was delivered.
    """

    lines: tuple[LedgerLine, ...]
    scorecard: Scorecard
    gone: tuple[str, ...]
    snapshot_id: str

    def line(self, link_id: str) -> LedgerLine | None:
        """The line of a row; None where it is not shown."""
        return next((each for each in self.lines if each.row.link_id == link_id), None)


@dataclass(frozen=True)
class _Known:
    """What is read once for all rows."""

    desk: Desk
    snapshot: Snapshot
    found: Mapping[Key, Delivery]
    cycles: Mapping[str, PdcaCycle]
    self_signed: frozenset[str]
    runs: Mapping[str, Run]
    waiting: Mapping[str, Event]
    written: Mapping[str, Event]


def ledger(desk: Desk, snapshot: Snapshot | None = None) -> Ledger:
    """Every row and the scorecard.

    Args:
        desk: Of a reader.
        snapshot: Published; None = the current one.

    Raises:
        NotAllowedError: The person may read nothing.
        SnapshotError: Nothing was published yet.
    """
    need(desk, Permission.READ)
    snapshot = snapshot or Snapshot(desk.folder)
    found = delivered(desk, snapshot)
    with desk.store.reading() as session:
        stored = rows_of(session, OutcomeLink, order=["link_id"])
        latest = results(session)
        known = _Known(
            desk,
            snapshot,
            found,
            {row.cycle_id: row for row in rows_of(session, PdcaCycle)},
            self_signed_cycles(session),
            runs(session),
            newest_events(session, NOT_READY),
            newest_events(session, PREDICTED),
        )
    lines, gone = [], []
    for row in stored:
        thing = found.get(key_of(row.work_item_key, row.release_id))
        on = row.released_on or (day_of(thing, desk.today) if thing else None)
        if on is None and thing is None:
            gone.append(row.work_item_key or row.release_id or row.link_id)
            continue
        lines.append(_line(known, row, thing, on, latest.get(row.link_id)))
    return Ledger(
        lines=tuple(_in_order(_with_joint(lines))),
        scorecard=scorecard([line.outcome for line in lines if line.is_released], desk.today),
        gone=tuple(gone),
        snapshot_id=snapshot.id,
    )


def outcomes_of(desk: Desk, snapshot: Snapshot | None = None) -> tuple[Outcome, ...]:
    """All rows that are out, as the figures count them."""
    return tuple(line.outcome for line in ledger(desk, snapshot).lines if line.is_released)


def day_of(thing: Delivery, today: date) -> date | None:
    """When it is, or will be, out; a plan that has passed means not before today."""
    if thing.released_on is not None or thing.planned_on is None:
        return thing.released_on
    return max(thing.planned_on, today)


def need(desk: Desk, permission: Permission, team_id: str | None = None) -> None:
    """Stops who may not do this in the team, or, of what is everybody's, in no team.

    Raises:
        NotAllowedError: With who may.
    """
    teams = [team.team_id for team in desk.teams()]
    if team_id is None and any(desk.may(permission, team) for team in teams):
        return
    desk.require(permission, team_id or teams[0])


def _line(
    known: _Known,
    row: OutcomeLink,
    thing: Delivery | None,
    on: date | None,
    result: OutcomeResult | None,
) -> LedgerLine:
    today = known.desk.today
    prediction = ledger_row(row, on or today)
    status = ledger_status(prediction, result, today)
    run = known.runs.get(result.run_id) if result else None
    cycle = known.cycles.get(row.cycle_id or "")
    own = cycle is not None and cycle.cycle_id in known.self_signed
    name, unit = _metric_words(known.snapshot, prediction)
    is_open = row.locked_at is None and on is not None and today <= on
    return LedgerLine(
        outcome=outcome(prediction, result, run, cycle, self_signed=own),
        title=thing.title if thing else row.work_item_key or row.release_id or row.link_id,
        team_id=thing.team_id if thing else None,
        status=status,
        is_released=row.released_on is not None,
        metric_name=name,
        unit=unit,
        missing=missing(prediction) if row.locked_at is None else (),
        can_be_predicted=is_open,
        sentence=_sentence(known, row, status, run, is_open=is_open),
        joint_with=(),
        run=run,
        row_version=row.row_version,
    )


def _sentence(
    known: _Known, row: OutcomeLink, status: LedgerStatus, run: Run | None, *, is_open: bool
) -> str:
    if run is not None:
        return run.sentence
    if status is LedgerStatus.DUE:
        waiting = known.waiting.get(row.link_id)
        return (
            waiting and waiting.reason
        ) or "Its review date has come. The next refresh judges it."
    if status is not LedgerStatus.UNPREDICTED or is_open:
        return ""
    if row.link_id in known.written:
        return TOO_LATE if row.released_on else ""
    return "Nothing was predicted; its guard-rails are watched." if row.released_on else ""


def _metric_words(snapshot: Snapshot, row: LedgerRow) -> tuple[str, str]:
    """Name and unit of a metric; its id where the catalogue does not know it any more."""
    if row.metric_id is None:
        return "", ""
    metric: Metric | None = snapshot.metrics.get(row.metric_id)
    if metric is None:
        return row.metric_id, ""
    card = card_of_key(row.metric_id, row.segment_key or "")
    more = [card.of, *(value for _, value in card.where), card.variant]
    said = ", ".join(part for part in more if part)
    name = f"{metric.name} ({said})" if said else metric.name
    return name, unit_text(metric, snapshot.settings, card.variant)


def _with_joint(lines: Sequence[LedgerLine]) -> list[LedgerLine]:
    """Each line with the titles of those that share its run."""
    titles: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        if line.run is not None:
            titles[line.run.run_id].append(line.title)
    found = []
    for line in lines:
        others = list(titles[line.run.run_id]) if line.run else []
        if line.title in others:
            others.remove(line.title)
        found.append(replace(line, joint_with=tuple(others)))
    return found


def _in_order(lines: Sequence[LedgerLine]) -> list[LedgerLine]:
    """What is planned first, the nearest on top; then what is out, the newest on top."""
    return sorted(
        lines,
        key=lambda line: (
            line.is_released,
            -line.row.released_on.toordinal()
            if line.is_released
            else line.row.released_on.toordinal(),
            line.title,
            line.row.link_id,
        ),
    )
