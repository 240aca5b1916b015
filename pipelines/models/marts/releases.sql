-- One row per release that was not withdrawn.
--
-- key: release_id
select
    release_id,
    product_id,
    version,
    channel_code,
    first_planned_on,
    planned_on,
    released_at,
    released_on,
    tag_name,
    notes_url,
    launch_id
from staging.releases
where not is_withdrawn
