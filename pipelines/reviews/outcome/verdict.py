"""What the Check finds for deliveries that were released together with the same prediction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.errors import UsageError
from pipelines.read import Snapshot
from pipelines.reviews.check.computing import CheckResult, check
from pipelines.reviews.check.inputs import CheckInput
from pipelines.reviews.check.planner import outlook, seed_of
from pipelines.reviews.check.readiness import FEWEST_BASELINE_POINTS
from pipelines.reviews.check.sentence import sentence
from pipelines.reviews.core.canonical import hash_of
from pipelines.reviews.core.prediction import LedgerRow
from pipelines.reviews.core.subjects import card_of_key
from pipelines.reviews.core.team_settings import TeamSettings
from pipelines.reviews.core.terms import GuardState, Verdict
from pipelines.reviews.cycle.guard_rails import GuardRail, default_guard_rails
from pipelines.reviews.desk import Desk
from pipelines.reviews.numbers.deliveries import Delivery
from pipelines.reviews.numbers.freezing import Shown
from pipelines.reviews.outcome.check import (
    Around,
    first_review,
    input_of,
    primary_of,
    rails_of,
    rails_of_cycle,
)
from pipelines.reviews.outcome.rows import DEFINED, newest_event
from pipelines.reviews.records.tables import PdcaCycle


@dataclass(frozen=True)
class Found:
    """What it came to.

    Attributes:
        sentence: The verdict in words, or why there is none.
        effect: Favourable up, in metric units; as its two ends.
        shown: What was compared, to be frozen.
        power: Chance that the design had to find what was expected; None = unknown.
        guards: Guard-rail's name → its state.
    """

    verdict: Verdict
    sentence: str
    effect: float | None = None
    lo: float | None = None
    hi: float | None = None
    shown: tuple[Shown, ...] = ()
    power: float | None = None
    guards: Mapping[str, str] | None = None


def verdict_of(
    desk: Desk, snapshot: Snapshot, rows: Sequence[LedgerRow], things: Sequence[Delivery]
) -> Found:
    """Runs the Check of a prediction.

    What waiting does not heal makes a row not judgeable: a metric without a series, another
    definition than at the lock, a baseline too short before the release.

    Args:
        desk: For clock and records.
        snapshot: Published.
        rows: Released together, with the same metric and direction.
        things: What they are about.
    """
    first = rows[0]
    settings, locked, rails = _kept(desk, snapshot, first, things)
    card = card_of_key(first.metric_id or "", first.segment_key or "")
    try:
        primary = primary_of(snapshot, rows, card, settings.baseline_periods)
    except UsageError as problem:
        return Found(Verdict.INVALID, f"Not judgeable. {problem}")
    why = snapshot.unavailable(primary.known.request.metric) or _too_short(primary)
    if why:
        return Found(Verdict.INVALID, f"Not judgeable. {why}")
    if rails is None:
        rails = default_guard_rails(snapshot, primary.known, settings)
    around = rails_of(rails, first.released_on, first_review(rows), settings.baseline_periods)
    own = [thing.release_id for thing in things if thing.release_id]
    given = input_of(desk, primary, around, own, locked)
    result = check(given)
    return Found(
        verdict=result.verdict.verdict,
        sentence=sentence(given, result),
        effect=result.primary.diff,
        lo=result.primary.lo,
        hi=result.primary.hi,
        shown=tuple(_shown(each, role) for each, role in _roles(primary, around)),
        power=_power(given, primary, rows),
        guards=_guards(given, result),
    )


def settings_for(desk: Desk, team_id: str | None) -> TeamSettings:
    """The settings of a team; of what belongs to no team those of the first one."""
    teams = {team.team_id: team.settings for team in desk.teams()}
    return teams.get(team_id or "") or next(iter(teams.values()))


def _kept(
    desk: Desk, snapshot: Snapshot, row: LedgerRow, things: Sequence[Delivery]
) -> tuple[TeamSettings, str | None, Sequence[GuardRail] | None]:
    """Settings of the team, hash of the locked definition, guard-rails of the cycle if any."""
    with desk.store.reading() as session:
        cycle = session.get(PdcaCycle, row.cycle_id) if row.cycle_id else None
        event = newest_event(session, row.link_id, DEFINED)
        rails = rails_of_cycle(session, snapshot, cycle.cycle_id) if cycle else None
    team = cycle.team_id if cycle else next((each.team_id for each in things), None)
    locked = event.changes["definition_hash"] if event is not None else None
    return settings_for(desk, team), locked, rails


def _too_short(primary: Around) -> str:
    n = primary.baseline.n
    if n >= FEWEST_BASELINE_POINTS:
        return ""
    return (
        f"{primary.known.name} has {n} periods with a value before the release; "
        f"{FEWEST_BASELINE_POINTS} are needed."
    )


def _power(given: CheckInput, primary: Around, rows: Sequence[LedgerRow]) -> float | None:
    """The chance that these windows had, by simulating the Check; the same row, the same one."""
    seed = seed_of(hash_of(sorted(row.link_id for row in rows)))
    n_post = sum(point.value is not None for point in primary.post)
    return outlook(given.primary[0], (), n_post, seed=seed).chance if n_post else None


def _guards(given: CheckInput, result: CheckResult) -> dict[str, str]:
    failed = result.verdict.failed_guards
    return {
        plan.label: GuardState.FAIL.value
        if plan.metric_id in failed
        else (row.guard_state or GuardState.NOT_PROVEN).value
        for (plan, _), row in zip(given.others, result.checks[1:], strict=True)
    }


def _roles(primary: Around, rails: Sequence[Around]) -> list[tuple[Around, str]]:
    return [(primary, "primary"), *((rail, "guard_rail") for rail in rails)]


def _shown(each: Around, role: str) -> Shown:
    return Shown(each.known, start=each.first_day, end=each.end, role=role)
