-- One row per sprint that has begun, with the time it covers.
-- It starts when it was activated and ends when it was completed; a closed sprint
-- without a completion ends as planned, a running one at the end of the data.
--
-- key: sprint_id
with

ends_of_data as (

    select max(through_at) as through_at
    from control.coverage
    where table_name in ('work_items', 'work_item_changes', 'sprints')

),

sprints as (

    select
        sprints.sprint_id,
        sprints.board_id,
        sprint_teams.team_id,
        teams.timezone as team_timezone,
        sprints.sprint_name,
        sprints.goal_text,
        sprints.goal_result,
        sprints.goal_evidence_text,
        sprints.capacity_points,
        sprints.state_code = 'closed' as is_closed,
        sprints.started_at,
        sprints.planned_end_at,
        case
            when sprints.state_code = 'closed'
                then
                    coalesce(
                        sprints.completed_at,
                        sprints.planned_end_at,
                        ends_of_data.through_at
                    )
            else ends_of_data.through_at
        end as ended_at
    from staging.sprints as sprints
    cross join ends_of_data
    inner join marts.sprint_teams as sprint_teams
        on sprints.sprint_id = sprint_teams.sprint_id
    left join marts.teams as teams
        on sprint_teams.team_id = teams.team_id
    where
        sprints.started_at is not null
        and sprints.state_code <> 'future'

),

zoned as (

    select
        sprint_id,
        board_id,
        team_id,
        coalesce(team_timezone, $timezone) as timezone,
        sprint_name,
        goal_text,
        goal_result,
        goal_evidence_text,
        capacity_points,
        is_closed,
        started_at,
        planned_end_at,
        ended_at
    from sprints
    where ended_at > started_at

)

select
    sprint_id,
    board_id,
    team_id,
    timezone,
    sprint_name,
    goal_text,
    goal_result,
    goal_evidence_text,
    capacity_points,
    is_closed,
    started_at,
    ended_at,
    planned_end_at,
    cast(started_at at time zone timezone as date) as started_on,
    -- The last day that has a part of the sprint.
    cast(
        (ended_at - interval '1' microsecond) at time zone timezone as date
    ) as last_on,
    cast(
        (planned_end_at - interval '1' microsecond) at time zone timezone as date
    ) as planned_last_on
from zoned
