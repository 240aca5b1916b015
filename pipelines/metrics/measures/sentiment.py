"""Shares of feedback by sentiment, with whole accounts as the unit of chance."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from pipelines.metrics.definition import Facts, Request, Statement
from pipelines.metrics.rows import on_calendar, with_status
from pipelines.metrics.sql import bucket, in_range, segmentation
from pipelines.stats.bootstrap import bootstrap_share
from pipelines.stats.proportions import wilson_interval

Counts = npt.NDArray[np.float64]

_NUMBERS = ("n", "total", "value", "low", "high")
_SCHEMA: dict[str, type[pl.DataType]] = {
    "period": pl.Date,
    "segment": pl.String,
    **dict.fromkeys(_NUMBERS, pl.Float64),
    "n": pl.Int64,
}
_KEYS = {"person_key": "items.person_key", "account_id": "items.account_id"}


@dataclass(frozen=True)
class SentimentShare:
    """The share of items of one sentiment, by variant; the default is negative."""

    def statement(self, request: Request, facts: Facts) -> Statement:
        """One row per period, segment and account: n items judged, total of the sentiment.

        Items without an account stand for their person, else for themselves.
        """
        split = segmentation(request, facts, _KEYS)
        inside, parameters = in_range("items.submitted_on", request)
        counted = "true" if request.variant == "unscored" else "items.sentiment <> 'unscored'"
        # By place: a joined table of segments has a column of that name, too.
        ordinals = "1, 2, 3" if split.column else "1, 2"
        sql = f"""
select {split.select} {bucket("items.submitted_on", request, facts)} as period,
    coalesce(
        'account ' || items.account_id,
        'person ' || items.person_key,
        'item ' || items.source_id || ' ' || items.feedback_id
    ) as cluster,
    count(*) as n,
    cast(count(*) filter (where items.sentiment = $sentiment) as double) as total
from marts.feedback_items as items
{split.joins}
where not items.is_duplicate and items.submitted_on is not null
    and {counted} and {inside} and {split.predicate}
group by {ordinals}
"""
        sentiment = request.variant or "negative"
        return Statement(sql, {**parameters, **split.parameters, "sentiment": sentiment})

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """Contract rows; intervals resample whole accounts."""
        keys = [key for key in ("period", "segment") if key in frame.columns]
        estimates = []
        for values, clusters in frame.sort([*keys, "cluster"]).group_by(keys, maintain_order=True):
            successes = clusters["total"].cast(pl.Float64).to_numpy()
            trials = clusters["n"].cast(pl.Float64).to_numpy()
            name = str(values[1]) if "segment" in keys else "all"
            seed = (request.metric.id, request.variant or "", name, str(values[0]))
            low, high = _interval(successes, trials, seed)
            n, total = int(trials.sum()), float(successes.sum())
            estimates.append((*values, n, total, total / n, low, high))
        observed = pl.DataFrame(
            estimates, schema={name: _SCHEMA[name] for name in (*keys, *_NUMBERS)}, orient="row"
        )
        placed = on_calendar(observed, request, facts)
        return with_status(placed, request, nobody="No feedback to judge in this period.")


def _interval(successes: Counts, trials: Counts, seed: tuple[str, ...]) -> tuple[float, float]:
    """Of a share by whole accounts.

    Where all items of all accounts agree, resampling sees no chance at all: then the accounts
    are the sample, by Wilson.
    """
    total = successes.sum()
    if 0 < total < trials.sum():
        return bootstrap_share(successes, trials, seed_parts=seed)
    accounts = len(trials)
    low, high = wilson_interval([accounts if total else 0], [accounts])
    return float(low[0]), float(high[0])
