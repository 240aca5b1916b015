-- One row per team that a source tells of.
--
-- key: team_id
select
    team_id,
    team_name,
    time_zone,
    sprint_length_days
from landing.teams
