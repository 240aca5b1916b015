-- I3: what a sprint committed to, added, re-estimated, removed and dropped adds up to
-- its final scope, and what is not completed to the rest, in points and in items.
--
-- Points are compared to a millionth.
with

scope as (

    select
        sprint_id,
        sum(case when exit_code is null and not is_done then points_at_exit else 0 end)
            as open_points,
        count(case when exit_code is null and not is_done then 1 end) as open_items
    from marts.sprint_scope
    group by 1

)

select
    sprints.sprint_id,
    sprints.sprint_name,
    sprints.committed_points
    + sprints.added_points
    + sprints.reestimated_points
    - sprints.removed_points
    - sprints.dropped_points
    - sprints.final_points as scope_gap,
    sprints.final_points - sprints.completed_points - coalesce(scope.open_points, 0)
        as completed_gap,
    sprints.committed_items
    + sprints.added_items
    - sprints.removed_items
    - sprints.dropped_items
    - sprints.final_items as item_gap,
    sprints.final_items - sprints.completed_items - coalesce(scope.open_items, 0)
        as completed_item_gap
from marts.sprints as sprints
left join scope
    on sprints.sprint_id = scope.sprint_id
where
    abs(
        sprints.committed_points
        + sprints.added_points
        + sprints.reestimated_points
        - sprints.removed_points
        - sprints.dropped_points
        - sprints.final_points
    ) > 0.000001
    or abs(
        sprints.final_points - sprints.completed_points - coalesce(scope.open_points, 0)
    ) > 0.000001
    or sprints.committed_items
    + sprints.added_items
    - sprints.removed_items
    - sprints.dropped_items
    <> sprints.final_items
    or sprints.final_items - sprints.completed_items
    <> coalesce(scope.open_items, 0)
