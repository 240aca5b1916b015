-- One row per change of a field of a work item.
-- Two exports of one tracker tell of the same change: those of one field, item and
-- instant are taken from one source.
--
-- key: work_item_key, changed_at, field_code, change_no
with

changes as (

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
        change_origin,
        min(source_id) over (
            partition by work_item_key, changed_at, field_code
        ) as chosen_source_id
    from staging.work_item_changes

)

select
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
from changes
where source_id = chosen_source_id
