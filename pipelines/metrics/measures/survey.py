"""Survey scores: one answer per person and window, the latest; two questions never pool."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from pipelines.errors import UsageError
from pipelines.metrics.definition import Facts, Request, Statement
from pipelines.metrics.measures.survey_windows import (
    TRAILING_DAYS,
    windows_for,
    with_open_field_windows,
)
from pipelines.metrics.rows import with_status
from pipelines.metrics.sql import segmentation
from pipelines.stats.scores import adjusted_wald_nps

SEGMENT_KEYS = {"person_key": "answers.person_key", "account_id": "answers.account_id"}
NO_ANSWERS = "No answers in this period."

Estimate = Callable[[pl.DataFrame], pl.DataFrame]


@dataclass(frozen=True)
class Scoring:
    """What one answer counts and how a score is made of it.

    Attributes:
        value: SQL over `answers`: the number of one answer.
        accepts: SQL over `answers`: whether its scale has this score.
        refusal: What to say where it has not; `{of}`, `{low}`, `{high}` are filled in.
        estimate: Adds value, low and high to a frame with n, total, total_of_squares.
        is_trailing: Counts the 90 days up to a period's end instead of the period.
    """

    value: str
    accepts: str
    refusal: str
    estimate: Estimate
    is_trailing: bool = False


@dataclass(frozen=True)
class SurveyScore:
    """A score of the questions of one metric code.

    Attributes:
        metric_code: Of `marts.survey_answers`.
        scorings: By variant.
    """

    metric_code: str
    scorings: Mapping[str | None, Scoring]

    def window_days(self, variant: str | None, every: str) -> int:
        """Days of the trailing window behind each value; 0 for the answers of the period."""
        del every
        return TRAILING_DAYS.days if self.scorings[variant].is_trailing else 0

    def statement(self, request: Request, facts: Facts) -> Statement:
        """One row per window and segment: n, total, total_of_squares and the scale."""
        scoring = self.scorings[request.variant]
        split = segmentation(request, facts, SEGMENT_KEYS)
        windows = windows_for(
            request, "answers.answered_on", "answers", is_trailing=scoring.is_trailing
        ).sql(request, facts)
        inner = "".join(f"{sql} as {name},\n" for name, sql in windows.columns.items())
        outer = "".join(f"any_value({name}) as {name},\n" for name in windows.columns)
        parameters: dict[str, Any] = {
            "metric_code": self.metric_code,
            "of": request.of,
            **windows.parameters,
            **split.parameters,
        }
        sql = f"""
with chosen as (
    select
        {split.select}
        {windows.key} as window_key,
        {inner}
        answers.survey_id,
        answers.scale_min,
        answers.scale_max,
        {scoring.accepts} as is_accepted,
        {scoring.value} as score,
        row_number() over (
            partition by {windows.key}, answers.respondent_key
            order by
                answers.answered_at desc nulls last,
                answers.source_id desc,
                answers.response_id desc
        ) as age
    from marts.survey_answers as answers
    inner join marts.survey_questions as questions
        on answers.survey_id = questions.survey_id
        and answers.question_id = questions.question_id
    {windows.joins}
    {split.joins}
    where answers.metric_code = $metric_code
        and answers.score is not null
        and ($of is null or $of in (
            questions.thing_id, concat(questions.survey_id, '/', questions.question_id)
        ))
        and {windows.predicate}
        and {split.predicate}
),
sent as (
    select survey_id, list(distinct delivered_on) as sent_days
    from marts.survey_invitations
    where is_delivered
    group by survey_id
)
select
    {"segment," if split.column else ""}
    window_key,
    {outer}
    any_value(chosen.survey_id) as survey_id,
    min(scale_min) as scale_min,
    max(scale_max) as scale_max,
    bool_and(coalesce(is_accepted, false)) as is_accepted,
    count(score) as n,
    cast(sum(score) as double) as total,
    cast(sum(score * score) as double) as total_of_squares,
    any_value(sent_days) as sent_days
from chosen
left join sent on chosen.survey_id = sent.survey_id
where age = 1
group by window_key{", segment" if split.column else ""}
"""
        return Statement(sql, parameters)

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """Contract rows.

        Raises:
            UsageError: If the question's scale has no such score.
        """
        scoring = self.scorings[request.variant]
        _refuse(frame, scoring, request)
        windows = windows_for(
            request, "answers.answered_on", "answers", is_trailing=scoring.is_trailing
        )
        placed = windows.placed(frame.drop("sent_days"), request, facts)
        if request.every not in {"wave", "total"}:
            sent_days: list[date] = next(
                (days for days in frame["sent_days"] if days is not None), []
            )
            coverage = facts.coverage[request.metric.settled_by]
            placed = with_open_field_windows(placed, sent_days, facts, coverage)
        placed = placed.with_columns(pl.col("n", "total", "total_of_squares").fill_null(0))
        return with_status(scoring.estimate(placed), request, nobody=NO_ANSWERS)


def _refuse(frame: pl.DataFrame, scoring: Scoring, request: Request) -> None:
    if frame.is_empty() or frame["is_accepted"].all():
        return
    refused = frame.filter(~pl.col("is_accepted")).row(0, named=True)
    low, high = refused["scale_min"], refused["scale_max"]
    of = request.of or refused["survey_id"]
    if low is None or high is None:
        raise UsageError(
            f"'{of}' has no declared scale, so {request.metric.id} cannot be worked out. Declare "
            "the smallest and the largest answer of its question."
        )
    raise UsageError(scoring.refusal.format(of=of, low=f"{low:g}", high=f"{high:g}"))


def net_score(frame: pl.DataFrame) -> pl.DataFrame:
    """Net Promoter Score from signs: 100·total/n with its adjusted-Wald interval."""
    n, net, scored = (frame[name].cast(pl.Float64).to_numpy()
                      for name in ("n", "total", "total_of_squares"))  # fmt: skip
    low, high = adjusted_wald_nps((scored + net) / 2, (scored - net) / 2, n)
    value = 100 * pl.col("total") / pl.col("n")
    return frame.with_columns(value.alias("value"), pl.Series("low", low), pl.Series("high", high))
