-- One row per sprint, with the team it belongs to.
-- A team is found by the sprint's own team, else by its board, else it is the only one.
--
-- key: sprint_id
with

sprints as (

    select
        sprint_id,
        board_id,
        team_id
    from staging.sprints

),

teams_by_board as (

    select
        sprints.sprint_id,
        min(teams.team_id) as team_id
    from sprints
    inner join settings.teams as teams
        on array_contains(teams.boards, sprints.board_id)
    group by 1

),

only_team as (

    select team_id
    from marts.teams
    where is_only_team

)

select
    sprints.sprint_id,
    coalesce(
        sprints.team_id, teams_by_board.team_id, only_team.team_id
    ) as team_id
from sprints
left join teams_by_board
    on sprints.sprint_id = teams_by_board.sprint_id
left join only_team
    on true
