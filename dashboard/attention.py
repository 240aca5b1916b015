"""What a reader should look at first: sentences, the most pressing on top. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from dashboard.charts.headline import evidence
from dashboard.facts import Comparison, Reading, Subject, Target
from dashboard.format import difference, goal, interval, number, period

Kind = Literal["refresh", "source", "target", "change", "data"]

# More of one kind would push the others out of sight.
_MOST_OF_A_KIND = 3
_MORE: Mapping[Kind, str] = {
    "refresh": "{} more refreshes failed.",
    "source": "{} more sources are late or not let in: Data › Sources lists them.",
    "target": "{} more targets are missed: the cards show which.",
    "change": "{} more figures changed for the worse: the cards show which.",
    "data": "{} more remarks about rows: Data › Rows lists them.",
}
_RANKS: dict[Kind, int] = {"refresh": 0, "source": 1, "target": 2, "change": 3, "data": 4}


@dataclass(frozen=True)
class Notice:
    """One sentence.

    Attributes:
        kind: Orders the sentences; within a kind the larger size comes first.
        text: The sentence.
        size: Of the matter, comparable within its kind.
    """

    kind: Kind
    text: str
    size: float = 0.0


def ranked(notices: Iterable[Notice]) -> list[Notice]:
    """By kind, then the largest first."""
    return sorted(notices, key=lambda notice: (_RANKS[notice.kind], -notice.size, notice.text))


def shortened(notices: Iterable[Notice]) -> list[Notice]:
    """The largest of each kind, and in one sentence how many more there are; all of a few."""
    shown: list[Notice] = []
    for kind, own in groupby(ranked(notices), key=lambda notice: notice.kind):
        listed = list(own)
        more = len(listed) - _MOST_OF_A_KIND
        if more > 1:
            listed = [*listed[:_MOST_OF_A_KIND], Notice(kind, _MORE[kind].format(more))]
        shown += listed
    return shown


def all_well(targets: int, comparisons: int) -> str:
    """What can be said where nothing presses, and no more than that.

    Args:
        targets: How many there are.
        comparisons: How many changes could be judged.

    >>> all_well(0, 0)
    'No target is set, so none is missed; too little data to see a change; no source is late.'
    """
    goals = "No target is clearly missed" if targets else "No target is set, so none is missed"
    seen = "nothing clearly got worse" if comparisons else "too little data to see a change"
    return f"{goals}; {seen}; no source is late."


def target_notice(subject: Subject, reading: Reading | None, target: Target | None) -> list[Notice]:
    """A target that is missed beyond doubt; none for one met or within the interval."""
    if reading is None or reading.value is None or target is None:
        return []
    if target.standing != "not met":
        return []
    above = reading.value > (target.high if target.high is not None else target.value)
    edge = target.high if above and target.high is not None else target.value
    miss = abs(reading.value - edge)
    plausible = interval(reading.low, reading.high, subject.unit)
    sure = f" (95 %: {plausible})" if plausible else ""
    short = difference(miss, subject.unit).removeprefix("+")
    return [
        Notice(
            "target",
            f"{subject.name} is {short} {'above' if above else 'below'} its target of "
            f"{goal(edge, subject.unit)}: {number(reading.value, subject.unit)}{sure}, "
            f"{period(reading.period, reading.period_end)}.",
            size=miss / abs(edge) if edge else miss,
        )
    ]


def change_notice(subject: Subject, comparison: Comparison | None) -> list[Notice]:
    """A change for the worse that is more than chance."""
    bad = {"up": "lower", "down": "higher"}.get(subject.better)
    if comparison is None or comparison.state != bad or comparison.difference is None:
        return []
    worse = "rose" if bad == "higher" else "fell"
    size = abs(comparison.difference / comparison.before) if comparison.before else 0.0
    return [Notice("change", f"{subject.name} {worse}: {evidence(subject, comparison)}.", size)]


def chance_flags(comparisons: int) -> str:
    """How many of that many comparisons would stand out by chance alone.

    >>> chance_flags(8)
    'Of 8 comparisons at 95 %, chance alone would flag 0.4.'
    """
    return (
        f"Of {comparisons} comparisons at 95 %, chance alone would flag {comparisons * 0.05:.1f}."
    )
