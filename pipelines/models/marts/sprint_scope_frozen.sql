-- One row per work item of a sprint whose start and close were captured as they were.
--
-- key: sprint_id, work_item_key
with

pictures as (

    select
        sprint_id,
        work_item_key,
        snapshot_kind,
        captured_at,
        is_in_sprint,
        state_code,
        points,
        outcome_code,
        row_number() over (
            partition by sprint_id, work_item_key, snapshot_kind
            order by captured_at desc, source_id asc
        ) as rank_no
    from staging.sprint_snapshots
    where snapshot_kind in ('start', 'close')

),

captured as (

    select
        sprint_id,
        min(case when snapshot_kind = 'start' then captured_at end) as started_at
    from pictures
    group by 1
    having count(distinct snapshot_kind) = 2

),

starts as (

    select
        sprint_id,
        work_item_key,
        points
    from pictures
    where
        snapshot_kind = 'start'
        and rank_no = 1
        and is_in_sprint
        and state_code in ('todo', 'doing')

),

closes as (

    select
        sprint_id,
        work_item_key,
        is_in_sprint,
        state_code,
        points,
        outcome_code
    from pictures
    where
        snapshot_kind = 'close'
        and rank_no = 1

),

pairs as (

    select
        sprint_id,
        work_item_key
    from starts
    union
    select
        closes.sprint_id,
        closes.work_item_key
    from closes
    left join pictures
        on
            closes.sprint_id = pictures.sprint_id
            and closes.work_item_key = pictures.work_item_key
            and pictures.snapshot_kind = 'start'
            and pictures.rank_no = 1
            and pictures.is_in_sprint
    where
        -- What was done or cancelled before the start is outside of the sprint.
        pictures.sprint_id is null
        and (closes.is_in_sprint or closes.outcome_code = 'removed')

)

select
    pairs.sprint_id,
    pairs.work_item_key,
    captured.started_at as entered_at,
    starts.sprint_id is not null as is_initial,
    coalesce(starts.points, 0) as points_at_start,
    coalesce(closes.points, starts.points, 0) as points_at_exit,
    coalesce(closes.points, starts.points) is null as is_unestimated,
    case
        when closes.state_code = 'cancelled' then 'dropped'
        when closes.is_in_sprint and coalesce(closes.outcome_code, '') <> 'removed'
            then null
        else 'removed'
    end as exit_code,
    coalesce(closes.is_in_sprint and closes.state_code = 'done', false) as is_done,
    coalesce(closes.is_in_sprint and closes.state_code = 'doing', false) as is_started
from pairs
inner join captured
    on pairs.sprint_id = captured.sprint_id
left join starts
    on
        pairs.sprint_id = starts.sprint_id
        and pairs.work_item_key = starts.work_item_key
left join closes
    on
        pairs.sprint_id = closes.sprint_id
        and pairs.work_item_key = closes.work_item_key
