-- One row per work item, as last known. Lists of ids are texts, joined by commas.
--
-- key: work_item_key
select
    work_item_key,
    item_kind,
    item_type_name,
    title_text,
    coalesce(status_id, status_name) as status_id,
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
    array_to_string(sprint_list, ',') as sprint_ids,
    array_to_string(fix_version_list, ',') as fix_versions,
    is_subtask,
    is_archived,
    resolution_name
from landing.work_items
