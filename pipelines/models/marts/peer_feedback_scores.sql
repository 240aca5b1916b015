-- One row per closed 360 cycle, subject, rater group and question that may be shown.
-- A group needs 3 ratings. "all" (everybody but the subject) is left out where it would
-- let a reader work out a withheld group: when 1 or 2 ratings in all stand in withheld
-- groups. Single persons are no subject here.
--
-- key: cycle_id, subject_kind, subject_key, rater_group, question_id
with

ratings as (

    select
        cycle_id,
        subject_kind,
        subject_key,
        rater_group,
        question_id,
        score,
        scale_min,
        scale_max
    from staging.peer_feedback
    where
        subject_kind <> 'person'
        and score is not null
        and not is_cannot_judge
        and cycle_closed_at <= (
            select max(coverage.through_at)
            from control.coverage as coverage
        )

),

group_scores as (

    select
        cycle_id,
        subject_kind,
        subject_key,
        rater_group,
        question_id,
        scale_min,
        scale_max,
        count(*) as n,
        sum(score) as total,
        sum(score * score) as total_of_squares
    from ratings
    group by
        cycle_id,
        subject_kind,
        subject_key,
        rater_group,
        question_id,
        scale_min,
        scale_max

),

all_scores as (

    select
        cycle_id,
        subject_kind,
        subject_key,
        question_id,
        scale_min,
        scale_max,
        sum(n) as n,
        sum(total) as total,
        sum(total_of_squares) as total_of_squares,
        sum(case when n < 3 then n else 0 end) as withheld_n
    from group_scores
    where rater_group <> 'self'
    group by
        cycle_id,
        subject_kind,
        subject_key,
        question_id,
        scale_min,
        scale_max

)

select
    cycle_id,
    subject_kind,
    subject_key,
    rater_group,
    question_id,
    scale_min,
    scale_max,
    n,
    total,
    total_of_squares
from group_scores
where n >= 3
union all
select
    cycle_id,
    subject_kind,
    subject_key,
    'all' as rater_group,
    question_id,
    scale_min,
    scale_max,
    cast(n as bigint) as n,
    total,
    total_of_squares
from all_scores
where n >= 3 and withheld_n not in (1, 2)
