-- One row per unbroken run of a work item in one state of the flow.
-- event_code names what began it: started, reopened, finished (out of work in
-- progress), finished_unstarted, cancelled, dropped_unstarted or returned; null for the
-- first run of an item that waits.
--
-- key: work_item_key, run_no
with

runs as (

    select
        work_item_key,
        run_no,
        min(flow_code) as flow_code,
        min(entered_at) as began_at,
        max(case when left_at is null then 1 else 0 end) = 1 as is_open,
        max(left_at) as last_left_at,
        max(case when is_from_creation then 1 else 0 end) = 1 as is_from_creation
    from marts.work_item_stays
    group by 1, 2

),

compared as (

    select
        work_item_key,
        run_no,
        flow_code,
        began_at,
        case when not is_open then last_left_at end as ended_at,
        is_from_creation,
        coalesce(
            lag(flow_code) over (
                partition by work_item_key
                order by run_no
            ),
            'none'
        ) as earlier_code
    from runs

)

select
    compared.work_item_key,
    compared.run_no,
    compared.flow_code,
    compared.began_at,
    cast(compared.began_at at time zone items.timezone as date) as began_on,
    compared.ended_at,
    cast(compared.ended_at at time zone items.timezone as date) as ended_on,
    compared.is_from_creation,
    items.team_id,
    items.timezone,
    case
        when compared.flow_code = compared.earlier_code then null
        when compared.flow_code = 'doing' and compared.earlier_code in ('none', 'todo')
            then 'started'
        when compared.flow_code = 'doing' then 'reopened'
        when compared.flow_code = 'done' and compared.earlier_code = 'doing'
            then 'finished'
        when compared.flow_code = 'done' then 'finished_unstarted'
        when compared.flow_code = 'cancelled' and compared.earlier_code = 'doing'
            then 'cancelled'
        when compared.flow_code = 'cancelled' then 'dropped_unstarted'
        when compared.earlier_code = 'doing' then 'returned'
        when compared.earlier_code in ('done', 'cancelled') then 'reopened_to_wait'
    end as event_code
from compared
inner join marts.work_items as items
    on compared.work_item_key = items.work_item_key
