"""What a figure shows, for those who cannot see it: computed from the rows it was drawn from."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from dashboard.charts.headline import evidence, headline
from dashboard.charts.range_bars import Range
from dashboard.charts.stacked_bars import Part
from dashboard.facts import Comparison, Marker, Subject, Target
from dashboard.format import day, interval, number, period


def trend_alt(
    points: pl.DataFrame,
    subject: Subject,
    *,
    comparison: Comparison | None = None,
    target: Target | None = None,
    markers: Sequence[Marker] = (),
) -> str:
    """First and last settled value, extremes, interval, target, what happened, what is open."""
    settled = _ok(points)
    if settled.is_empty():
        return f"{subject.name}: nothing settled to draw yet."
    first, last = settled.row(0, named=True), settled.row(-1, named=True)
    sentences = [
        f"Line of {settled.height:,} settled periods, {_when(first)} to {_when(last)}",
        f"first {number(first['value'], subject.unit)}, last {number(last['value'], subject.unit)}"
        + _plausible(last, subject.unit),
        f"lowest {number(_least(settled), subject.unit)}, "
        f"highest {number(_most(settled), subject.unit)}",
    ]
    if target is not None:
        sentences.append(f"target {number(target.value, subject.unit)}")
    sentences += [*_happened(markers, settled), *_open(points)]
    if comparison is not None:
        sentences.insert(0, headline(subject, comparison))
        sentences.append(evidence(subject, comparison))
    else:
        sentences.insert(0, subject.name)
    return _joined(sentences)


def segment_alt(points: pl.DataFrame, subject: Subject, names: Sequence[str]) -> str:
    """The newest settled value of every line that is drawn."""
    sentences = [f"{subject.name}, one line per segment"]
    for name in names:
        settled = _ok(points.filter(pl.col("segment") == name))
        if settled.is_empty():
            sentences.append(f"{name}: too few to judge")
        else:
            last = settled.row(-1, named=True)
            sentences.append(f"{name}: {number(last['value'], subject.unit)} in {_when(last)}")
    return _joined(sentences)


def stacked_alt(points: pl.DataFrame, parts: Sequence[Part], name: str, unit: str) -> str:
    """The parts of the newest settled period."""
    known = points.filter(pl.col("value").is_not_null())
    if known.is_empty():
        return f"{name}: nothing settled to draw yet."
    last = known["period"].max()
    rows = {row["component"]: row for row in known.filter(pl.col("period") == last).to_dicts()}
    shown = [part for part in parts if part.component in rows]
    when = _when(next(iter(rows.values())))
    values = ", ".join(
        f"{number(rows[part.component]['value'], unit)} {part.name.lower()}"
        + (" (below zero)" if part.is_loss else "")
        for part in shown
    )
    periods = known["period"].n_unique()
    return _joined([f"{name}: stacked bars of {periods:,} periods", f"in {when}: {values}"])


def cohort_alt(cells: pl.DataFrame, name: str, every: str) -> str:
    """How many cohorts, and the range of shares at the first and the oldest age."""
    settled = _ok(cells).filter(pl.col("age") > 0)
    if settled.is_empty():
        return f"{name}: no cohort is old enough or large enough yet."
    sentences = [f"{name}: grid of {settled['cohort'].n_unique():,} cohorts"]
    ages: list[int] = settled["age"].unique().sort().to_list()
    for age in dict.fromkeys((ages[0], ages[-1])):
        at_age = settled.filter(pl.col("age") == age)
        low, high = number(_least(at_age), "share"), number(_most(at_age), "share")
        spread = f"from {low} to {high}" if at_age.height > 1 else low
        sentences.append(f"{every} {age}: {spread}")
    return _joined(sentences)


def funnel_alt(steps: pl.DataFrame, name: str) -> str:
    """Every step with how many got there."""
    rows = steps.sort("step").to_dicts()
    if not rows or rows[0]["value"] is None:
        return f"{name}: nobody's window has closed yet."
    told = [
        f"{row['step']}. {row['component']}: {number(row['total'], 'count')} "
        f"({number(row['value'], 'share')})"
        for row in rows
    ]
    return _joined([f"{name}: {rows[0]['n']:,} began", *told])


def steps_alt(points: pl.DataFrame, name: str, unit: str, ends_on: date | None) -> str:
    """Scope and done on the last known day."""
    known = points.filter(pl.col("value").is_not_null())
    if known.is_empty():
        return f"{name}: nothing planned yet."
    last = known["period"].max()
    values = dict(known.filter(pl.col("period") == last).select("component", "value").iter_rows())
    done, scope = number(values.get("done"), unit), number(values.get("scope"), unit)
    sentences = [f"{name}: {done} of {scope} done on {_on(last)}"]
    if ends_on is not None:
        sentences.append(f"ends on {day(ends_on)}")
    return _joined(sentences)


def histogram_alt(bins: pl.DataFrame, name: str, bin_name: str, unit: str) -> str:
    """The most frequent bin."""
    known = bins.filter(pl.col("value").is_not_null())
    if known.is_empty():
        return f"{name}: nothing settled to draw yet."
    top = known.sort("value", descending=True).row(0, named=True)
    share = number(top["value"], unit)
    most = f"most often {top['component']} {bin_name} ({share})"
    return _joined([f"{name}: {known.height} bars", most])


def ageing_alt(items: pl.DataFrame, name: str, percentiles: Sequence[tuple[int, float]]) -> str:
    """How many items, the oldest, and how many are older than most finished work got."""
    if items.is_empty():
        return f"{name}: no work in progress."
    oldest = items.sort("value").row(-1, named=True)
    sentences = [
        f"{name}: {items.height:,} items in progress",
        f"the oldest, {oldest['id']}, for {number(oldest['value'], 'days')}",
    ]
    for share, days in percentiles:
        older = items.filter(pl.col("value") > days).height
        sentences.append(
            f"{older:,} older than {number(days, 'days')}, "
            f"within which {share} % of finished items were done"
        )
    return _joined(sentences)


def range_alt(points: pl.DataFrame, name: str, unit: str, following: Range | None) -> str:
    """The newest values, and the range for the next."""
    known = points.filter(pl.col("value").is_not_null())
    if known.is_empty():
        return f"{name}: nothing closed yet."
    newest = ", ".join(
        f"{row['label']}: {number(row['value'], unit)}" for row in known.tail(5).to_dicts()
    )
    sentences = [f"{name}, {known.height:,} in all", f"newest: {newest}"]
    if following is not None:
        between = interval(following.low, following.high, unit)
        sentences.append(f"next: {between}, {100 * following.probability:.0f} % likely")
    else:
        sentences.append("too few for a range")
    return _joined(sentences)


def _ok(points: pl.DataFrame) -> pl.DataFrame:
    return points.filter(pl.col("status") == "ok", pl.col("value").is_not_null())


def _least(points: pl.DataFrame) -> float:
    return float(points.select(pl.col("value").min()).item())


def _most(points: pl.DataFrame) -> float:
    return float(points.select(pl.col("value").max()).item())


def _when(row: dict[str, date]) -> str:
    return period(row["period"], row["period_end"])


def _on(value: object) -> str:
    return day(value) if isinstance(value, date) else str(value)


def _plausible(row: dict[str, float | None], unit: str) -> str:
    words = interval(row["low"], row["high"], unit)
    return f" (95 %: {words})" if words else ""


def _happened(markers: Sequence[Marker], settled: pl.DataFrame) -> list[str]:
    first, last = settled["period"][0], settled["period_end"][-1]
    shown = sorted((m for m in markers if first <= m.on < last), key=lambda m: m.on)
    if not shown:
        return []
    return ["marked: " + ", ".join(f"{marker.text} on {day(marker.on)}" for marker in shown)]


def _open(points: pl.DataFrame) -> list[str]:
    count = points.filter(pl.col("status") == "immature").height
    if not count:
        return []
    noun = "period is" if count == 1 else "periods are"
    return [f"{count:,} {noun} not settled yet and not drawn"]


def _joined(sentences: Sequence[str]) -> str:
    return "; ".join(sentence for sentence in sentences if sentence) + "."
