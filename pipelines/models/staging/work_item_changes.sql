-- One row per reported change of a field of a work item.
--
-- key: source_id, work_item_key, changed_at, field_code, change_no
select
    source_id,
    work_item_key,
    changed_at,
    field_code,
    change_no,
    from_value,
    to_value,
    from_label,
    to_label,
    is_migration,
    change_origin
from landing.work_item_changes
