"""What a metric card says, decided without a screen. Pure.

Colour and arrow are given only by a comparison whose interval excludes zero; everything else
is words.
"""

from dataclasses import dataclass
from typing import Literal

from dashboard.charts.headline import evidence, verdict
from dashboard.facts import Better, Comparison, Provenance, Reading, Subject, Target
from dashboard.format import (
    DASH,
    counted,
    day,
    difference,
    goal,
    interval,
    number,
    period,
    plain,
)

DeltaColor = Literal["normal", "inverse", "off"]
DeltaArrow = Literal["auto", "off"]
Tone = Literal["good", "bad", "neutral"]


@dataclass(frozen=True)
class CardWords:
    """The texts of one card; Markdown where Streamlit reads Markdown.

    Attributes:
        label: The metric's name.
        value: The figure, or what stands in its place.
        delta: The change, or why there is none.
        color: "off" is grey.
        arrow: "off" is no arrow.
        tone: Of the sparkline: whether the change is for the better.
        against: What the change is measured from; "" without one.
        below: Period, and the interval where it must be said.
        goal: The target and whether it is met; "" where nothing is to be said.
        help: Definition, formula, n, snapshot and date of the data.
    """

    label: str
    value: str
    delta: str
    color: DeltaColor
    arrow: DeltaArrow
    tone: Tone
    against: str
    below: str
    goal: str
    help: str


def card_words(
    subject: Subject,
    reading: Reading | None,
    provenance: Provenance,
    *,
    comparison: Comparison | None = None,
    target: Target | None = None,
    missing: str = "",
    wants_target: bool = False,
) -> CardWords:
    """The words for a reading in whatever state it is; never a zero for the unknown.

    Args:
        subject: The metric.
        reading: What is known for one period; None where nothing is.
        provenance: Snapshot and date of the data.
        comparison: With an earlier span.
        target: Where the team wants it to be.
        missing: Why there is no reading.
        wants_target: Say so where no target is set.
    """
    delta, color, arrow = _change(subject, reading, comparison)
    return CardWords(
        label=plain(subject.name),
        value=_value(subject, reading),
        delta=delta,
        color=color,
        arrow=arrow,
        tone=_tone(color, delta),
        against=plain(comparison.against) if comparison is not None and arrow == "auto" else "",
        below=_below(subject, reading, missing),
        goal=_goal(subject, target) or ("No target set" if wants_target else ""),
        help=_help(subject, reading, comparison, provenance),
    )


def _value(subject: Subject, reading: Reading | None) -> str:
    if reading is None or reading.value is None:
        return DASH
    if reading.status == "too_few" and reading.total is not None:
        if subject.unit == "share":
            return f"{reading.total:,.0f} of {reading.n or 0:,}"
        if subject.unit == "per 1,000":
            return counted(round(reading.total), "item")
        if subject.unit == "points":
            return counted(reading.n or 0, "answer")
    return number(reading.value, subject.unit)


def _change(
    subject: Subject, reading: Reading | None, comparison: Comparison | None
) -> tuple[str, DeltaColor, DeltaArrow]:
    if reading is None or reading.value is None:
        return "", "off", "off"
    if reading.status == "too_few":
        return "too few to judge", "off", "off"
    if comparison is None:
        return "", "off", "off"
    if comparison.state not in {"higher", "lower"} or comparison.difference is None:
        return verdict(comparison), "off", "off"
    colors: dict[Better, DeltaColor] = {"up": "normal", "down": "inverse", "none": "off"}
    # Streamlit turns the arrow by a leading hyphen; a typographic minus would point upwards.
    words = difference(comparison.difference, subject.unit).replace("\u2212", "-")
    return words, colors[subject.better], "auto"


def _tone(color: DeltaColor, delta: str) -> Tone:
    if color == "off":
        return "neutral"
    return "good" if (color == "normal") != delta.startswith("-") else "bad"


def _below(subject: Subject, reading: Reading | None, missing: str) -> str:
    if reading is None:
        return plain(missing or "no data")
    if reading.value is None:
        named = plain(reading.label) or period(reading.period, reading.period_end)
        return f"{named} · {plain(reading.note or 'no data')}"
    parts = [plain(reading.label) or period(reading.period, reading.period_end)]
    if reading.status == "too_few":
        plausible = interval(reading.low, reading.high, subject.unit)
        score = f"{number(reading.value, subject.unit)}, " if subject.unit == "points" else ""
        parts.append(f"{score}{plausible} plausible" if plausible else f"n = {reading.n or 0:,}")
    return " · ".join(parts)


def _goal(subject: Subject, target: Target | None) -> str:
    if target is None:
        return ""
    wanted = goal(target.value, subject.unit)
    if target.high is not None:
        wanted = interval(target.value, target.high, subject.unit)
    return f"Target {wanted}: {target.standing}"


def _help(
    subject: Subject,
    reading: Reading | None,
    comparison: Comparison | None,
    provenance: Provenance,
) -> str:
    lines = [plain(subject.definition), f"Formula: {plain(subject.formula)}"]
    if reading is not None and reading.n is not None:
        plausible = interval(reading.low, reading.high, subject.unit)
        lines.append(f"n = {reading.n:,}" + (f"; 95 %: {plausible}" if plausible else ""))
    lines.append(plain(evidence(subject, comparison)))
    lines.append(plain(source_line(provenance)))
    return "\n\n".join(line for line in lines if line)


def source_line(provenance: Provenance) -> str:
    """Snapshot and data date, as printed under every number."""
    until = f"data to {day(provenance.as_of)}" if provenance.as_of else "no data date"
    return f"Snapshot {provenance.snapshot}; {until} ({provenance.timezone})"
