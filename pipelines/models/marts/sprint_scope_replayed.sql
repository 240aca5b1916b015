-- One row per stay of a work item in a sprint, found by replaying the history.
-- Gone and back within 24 hours is no change. is_initial: in the sprint just before it
-- started; a change stamped exactly at the start comes after it. exit_code says how it
-- left: removed, dropped (cancelled), or null when it was there at the close.
--
-- key: sprint_id, work_item_key, entered_at
with

stretches as (

    select
        scope_id as sprint_id,
        work_item_key,
        started_at,
        ended_at,
        entered_at,
        left_at,
        lag(left_at) over (
            partition by scope_id, work_item_key
            order by entered_at, left_at
        ) as earlier_left_at
    from marts.scope_stretches
    where scope_kind = 'sprint'

),

numbered as (

    select
        sprint_id,
        work_item_key,
        started_at,
        ended_at,
        entered_at,
        left_at,
        count(
            case
                when
                    date_diff('microsecond', earlier_left_at, entered_at)
                    <= 86400000000
                    then null
                else 1
            end
        ) over (
            partition by sprint_id, work_item_key
            order by entered_at, left_at
            rows between unbounded preceding and current row
        ) as stay_no
    from stretches

),

stays as (

    select
        sprint_id,
        work_item_key,
        stay_no,
        started_at,
        ended_at,
        min(entered_at) as entered_at,
        case
            when
                max(case when left_at is null or left_at >= ended_at then 1 else 0 end)
                = 0
                then max(left_at)
        end as left_at
    from numbered
    group by 1, 2, 3, 4, 5

),

instants as (

    select
        sprint_id,
        work_item_key,
        started_at,
        entered_at,
        left_at,
        coalesce(left_at, ended_at) as exit_at
    from stays

),

with_points as (

    select
        instants.sprint_id,
        instants.work_item_key,
        instants.started_at,
        instants.entered_at,
        instants.left_at,
        instants.exit_at,
        max(starts.points) as points_at_start,
        max(exits.points) as points_at_exit
    from instants
    left join marts.work_item_estimates as starts
        on
            instants.work_item_key = starts.work_item_key
            and instants.started_at > starts.valid_from
            and (
                starts.valid_to is null or instants.started_at <= starts.valid_to
            )
    left join marts.work_item_estimates as exits
        on
            instants.work_item_key = exits.work_item_key
            and instants.exit_at >= exits.valid_from
            and (exits.valid_to is null or instants.exit_at < exits.valid_to)
    group by 1, 2, 3, 4, 5, 6

)

select
    with_points.sprint_id,
    with_points.work_item_key,
    with_points.entered_at,
    with_points.left_at,
    with_points.entered_at < with_points.started_at as is_initial,
    coalesce(with_points.points_at_start, 0) as points_at_start,
    coalesce(with_points.points_at_exit, 0) as points_at_exit,
    with_points.points_at_exit is null as is_unestimated,
    case
        when with_points.left_at is null then null
        when max(case when stays.state_code = 'cancelled' then 1 else 0 end) = 1
            then 'dropped'
        else 'removed'
    end as exit_code,
    with_points.left_at is null
    and max(case when stays.flow_code = 'done' then 1 else 0 end) = 1 as is_done,
    with_points.left_at is null
    and max(case when stays.flow_code = 'doing' then 1 else 0 end) = 1 as is_started
from with_points
left join marts.work_item_stays as stays
    on
        with_points.work_item_key = stays.work_item_key
        and with_points.exit_at >= stays.entered_at
        and (stays.left_at is null or with_points.exit_at < stays.left_at)
group by 1, 2, 3, 4, 5, 6, 7, 8
