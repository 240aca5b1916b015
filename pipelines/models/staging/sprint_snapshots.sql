-- One row per work item in a frozen picture of a sprint.
--
-- key: source_id, sprint_id, snapshot_kind, captured_at, work_item_key
select
    source_id,
    sprint_id,
    snapshot_kind,
    captured_at,
    work_item_key,
    is_in_sprint,
    state_code,
    points,
    is_added_during,
    outcome_code
from landing.sprint_snapshots
