"""Sentences about a change that say no more than its interval allows. Pure."""

from dashboard.facts import Comparison, Reading, State, Subject, Target
from dashboard.format import difference, goal, interval, number, period

_VERBS = {"higher": "rose", "lower": "fell"}
_WITHOUT_VERDICT: dict[State, str] = {
    "too_early": "too early to compare",
    "too_little_data": "too little data to compare",
    "not_comparable": "not comparable with before",
}


def headline(subject: Subject, comparison: Comparison | None) -> str:
    """What a chart shows, in one line; a direction only where there is one.

    >>> wau = Subject("wau", "Weekly active users", "count", "up", "", "")
    >>> headline(wau, Comparison("higher", before=312, after=420))
    'Weekly active users rose from 312 to 420'
    >>> headline(wau, Comparison("no_clear_change", before=312, after=318))
    'Weekly active users: no clear change'
    """
    if comparison is None:
        return subject.name
    verb = _VERBS.get(comparison.state)
    if verb is None:
        return f"{subject.name}: {verdict(comparison)}"
    before, after = comparison.before, comparison.after
    if before is None or after is None:
        return f"{subject.name} {verb}"
    ends = f"from {number(before, subject.unit)} to {number(after, subject.unit)}"
    return f"{subject.name} {verb} {ends}"


def goal_headline(subject: Subject, reading: Reading | None, target: Target | None) -> str:
    """The newest value against its target; "" where one of the two is missing."""
    if reading is None or reading.value is None or target is None:
        return ""
    wanted = goal(target.value, subject.unit)
    if target.high is not None:
        wanted = interval(target.value, target.high, subject.unit)
    value = number(reading.value, subject.unit)
    return f"{subject.name}: {value} for a target of {wanted} ({target.standing})"


def value_headline(subject: Subject, reading: Reading | None, comparison: Comparison | None) -> str:
    """The newest value where nothing may be said about its change; "" where something may."""
    if reading is None or reading.value is None:
        return ""
    if comparison is not None and comparison.state not in _WITHOUT_VERDICT:
        return ""
    value = number(reading.value, subject.unit)
    if reading.status == "too_few" and subject.unit == "share" and reading.total is not None:
        value = f"{reading.total:,.0f} of {reading.n or 0:,}"
    return f"{subject.name}: {value}, {reading.label or period(reading.period, reading.period_end)}"


def verdict(comparison: Comparison) -> str:
    """The state of a comparison in words, without numbers."""
    if comparison.state in _VERBS:
        return comparison.state
    return _WITHOUT_VERDICT.get(comparison.state, "no clear change")


def evidence(subject: Subject, comparison: Comparison | None) -> str:
    """What the verdict rests on: difference, interval, both n, both spans; "" where nothing.

    >>> nps = Subject("nps", "NPS", "points", "up", "", "")
    >>> evidence(nps, Comparison("no_clear_change", difference=4.0, low=-3.0, high=11.0))
    '+4 (95 %: −3 to +11)'
    """
    if comparison is None:
        return ""
    parts = [_measured(subject, comparison), _sizes(comparison), comparison.spans]
    if comparison.state not in {"higher", "lower", "no_clear_change"} and comparison.reason:
        parts.insert(0, comparison.reason.rstrip("."))
    if comparison.state == "no_clear_change" and comparison.smallest_visible is not None:
        smallest = number(comparison.smallest_visible, subject.unit)
        if subject.unit == "share":
            smallest = difference(comparison.smallest_visible, "share").removeprefix("+")
        parts.append(f"a change below {smallest} would not show")
    told = "; ".join(part for part in parts if part)
    return ". ".join([told, *(note.rstrip(".") for note in comparison.notes)]).removeprefix(". ")


def _measured(subject: Subject, comparison: Comparison) -> str:
    if comparison.difference is None:
        return ""
    words = difference(comparison.difference, subject.unit)
    if comparison.low is None or comparison.high is None:
        return words
    low = difference(comparison.low, subject.unit)
    high = difference(comparison.high, subject.unit)
    return f"{words} (95 %: {low} to {high})"


def _sizes(comparison: Comparison) -> str:
    if comparison.n_before is None or comparison.n_after is None:
        return ""
    return f"n = {comparison.n_before:,} and {comparison.n_after:,}"
