-- One row per release of the product.
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
    cast(released_at at time zone $timezone as date) as released_on,
    tag_name,
    commit_sha,
    notes_url,
    launch_id,
    coalesce(is_withdrawn, false) as is_withdrawn
from landing.releases
