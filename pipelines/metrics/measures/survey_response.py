"""Who answered: invitations that led to a score, dated by when they were sent."""

from dataclasses import dataclass, replace

import polars as pl

from pipelines.errors import UsageError
from pipelines.metrics.definition import Coverage, Facts, Request, Statement
from pipelines.metrics.estimate import share
from pipelines.metrics.measures.survey_windows import (
    FIELD_WINDOW,
    windows_for,
    with_open_field_windows,
)
from pipelines.metrics.rows import contract, with_status
from pipelines.metrics.sql import segmentation

NOBODY_ASKED = "Nobody was asked in this period."
_KEYS = {"person_key": "invitations.person_key", "account_id": "invitations.account_id"}


def coverage_of_invitations(facts: Facts) -> Coverage:
    """From the first invitation that can have found its answer, as far as the answers reach.

    The newest invitation says nothing about how far the answers are known; and the first
    answer comes after the first invitation, at most by a field window.
    """
    asked, answers = facts.coverage["survey_exposures"], facts.coverage["survey_responses"]
    return Coverage(
        first_at=max(asked.first_at, answers.first_at - FIELD_WINDOW),
        through_at=answers.through_at,
        lateness=answers.lateness,
    )


def invitations_statement(request: Request, facts: Facts) -> Statement:
    """One row per window and segment: how many invitations reached which step.

    `total` leaves out invitations that can still be answered: they are no refusals yet.
    """
    kind = "shown" if request.variant == "shown" else "delivered"
    day = f"invitations.{kind}_on"
    split = segmentation(request, facts, _KEYS)
    windows = windows_for(request, day, "invitations").sql(request, facts)
    columns = "".join(f"any_value({sql}) as {name},\n" for name, sql in windows.columns.items())
    settled_through = coverage_of_invitations(facts).through_at
    if kind == "delivered":
        settled_through -= FIELD_WINDOW
    settled = {"settled_through": settled_through} if request.every == "total" else {}
    is_settled = f"invitations.{kind}_at <= $settled_through" if settled else "true"
    untied = _untied(request, facts, is_split=bool(request.by or request.where))
    # By place: a joined table of segments has a column of that name, too.
    ordinals = "1, 2" if split.column else "1"
    sql = f"""
with reached as (
    select
        {split.select}
        {windows.key} as window_key,
        {columns}
        min({day}) as first_on,
        list(distinct {day}) as asked_days,
        count(*) as n,
        count(*) filter (where invitations.is_started) as started,
        count(*) filter (where invitations.is_scored) as scored,
        count(*) filter (where invitations.is_completed) as completed
    from marts.survey_invitations as invitations
    {windows.joins}
    {split.joins}
    where invitations.is_{kind}
        and ($of is null or invitations.survey_id = $of)
        and {windows.predicate}
        and {is_settled}
        and {split.predicate}
    group by {ordinals}
),
untied as ({untied.sql})
select reached.*, untied.answered, untied.finished,
    (select count(*) from untied) > 0 as has_untied
from reached
left join untied on reached.window_key is not distinct from untied.untied_key
"""
    own = {"of": request.of, **settled, **windows.parameters, **split.parameters}
    return Statement(sql, {**own, **untied.parameters})


def _untied(request: Request, facts: Facts, *, is_split: bool) -> Statement:
    """Answers of a survey none of whose answers can be tied to an invitation, per window.

    An anonymous form knows nobody: its answers are counted as they come. By segment they
    cannot be told apart, so then nothing is known.
    """
    windows = windows_for(request, "answers.answered_on", "answers").sql(request, facts)
    key = "cast(null as date)" if is_split else windows.key
    sql = f"""
    select
        {key} as untied_key,
        count(distinct concat(answers.source_id, ' ', answers.response_id)) as answered,
        count(distinct concat(answers.source_id, ' ', answers.response_id))
            filter (where answers.is_complete) as finished
    from marts.survey_answers as answers
    inner join (
        select survey_id, min(coalesce(delivered_on, shown_on)) as first_on
        from marts.survey_invitations
        group by survey_id
        having not bool_or(is_scored)
    ) as asked
        on answers.survey_id = asked.survey_id and answers.answered_on >= asked.first_on
    {windows.joins}
    where answers.metric_code in ('nps', 'csat', 'ces', 'sus', 'pmf', 'rating')
        and ($of is null or answers.survey_id = $of)
        and {windows.predicate}
    group by 1
"""
    return Statement(sql, windows.parameters)


def _with_untied(frame: pl.DataFrame) -> pl.DataFrame:
    """Untied answers as steps reached, never more than were asked."""
    scored = pl.min_horizontal("n", pl.col("answered").fill_null(0))
    completed = pl.min_horizontal(scored, pl.col("finished").fill_null(0))
    return frame.with_columns(
        pl.when("has_untied").then(pl.max_horizontal("started", scored)).otherwise("started")
        .alias("started"),
        pl.when("has_untied").then(scored).otherwise("scored").alias("scored"),
        pl.when("has_untied").then(completed).otherwise("completed").alias("completed"),
    )  # fmt: skip


def placed_invitations(frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
    """The frame over its periods; a wave begins with its first invitation.

    Raises:
        UsageError: For segments of a survey whose answers name nobody.
    """
    if (request.by or request.where) and frame["has_untied"].any():
        raise UsageError(
            f"No answer of '{request.of}' can be tied to an invitation, so {request.metric.id} "
            "cannot be split. It can be asked as a whole."
        )
    frame = _with_untied(frame)
    coverage = coverage_of_invitations(facts)
    facts = replace(facts, coverage={**facts.coverage, request.metric.settled_by: coverage})
    windows = windows_for(request, "", "invitations")
    reached = frame.drop("asked_days").with_columns(pl.col("scored").alias("total"))
    placed = windows.placed(reached, request, facts)
    if request.every == "wave":
        placed = placed.with_columns(pl.col("first_on").alias("period")).sort("period")
    elif request.every != "total" and request.variant != "shown":
        # In the product there is no time of sending: answered at once or not at all.
        sent_days = [day for days in frame["asked_days"] for day in days]
        placed = with_open_field_windows(placed, sent_days, facts, coverage)
    return placed.with_columns(pl.col("started", "scored", "completed").fill_null(0))


@dataclass(frozen=True)
class ResponseRate:
    """Scored invitations of all delivered (variant: shown) ones."""

    def statement(self, request: Request, facts: Facts) -> Statement:
        """Counts per window."""
        return invitations_statement(request, facts)

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """Contract rows."""
        placed = placed_invitations(frame, request, facts)
        return with_status(share(placed), request, nobody=NOBODY_ASKED)


@dataclass(frozen=True)
class ResponseFunnel:
    """How many invitations reached each step."""

    def statement(self, request: Request, facts: Facts) -> Statement:
        """Counts per window."""
        return invitations_statement(request, facts)

    def rows(self, frame: pl.DataFrame, request: Request, facts: Facts) -> pl.DataFrame:
        """Contract rows, one per window and step."""
        placed = placed_invitations(frame, request, facts)
        first = "shown" if request.variant == "shown" else "delivered"
        steps = []
        for step, name in enumerate((first, "started", "scored", "completed"), 1):
            reached = pl.col("n") if step == 1 else pl.col(name)
            steps.append(
                placed.with_columns(
                    reached.alias("total"),
                    pl.lit(name).alias("component"),
                    pl.lit(step).alias("step"),
                )
            )
        rows = with_status(share(pl.concat(steps)), request, nobody=NOBODY_ASKED)
        keys = [key for key in ("period", "segment", "step") if key in rows.columns]
        return contract(rows.sort(keys))
