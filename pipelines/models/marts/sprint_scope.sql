-- One row per stay of a work item in a sprint, with what it moved in the sprint's sums.
-- Frozen pictures of a sprint win over the replay of its history. Re-estimates of work
-- that was added fold into what was added.
--
-- key: sprint_id, work_item_key, entered_at
with

frozen as (

    select
        sprint_id,
        work_item_key,
        entered_at,
        is_initial,
        points_at_start,
        points_at_exit,
        is_unestimated,
        exit_code,
        is_done,
        is_started,
        'frozen' as origin_code
    from marts.sprint_scope_frozen

),

frozen_sprints as (

    select distinct sprint_id
    from frozen

),

replayed as (

    select
        replay.sprint_id,
        replay.work_item_key,
        replay.entered_at,
        replay.is_initial,
        replay.points_at_start,
        replay.points_at_exit,
        replay.is_unestimated,
        replay.exit_code,
        replay.is_done,
        replay.is_started,
        'reconstructed' as origin_code
    from marts.sprint_scope_replayed as replay
    left join frozen_sprints
        on replay.sprint_id = frozen_sprints.sprint_id
    where frozen_sprints.sprint_id is null

),

scope as (

    select
        sprint_id,
        work_item_key,
        entered_at,
        is_initial,
        points_at_start,
        points_at_exit,
        is_unestimated,
        exit_code,
        is_done,
        is_started,
        origin_code
    from frozen
    union all
    select
        sprint_id,
        work_item_key,
        entered_at,
        is_initial,
        points_at_start,
        points_at_exit,
        is_unestimated,
        exit_code,
        is_done,
        is_started,
        origin_code
    from replayed

)

select
    sprint_id,
    work_item_key,
    entered_at,
    origin_code,
    is_initial,
    max(case when is_initial then 1 else 0 end) over (
        partition by sprint_id, work_item_key
    ) = 1 as is_committed,
    is_unestimated,
    exit_code,
    is_done,
    is_started,
    points_at_start,
    points_at_exit,
    case when is_initial then points_at_start else 0 end as committed_points,
    case when is_initial then 0 else points_at_exit end as added_points,
    case when is_initial then points_at_exit - points_at_start else 0 end
        as reestimated_points,
    case when exit_code = 'removed' then points_at_exit else 0 end as removed_points,
    case when exit_code = 'dropped' then points_at_exit else 0 end as dropped_points,
    case when exit_code is null then points_at_exit else 0 end as final_points,
    case when is_done then points_at_exit else 0 end as completed_points
from scope
