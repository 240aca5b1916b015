"""The read API's verdicts → what cards and charts take. Pure."""

from datetime import date

from dashboard.facts import Comparison, Standing, Target
from dashboard.format import period
from pipelines.metrics import comparing, targets
from pipelines.metrics.spans import Span

_A_WEEK = 7
_STANDINGS: dict[str, Standing] = {
    "met": "met",
    "not_met": "not met",
    "interval_spans_target": "within the interval",
    "unknown": "cannot be told yet",
}


def comparison(found: comparing.Comparison, since: date | None) -> Comparison:
    """A comparison, its spans in words.

    Args:
        found: As the read API gives it.
        since: The launch that it starts from; None where the newest span is compared.
    """
    return Comparison(
        state=found.state,
        before=found.before,
        after=found.after,
        difference=found.difference,
        low=found.low,
        high=found.high,
        n_before=found.n_before,
        n_after=found.n_after,
        spans=_spans(found.before_span, found.after_span),
        against="vs before launch" if since else _against(found.before_span, found.after_span),
        smallest_visible=found.smallest_visible,
        reason=found.sentence,
        notes=found.notes,
    )


def target(
    found: targets.InForce, judged: targets.Standing, line: list[tuple[date, float]]
) -> Target:
    """A target in force, with its course and whether the number meets it."""
    return Target(
        value=found.value,
        high=found.high,
        line=tuple(line),
        standing=_STANDINGS[judged.state],
        reason=judged.sentence,
    )


def _spans(before: Span | None, after: Span | None) -> str:
    if before is None or after is None:
        return ""
    return f"{_named(after)} against {_named(before)}"


def _named(span: Span) -> str:
    return span.label or period(span.start, span.end)


def _against(before: Span | None, after: Span | None) -> str:
    """As short as a card needs it.

    >>> one, two = date(2026, 10, 12), date(2026, 10, 19)
    >>> _against(Span(one, two, 1, "week"), Span(two, date(2026, 10, 26), 1, "week"))
    'vs week before'
    """
    if before is None or after is None:
        return ""
    if before.periods > 1:
        return f"vs {before.periods} {before.grain}s before"
    if before.end == after.start:
        return f"vs {before.grain} before"
    return f"vs {round((after.start - before.start).days / _A_WEEK)} weeks earlier"
