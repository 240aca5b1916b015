-- One row per sprint that has begun: what was committed, what changed, what was
-- completed.
-- Points and items of the same names. What was committed to stays so if it left and
-- came back: completed or carried over, it is work of the start.
-- origin_code: frozen at start and close,
-- reconstructed from history, or estimated where no history tells of sprints.
--
-- key: sprint_id
with

sums as (

    select
        sprint_id,
        min(origin_code) as origin_code,
        sum(committed_points) as committed_points,
        sum(added_points) as added_points,
        sum(reestimated_points) as reestimated_points,
        sum(removed_points) as removed_points,
        sum(dropped_points) as dropped_points,
        sum(final_points) as final_points,
        sum(completed_points) as completed_points,
        sum(case when is_committed then completed_points else 0 end)
            as completed_initial_points,
        sum(case when is_started then final_points else 0 end) as started_points,
        count(case when is_initial then 1 end) as committed_items,
        count(case when not is_initial then 1 end) as added_items,
        count(case when exit_code = 'removed' then 1 end) as removed_items,
        count(case when exit_code = 'dropped' then 1 end) as dropped_items,
        count(case when exit_code is null then 1 end) as final_items,
        count(case when is_done then 1 end) as completed_items,
        count(case when is_committed and is_done then 1 end)
            as completed_initial_items,
        count(case when is_started then 1 end) as started_items,
        count(case when is_committed and exit_code is null and not is_done then 1 end)
            as carried_items,
        count(case when exit_code is null and is_unestimated then 1 end)
            as unestimated_items
    from marts.sprint_scope
    group by 1

),

histories as (

    select count(*) as change_count
    from marts.work_item_changes
    where field_code = 'sprint'

)

select
    windows.sprint_id,
    windows.sprint_name,
    windows.board_id,
    windows.team_id,
    windows.timezone,
    windows.is_closed,
    windows.started_at,
    windows.ended_at,
    windows.started_on,
    windows.last_on,
    windows.planned_last_on,
    windows.goal_text,
    windows.goal_result,
    windows.goal_evidence_text,
    windows.capacity_points,
    case
        when sums.origin_code = 'frozen' then 'frozen'
        when histories.change_count = 0 then 'estimated'
        else 'reconstructed'
    end as origin_code,
    coalesce(sums.committed_points, 0) as committed_points,
    coalesce(sums.added_points, 0) as added_points,
    coalesce(sums.reestimated_points, 0) as reestimated_points,
    coalesce(sums.removed_points, 0) as removed_points,
    coalesce(sums.dropped_points, 0) as dropped_points,
    coalesce(sums.final_points, 0) as final_points,
    coalesce(sums.completed_points, 0) as completed_points,
    coalesce(sums.completed_initial_points, 0) as completed_initial_points,
    coalesce(sums.started_points, 0) as started_points,
    coalesce(sums.committed_items, 0) as committed_items,
    coalesce(sums.added_items, 0) as added_items,
    coalesce(sums.removed_items, 0) as removed_items,
    coalesce(sums.dropped_items, 0) as dropped_items,
    coalesce(sums.final_items, 0) as final_items,
    coalesce(sums.completed_items, 0) as completed_items,
    coalesce(sums.completed_initial_items, 0) as completed_initial_items,
    coalesce(sums.started_items, 0) as started_items,
    coalesce(sums.carried_items, 0) as carried_items,
    coalesce(sums.unestimated_items, 0) as unestimated_items
from marts.sprint_windows as windows
cross join histories
left join sums
    on windows.sprint_id = sums.sprint_id
