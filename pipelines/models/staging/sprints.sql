-- One row per sprint.
--
-- key: sprint_id
select
    sprint_id,
    board_id,
    team_id,
    sprint_name,
    goal_text,
    state_code,
    started_at,
    planned_end_at,
    completed_at,
    capacity_points,
    goal_result,
    goal_evidence_text
from landing.sprints
