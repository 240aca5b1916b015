"""Contract rows of a made-up product for pages and figures under test; no real data."""

import math
from datetime import date, timedelta

import polars as pl

FIRST_WEEK = date(2026, 5, 4)
SCHEMA = {
    "period": pl.Date,
    "period_end": pl.Date,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "n": pl.Int64,
    "total": pl.Float64,
    "status": pl.String,
    "note": pl.String,
}


def week(index: int) -> date:
    return FIRST_WEEK + timedelta(weeks=index)


def row(index: int, value: float | None, half: float | None = None, **more: object) -> dict:
    known = value is not None and half is not None
    return {
        "period": week(index),
        "period_end": week(index + 1),
        "value": value,
        "low": value - half if known else None,
        "high": value + half if known else None,
        "n": 400,
        "total": None if value is None else 400 * value,
        "status": "ok",
        "note": None,
        **more,
    }


def frame(rows: list[dict], **more: pl.DataType) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={**SCHEMA, **more})


def activation(weeks: int = 26) -> pl.DataFrame:
    rows = [
        row(i, round(0.34 + 0.11 * i / weeks + 0.012 * math.sin(i * 1.7), 4), 0.045)
        for i in range(weeks - 1)
    ]
    open_week = row(weeks - 1, None, status="immature", note="7 days have not passed", n=12)
    return frame([*rows, open_week])


def lifecycle(weeks: int = 26) -> pl.DataFrame:
    rows = []
    for i in range(weeks):
        sizes = {
            "new": 40 + 6 * (i % 5),
            "returning": 180 + 7 * i,
            "resurrected": 22 + i % 7,
            "dormant": 50 + 9 * (i % 4),
        }
        rows += [row(i, float(size), component=name) for name, size in sizes.items()]
    return frame(rows, component=pl.String)


def cohorts(weeks: int = 12) -> pl.DataFrame:
    rows = []
    for i in range(weeks):
        for at in range(weeks - i):
            value = 1.0 if at == 0 else 0.36 + 0.31 * math.exp(-at / 4) + 0.004 * i
            few = {"status": "too_few", "n": 9, "total": 4.0} if (i, at) == (6, 2) else {}
            rows.append(row(i, value, 0.05, cohort=week(i), age=at, **few))
    return frame(rows, cohort=pl.Date, age=pl.Int64)


def funnel() -> pl.DataFrame:
    counts = [("view_landing", 900), ("sign_up", 420), ("activate", 279), ("sign_up", 96)]
    rows = [
        row(0, count / 900, 0.03, component=name, step=step, n=900, total=float(count))
        for step, (name, count) in enumerate(counts, start=1)
    ]
    return frame(rows, component=pl.String, step=pl.Int64)


def burn_up() -> pl.DataFrame:
    done = [0, 0, 3, 8, 8, 13, 13, 13, 18, 21]
    scope = [34, 34, 34, 34, 39, 39, 39, 37, 37, 37]
    rows = []
    for at in range(10):
        day = date(2026, 10, 5) + timedelta(days=at)
        span = {"period": day, "period_end": day + timedelta(days=1)}
        rows.append(row(0, float(scope[at]), component="scope", **span))
        rows.append(row(0, float(done[at]), component="done", **span))
    return frame(rows, component=pl.String)


def active_days() -> pl.DataFrame:
    weights = [math.exp(-k / 5) + (0.25 if k > 20 else 0) for k in range(1, 29)]
    rows = [
        row(0, weight / sum(weights), 0.01, component=str(k))
        for k, weight in enumerate(weights, start=1)
    ]
    return frame(rows, component=pl.String)


def sprints(count: int = 8) -> pl.DataFrame:
    points = [31, 27, 34, 22, 36, 29, 33, 30]
    rows = [
        row(2 * i, float(points[i]), label=f"Sprint {i + 7}", id=str(i + 7)) for i in range(count)
    ]
    return frame(rows, label=pl.String, id=pl.String)


def ageing_items() -> pl.DataFrame:
    items = [("LUM-12", "In Progress", 3), ("LUM-14", "In Progress", 3), ("LUM-3", "Review", 17)]
    items += [("LUM-20", "Review", 1), ("LUM-21", "In Progress", 9)]
    rows = [
        row(0, float(age), id=key, label=f"Make <b>{key}</b> work", component=stage)
        for key, stage, age in items
    ]
    return frame(rows, id=pl.String, label=pl.String, component=pl.String)


def by_platform(weeks: int = 20) -> pl.DataFrame:
    rows = []
    for name, base in (("web", 0.42), ("ios", 0.36), ("unknown", 0.30)):
        rows += [
            row(i, base + 0.003 * i + 0.01 * math.sin(i), 0.05, segment=name) for i in range(weeks)
        ]
    return frame(rows, segment=pl.String)
