"""What every metric of recurring revenue shares: its policy, its months and its sentences."""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from pipelines.metrics import rows
from pipelines.metrics.definition import Coverage, Facts, Request
from pipelines.metrics.money import exponent, minor_per_major

CLOCK = "subscriptions"
# Columns of `on_axis` that only its sentences need.
ASIDE = ("left_out", "unpriced")
# Edges of the policy table that name no rule, or one whose inputs no export holds.
FALLBACKS = {
    "stripe": "paused subscriptions",
    "chartmogul": "the basis (subscription states, not invoice lines), paused subscriptions "
    "and currencies",
    "profitwell": "the length of the dunning window (30 days) and currencies",
}


def policy(request: Request, facts: Facts) -> str:
    """The MRR policy that answers: the one asked for, else the workspace's."""
    return request.policy or str(facts.settings.finance.mrr_policy)


def major(minor: pl.Expr, facts: Facts) -> pl.Expr:
    """Whole minor units of the reporting currency as major units."""
    currency = facts.settings.product.currency
    # Polars divides by multiplying: 16667 / 100 would come out as 166.67000000000002.
    return (minor.cast(pl.Float64) / minor_per_major(currency)).round(exponent(currency))


def on_axis(grouped: str) -> str:
    """SQL that hands out a grouped query with what its sentences need.

    Args:
        grouped: SQL with the columns period and month_on (the month whose end is read).

    Returns:
        SQL: the grouped columns; `first_on` (first month of the books, on every row);
        `left_out` (currencies without a rate at that month's end) and `unpriced` (how many
        subscriptions without a known price or interval). One row of nulls beside `first_on`
        where the grouped query has none.
    """
    return f"""
        with reach as (
            select min(month_on) as first_on from marts.finance_months
        ),
        unconverted as (
            select month_on, string_agg(distinct currency, ', ' order by currency) as left_out
            from marts.account_mrr_months
            where policy_id = $policy and end_minor > 0 and end_rate is null
            group by month_on
        ),
        unpriced as (
            select months.month_on, count(distinct states.subscription_id) as unpriced
            from marts.finance_months as months
            inner join marts.subscription_states as states
                on cast(states.valid_from_at as date) < months.next_month_on
                and coalesce(cast(states.valid_to_at as date) >= months.next_month_on, true)
            where not states.is_priced and states.status_code in ('active', 'past_due')
            group by months.month_on
        ),
        answer as ({grouped})
        select reach.first_on, unconverted.left_out, unpriced.unpriced, answer.*
        from reach
        left join answer on true
        left join unconverted on unconverted.month_on = answer.month_on
        left join unpriced on unpriced.month_on = answer.month_on
    """


def last_month_of_period(month: str, request: Request) -> str:
    """A predicate: the month is the last one of its period of the grain asked for."""
    following = f"({month} + interval 1 month)"
    return f"date_trunc('{request.every}', {following}) <> date_trunc('{request.every}', {month})"


def on_books(
    frame: pl.DataFrame,
    first: pl.DataFrame,
    request: Request,
    facts: Facts,
    *,
    components: Sequence[str] = (),
) -> pl.DataFrame:
    """`rows.on_calendar` over the months of the books.

    The books begin with the oldest change or start of a subscription, not with the moment
    at which its latest state was exported.

    Args:
        frame: Grouped rows, as `rows.on_calendar` takes them.
        first: The answer of `on_axis` SQL, for its `first_on`.
        request: The question.
        facts: Of the snapshot.
        components: As in `rows.on_calendar`.
    """
    coverage = facts.coverage[CLOCK]
    first_on = first["first_on"].min() if first.height else None
    if first_on is not None:
        begin = rows.instant(first_on, facts.settings.product.timezone)  # type: ignore[arg-type]
        coverage = Coverage(begin, coverage.through_at, coverage.lateness)
    covered = replace(facts, coverage={**facts.coverage, CLOCK: coverage})
    return rows.on_calendar(frame, request, covered, components=components)


def told(
    answered: pl.DataFrame, spread: pl.DataFrame, request: Request, facts: Facts
) -> pl.DataFrame:
    """Contract rows with the sentences about policy and left-out currencies appended.

    Args:
        answered: Contract rows from `rows.with_status`.
        spread: The rows they were made from, in the same order, with the `ASIDE` columns.
        request: The question.
        facts: Of the snapshot.
    """
    chosen = policy(request, facts)
    fallback = FALLBACKS.get(chosen)
    spoken = f"Policy {chosen} decides as ours about {fallback}." if fallback else None
    currency = facts.settings.product.currency
    left_out = pl.format(
        "Left out: revenue in {}, no rate to {} is known.", pl.col("left_out"), pl.lit(currency)
    )
    sentences = pl.concat_str(
        pl.col("note"),
        pl.when(pl.col("left_out").is_not_null()).then(left_out),
        pl.when(pl.col("unpriced") > 0).then(
            pl.format(
                "Left out: {} subscriptions without a known price or interval.", pl.col("unpriced")
            )
        ),
        pl.lit(spoken, dtype=pl.String),
        separator=" ",
        ignore_nulls=True,
    )
    noted = answered.with_columns(spread[name] for name in ASIDE).with_columns(
        pl.when(sentences != "").then(sentences).alias("note")
    )
    return noted.drop(ASIDE)
