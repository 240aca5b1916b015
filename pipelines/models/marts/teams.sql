-- One row per team, with the calendar its days are counted in.
-- What launchloop.toml says wins over what a source says. A team that is the only one
-- has every item and sprint that names no other.
--
-- key: team_id
with

declared as (

    select
        team_id,
        name,
        timezone,
        sprint_days
    from settings.teams

),

reported as (

    select
        team_id,
        team_name,
        time_zone,
        sprint_length_days
    from staging.teams

),

team_ids as (

    select team_id
    from declared
    union
    select team_id
    from reported
    union
    select team_id
    from staging.work_items
    where team_id is not null
    union
    select team_id
    from staging.sprints
    where team_id is not null

),

combined as (

    select
        team_ids.team_id,
        coalesce(declared.name, reported.team_name, team_ids.team_id) as team_name,
        coalesce(declared.timezone, reported.time_zone) as team_timezone,
        coalesce(declared.sprint_days, reported.sprint_length_days) as sprint_days
    from team_ids
    left join declared
        on team_ids.team_id = declared.team_id
    left join reported
        on team_ids.team_id = reported.team_id

)

select
    team_id,
    team_name,
    coalesce(team_timezone, $timezone) as timezone,
    sprint_days,
    count(*) over () = 1 as is_only_team
from combined
