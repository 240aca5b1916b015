-- One row per status that a work item can have.
--
-- key: status_id
select
    status_id,
    status_name,
    state_code,
    stage_no,
    is_active_stage,
    is_on_board
from landing.workflow_statuses
