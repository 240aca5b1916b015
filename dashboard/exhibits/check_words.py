"""The Check of a cycle in words: verdict, what it rests on, what would settle it, who signed."""

from collections.abc import Mapping
from typing import Literal

import polars as pl

from dashboard import records
from dashboard.exhibits.cycle_page import Line, Sheet
from dashboard.exhibits.minutes_words import signature_told
from dashboard.format import counted, day, difference, plain
from dashboard.records import Speaker
from dashboard.review_words import GUARD, TARGET, words
from pipelines.reviews.check.row import MetricCheck
from pipelines.reviews.core.terms import (
    ActDecision,
    CycleStatus,
    Design,
    Verdict,
)
from pipelines.reviews.cycle.record import Run

Tone = Literal["green", "red", "gray"]
_TONES: Mapping[Verdict, Tone] = {Verdict.IMPROVED: "green", Verdict.WORSE: "red"}


def check_table(shown: Sheet) -> pl.DataFrame:
    """Every metric that the newest run judged, in a row; text for a table of Markdown."""
    run = shown.record.run
    rows = [
        (
            plain(shown.names.get(row.metric_id, row.metric_id)),
            plain(_effect(row.diff, row.lo, row.hi, shown.units.get(row.metric_id, ""))),
            f"{row.n_base} / {row.n_post}",
            plain(_state(shown, row)),
        )
        for row in (run.checks if run else ())
    ]
    columns = ("Metric", "For the better", "Periods", "State")
    return pl.DataFrame(rows, dict.fromkeys(columns, pl.String), orient="row")


def _effect(diff: float | None, low: float | None, high: float | None, unit: str) -> str:
    if diff is None:
        return "not known"
    if low is None or high is None:
        return difference(diff, unit)
    return f"{difference(diff, unit)} ({difference(low, unit)} to {difference(high, unit)})"


def _state(shown: Sheet, row: MetricCheck) -> str:
    if row.guard_state:
        return GUARD[row.guard_state]
    roles = {each.metric_id: each.role for each in shown.record.metrics}
    role = words(roles[row.metric_id]) if row.metric_id in roles else ""
    if row.target_state:
        return f"{role}; target {TARGET[row.target_state]}"
    return role


def open_lines(run: Run) -> list[Line]:
    """Of an inconclusive run: what is known, and what would settle it."""
    known = run.known.removeprefix("What is known: ")
    lines = [("What is known", f"{known[:1].upper()}{known[1:]}"),
             ("What would settle it", run.settling)]  # fmt: skip
    return [(label, text) for label, text in lines if text]


def rest_of_sentence(run: Run) -> str:
    """The kept sentence of a run without what `open_lines` says already."""
    text = run.verdict.sentence
    for part in (run.known, run.settling):
        text = text.replace(part, "") if part else text
    return " ".join(word for word in text.split(" ") if word)


def waits_for_more(run: Run) -> bool:
    """Whether more periods would settle the run, so that looking again is the next step."""
    return run.settles_on is not None


def follows_rule(shown: Sheet) -> bool:
    """Whether what the rule of the primary metric suggests is still to be thought of."""
    is_open = shown.record.cycle.status in {CycleStatus.CHECKING, CycleStatus.ACTING}
    return is_open and not (shown.record.run and shown.record.run.failed)


def choices(shown: Sheet, who: Speaker) -> list[tuple[ActDecision, str]]:
    """Every Act decision, those that the rule suggests first; with what stands against it."""
    run = shown.record.run
    refused = records.refused_decisions(who, shown.record)
    if shown.record.cycle.design is Design.QUALITATIVE and shown.record.signature is None:
        # Until people judge the criteria, only their verdict can stand in the way.
        refused = {ActDecision.STANDARDISE: "only if “Improved” is signed."}
    suggested = list(run.decisions) if run else []
    ordered = [*suggested, *(each for each in ActDecision if each not in suggested)]
    told = [(each, refused.get(each, "")) for each in ordered]
    return sorted(told, key=lambda each: bool(each[1]))


def signature_lines(shown: Sheet, who: Speaker) -> list[str]:
    """Who signed what; an override with the machine's verdict and the reason beside it."""
    return [signature_told(vars(each), who.name) for each in shown.record.signatures]


def waiting(shown: Sheet, who: Speaker) -> str:
    """What the Check waits for; "" where it has something to say."""
    cycle, run = shown.record.cycle, shown.record.run
    if run is not None and (run.look >= cycle.look or cycle.status is not CycleStatus.CHECKING):
        return ""
    if cycle.status is CycleStatus.CANCELLED:
        return "It ended before its Check."
    if cycle.status is CycleStatus.CLOSED:
        return ""
    on = cycle.look_on
    if on is None:
        return "The Check has no date yet."
    look = f"Look {cycle.look}" if cycle.look > 1 else "The Check"
    if on > who.today:
        days = counted((on - who.today).days, "day")
        return f"{look} may run from {day(on)}, in {days}. Nothing is judged before."
    return f"{look} may run now."


def verdict_tone(verdict: Verdict) -> Tone:
    """The colour of a badge: only what is proven has one."""
    return _TONES.get(verdict, "gray")
