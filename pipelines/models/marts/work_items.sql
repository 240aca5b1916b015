-- One row per work item, with the team whose calendar counts its days.
-- Sub-tasks and epics are parts and sums of the work: is_counted leaves them, and
-- archived items, out of every flow and sprint metric.
--
-- key: work_item_key
with

items as (

    select
        work_item_key,
        item_kind,
        item_type_name,
        title_text,
        status_id,
        status_name,
        state_code,
        priority_code,
        severity_code,
        points,
        created_at,
        done_at,
        done_origin,
        due_on,
        parent_key,
        epic_key,
        team_id,
        project_key,
        sprint_ids,
        fix_versions,
        is_subtask,
        is_archived,
        resolution_name
    from staging.work_items

),

-- An item without a team belongs to the team whose board its sprints are on.
teams_by_sprint as (

    select
        items.work_item_key,
        min(sprint_teams.team_id) as team_id
    from items
    inner join marts.sprint_teams as sprint_teams
        on
            position(
                ',' || sprint_teams.sprint_id || ',' in ',' || items.sprint_ids || ','
            ) > 0
    where items.team_id is null
    group by 1

),

only_team as (

    select team_id
    from marts.teams
    where is_only_team

),

with_team as (

    select
        items.work_item_key,
        coalesce(
            items.team_id, teams_by_sprint.team_id, only_team.team_id
        ) as team_id
    from items
    left join teams_by_sprint
        on items.work_item_key = teams_by_sprint.work_item_key
    left join only_team
        on true

),

combined as (

    select
        items.work_item_key,
        items.item_kind,
        items.item_type_name,
        items.title_text,
        items.status_id,
        items.status_name,
        items.priority_code,
        items.severity_code,
        items.points,
        items.created_at,
        items.done_at,
        items.done_origin,
        items.due_on,
        items.parent_key,
        items.epic_key,
        items.project_key,
        items.sprint_ids,
        items.fix_versions,
        items.is_subtask,
        items.is_archived,
        items.resolution_name,
        items.state_code as reported_state_code,
        with_team.team_id as found_team_id,
        teams.timezone as team_timezone,
        statuses.state_code as status_state_code
    from items
    inner join with_team
        on items.work_item_key = with_team.work_item_key
    left join marts.teams as teams
        on with_team.team_id = teams.team_id
    left join marts.statuses as statuses
        on items.status_id = statuses.status_id

)

select
    work_item_key,
    item_kind,
    item_type_name,
    title_text,
    status_id,
    status_name,
    case
        when reported_state_code = 'cancelled' then 'cancelled'
        else coalesce(status_state_code, reported_state_code)
    end as state_code,
    -- Cancelled by its resolution, in a status that means done.
    reported_state_code = 'cancelled'
    and coalesce(status_state_code, 'cancelled') = 'done' as is_cancelled_in_done,
    priority_code,
    severity_code,
    points,
    created_at,
    done_at,
    done_origin,
    due_on,
    parent_key,
    epic_key,
    found_team_id as team_id,
    coalesce(team_timezone, $timezone) as timezone,
    project_key,
    sprint_ids,
    fix_versions,
    resolution_name,
    not(
        is_subtask
        or item_kind in ('subtask', 'epic')
        or coalesce(is_archived, false)
    ) as is_counted
from combined
