-- One row per stretch of time in which a work item counts to a sprint or release, with
-- one status. Cancelled items and items off the board do not count. What was done
-- before a sprint started is outside of it, until it is reopened. A stretch that
-- touches the start from before, or the end from behind, reaches beyond it.
--
-- key: scope_kind, scope_id, work_item_key, stay_no, entered_at
with

-- When a release is over is known; before, it has no start that would cut anything off.
windows as (

    select
        'sprint' as scope_kind,
        sprint_id as scope_id,
        timezone,
        started_at,
        ended_at
    from marts.sprint_windows
    union all
    select
        'release' as scope_kind,
        release_id as scope_id,
        cast($timezone as varchar) as timezone,
        cast(null as timestamp with time zone) as started_at,
        released_at as ended_at
    from staging.releases

),

stays as (

    select
        stays.work_item_key,
        stays.stay_no,
        stays.entered_at,
        stays.left_at,
        stays.state_code,
        min(stays.entered_at) over (
            partition by stays.work_item_key, stays.run_no
        ) as run_began_at
    from marts.work_item_stays as stays
    where
        stays.is_on_board
        and stays.state_code <> 'cancelled'

),

crossed as (

    select
        windows.scope_kind,
        windows.scope_id,
        windows.timezone,
        windows.started_at,
        windows.ended_at,
        stays.work_item_key,
        stays.stay_no,
        stays.state_code,
        greatest(members.entered_at, stays.entered_at) as entered_at,
        case
            when members.left_at is null then stays.left_at
            when stays.left_at is null then members.left_at
            else least(members.left_at, stays.left_at)
        end as left_at
    from windows
    inner join marts.scope_stays as members
        on
            windows.scope_kind = members.scope_kind
            and windows.scope_id = members.scope_id
    inner join stays
        on members.work_item_key = stays.work_item_key
    where
        (members.left_at is null or members.left_at >= stays.entered_at)
        and (stays.left_at is null or stays.left_at >= members.entered_at)
        and (
            windows.started_at is null
            or stays.state_code <> 'done'
            or stays.run_began_at >= windows.started_at
        )

)

select
    scope_kind,
    scope_id,
    work_item_key,
    stay_no,
    timezone,
    started_at,
    ended_at,
    entered_at,
    left_at,
    state_code
from crossed
where
    (ended_at is null or entered_at < ended_at)
    and (
        left_at is null
        or (left_at > entered_at and (started_at is null or left_at >= started_at))
    )
