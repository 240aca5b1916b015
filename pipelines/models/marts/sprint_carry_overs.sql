-- One row per work item that a closed sprint held unfinished, with how often before.
-- carry_count is the number of earlier closed sprints that held it unfinished, this one
-- in.
--
-- key: sprint_id, work_item_key
with

unfinished as (

    select
        scope.sprint_id,
        scope.work_item_key,
        sprints.started_at,
        max(scope.points_at_exit) as points
    from marts.sprint_scope as scope
    inner join marts.sprint_windows as sprints
        on scope.sprint_id = sprints.sprint_id
    where
        sprints.is_closed
        and scope.exit_code is null
        and not scope.is_done
    group by 1, 2, 3

)

select
    sprint_id,
    work_item_key,
    points,
    row_number() over (
        partition by work_item_key
        order by started_at, sprint_id
    ) as carry_count
from unfinished
