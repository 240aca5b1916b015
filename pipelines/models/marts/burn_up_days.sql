-- One row per sprint or release and day on which its scope or what is done of it
-- changed, as it stood at the end of the day. A sprint's first day holds all it started
-- with.
--
-- key: scope_kind, scope_id, day_on
with

-- Each stretch split where the estimate changes.
pieces as (

    select
        stretches.scope_kind,
        stretches.scope_id,
        stretches.timezone,
        stretches.ended_at,
        stretches.state_code,
        coalesce(estimates.points, 0) as points,
        case
            when stretches.started_at
                > greatest(stretches.entered_at, estimates.valid_from)
                then stretches.started_at
            else greatest(stretches.entered_at, estimates.valid_from)
        end as entered_at,
        case
            when estimates.valid_to is null then stretches.left_at
            when stretches.left_at is null then estimates.valid_to
            else least(stretches.left_at, estimates.valid_to)
        end as left_at
    from marts.scope_stretches as stretches
    inner join marts.work_item_estimates as estimates
        on
            stretches.work_item_key = estimates.work_item_key
            and (stretches.left_at is null or stretches.left_at > estimates.valid_from)
            and (
                estimates.valid_to is null
                or stretches.entered_at < estimates.valid_to
            )

),

moves as (

    select
        scope_kind,
        scope_id,
        timezone,
        entered_at as moved_at,
        ended_at,
        points,
        1 as item_count,
        case when state_code = 'done' then points else 0 end as done_points,
        case when state_code = 'done' then 1 else 0 end as done_count
    from pieces
    where left_at is null or left_at > entered_at
    union all
    select
        scope_kind,
        scope_id,
        timezone,
        left_at as moved_at,
        ended_at,
        -points as points,
        -1 as item_count,
        case when state_code = 'done' then -points else 0 end as done_points,
        case when state_code = 'done' then -1 else 0 end as done_count
    from pieces
    where left_at > entered_at

),

days as (

    select
        scope_kind,
        scope_id,
        cast(moved_at at time zone timezone as date) as day_on,
        sum(points) as points,
        sum(item_count) as item_count,
        sum(done_points) as done_points,
        sum(done_count) as done_count
    from moves
    where ended_at is null or moved_at < ended_at
    group by 1, 2, 3

)

select
    scope_kind,
    scope_id,
    day_on,
    sum(points) over (
        partition by scope_kind, scope_id
        order by day_on
        rows between unbounded preceding and current row
    ) as scope_points,
    sum(done_points) over (
        partition by scope_kind, scope_id
        order by day_on
        rows between unbounded preceding and current row
    ) as done_points,
    cast(
        sum(item_count) over (
            partition by scope_kind, scope_id
            order by day_on
            rows between unbounded preceding and current row
        ) as bigint
    ) as scope_items,
    cast(
        sum(done_count) over (
            partition by scope_kind, scope_id
            order by day_on
            rows between unbounded preceding and current row
        ) as bigint
    ) as done_items
from days
