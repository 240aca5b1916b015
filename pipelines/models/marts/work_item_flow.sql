-- One row per work item in the flow: when it was started and finished, and how often
-- again.
-- last_done_at is the start of the last unbroken stay in done, null while the item is
-- not done; moves inside done change nothing. restarted_at is the start by the rule
-- that erases dates when an item moves back to waiting. cycle_days count both ends:
-- same day is 1. An item whose history begins before it was created counts, but in no
-- duration: has_order_conflict.
--
-- key: work_item_key
with

runs as (

    select
        work_item_key,
        run_no,
        flow_code,
        began_at,
        ended_at,
        is_from_creation,
        event_code
    from marts.work_item_runs

),

ends as (

    select
        work_item_key,
        min(case when flow_code = 'doing' then began_at end) as first_started_at,
        min(case when flow_code = 'done' then began_at end) as first_done_at,
        min(case when flow_code = 'done' then run_no end) as first_done_no,
        max(case when flow_code in ('todo', 'cancelled') then run_no else 0 end)
            as last_waiting_no,
        max(run_no) as last_no,
        min(began_at) as history_began_at,
        max(case when is_from_creation then 1 else 0 end) = 1 as is_from_creation
    from runs
    group by 1

),

reopenings as (

    select
        runs.work_item_key,
        count(*) as reopen_count,
        min(runs.ended_at) as first_reopened_at
    from runs
    inner join runs as next_runs
        on
            runs.work_item_key = next_runs.work_item_key
            and runs.run_no + 1 = next_runs.run_no
    where
        runs.flow_code = 'done'
        and next_runs.flow_code in ('todo', 'doing')
    group by 1

),

restarts as (

    select
        runs.work_item_key,
        min(runs.began_at) as restarted_at
    from runs
    inner join ends
        on
            runs.work_item_key = ends.work_item_key
            and runs.run_no > ends.last_waiting_no
    where runs.flow_code = 'doing'
    group by 1

),

dated as (

    select
        items.work_item_key,
        items.title_text,
        items.item_kind,
        items.team_id,
        items.timezone,
        items.status_name,
        items.points,
        items.created_at,
        last_runs.flow_code as state_code,
        ends.first_started_at,
        ends.first_done_at,
        case when last_runs.flow_code = 'done' then last_runs.began_at end
            as last_done_at,
        restarts.restarted_at,
        coalesce(reopenings.reopen_count, 0) as reopen_count,
        reopenings.first_reopened_at,
        ends.is_from_creation,
        ends.history_began_at < items.created_at as has_order_conflict
    from ends
    inner join marts.work_items as items
        on ends.work_item_key = items.work_item_key
    inner join runs as last_runs
        on
            ends.work_item_key = last_runs.work_item_key
            and ends.last_no = last_runs.run_no
    left join reopenings
        on ends.work_item_key = reopenings.work_item_key
    left join restarts
        on ends.work_item_key = restarts.work_item_key

),

with_days as (

    select
        work_item_key,
        cast(first_started_at at time zone timezone as date) as first_started_on,
        cast(first_done_at at time zone timezone as date) as first_done_on,
        cast(last_done_at at time zone timezone as date) as last_done_on,
        cast(restarted_at at time zone timezone as date) as restarted_on
    from dated

)

select
    dated.work_item_key,
    dated.title_text,
    dated.item_kind,
    dated.team_id,
    dated.timezone,
    dated.status_name,
    dated.points,
    dated.created_at,
    dated.state_code,
    dated.first_started_at,
    with_days.first_started_on,
    dated.first_done_at,
    with_days.first_done_on,
    dated.last_done_at,
    with_days.last_done_on,
    dated.reopen_count,
    dated.first_reopened_at,
    dated.is_from_creation,
    dated.has_order_conflict,
    case
        when
            not dated.has_order_conflict
            and dated.first_started_at <= dated.last_done_at
            then cast(
                    date_diff(
                        'microsecond',
                        cast(with_days.first_started_on as timestamp),
                        cast(with_days.last_done_on as timestamp)
                    ) / 86400000000 as bigint
                ) + 1
    end as cycle_days,
    case
        when
            not dated.has_order_conflict
            and dated.first_started_at <= dated.first_done_at
            then cast(
                    date_diff(
                        'microsecond',
                        cast(with_days.first_started_on as timestamp),
                        cast(with_days.first_done_on as timestamp)
                    ) / 86400000000 as bigint
                ) + 1
    end as first_cycle_days,
    case
        when
            not dated.has_order_conflict
            and dated.restarted_at <= dated.last_done_at
            then cast(
                    date_diff(
                        'microsecond',
                        cast(with_days.restarted_on as timestamp),
                        cast(with_days.last_done_on as timestamp)
                    ) / 86400000000 as bigint
                ) + 1
    end as erased_cycle_days
from dated
inner join with_days
    on dated.work_item_key = with_days.work_item_key
