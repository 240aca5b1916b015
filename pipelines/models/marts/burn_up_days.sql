-- One row per sprint or release and day on which its scope or what is done of it
-- changed, as it stood at the end of the day. A sprint's first day holds all it started
-- with, its last day the states and estimates of the very close, as its velocity does.
--
-- key: scope_kind, scope_id, day_on
with

-- Each stretch split where the estimate changes.
pieces as (

    select
        stretches.scope_kind,
        stretches.scope_id,
        stretches.work_item_key,
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

-- What changed at the very close in work that was in until then.
changed_at_close as (

    select
        pieces.scope_kind,
        pieces.scope_id,
        pieces.work_item_key,
        pieces.timezone,
        pieces.ended_at,
        pieces.points as earlier_points,
        case when pieces.state_code = 'done' then 1 else 0 end as earlier_done,
        coalesce(max(estimates.points), 0) as points,
        coalesce(max(case when stays.state_code = 'done' then 1 else 0 end), 0) as done
    from pieces
    left join marts.work_item_estimates as estimates
        on
            pieces.work_item_key = estimates.work_item_key
            and pieces.ended_at >= estimates.valid_from
            and (estimates.valid_to is null or pieces.ended_at < estimates.valid_to)
    left join marts.work_item_stays as stays
        on
            pieces.work_item_key = stays.work_item_key
            and pieces.ended_at >= stays.entered_at
            and (stays.left_at is null or pieces.ended_at < stays.left_at)
    where pieces.left_at = pieces.ended_at and pieces.entered_at < pieces.ended_at
    group by 1, 2, 3, 4, 5, 6, 7

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
    union all
    select
        scope_kind,
        scope_id,
        timezone,
        ended_at - interval '1' microsecond as moved_at,
        ended_at,
        points - earlier_points as points,
        0 as item_count,
        points * done - earlier_points * earlier_done as done_points,
        done - earlier_done as done_count
    from changed_at_close

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
