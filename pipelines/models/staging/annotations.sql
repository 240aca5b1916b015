-- One row per note on the time axis: a release, a campaign, an incident.
--
-- key: annotation_id
select
    annotation_id,
    happened_at,
    ended_at,
    annotation_kind,
    title_text,
    segment_code,
    metric_id,
    release_id,
    item_url,
    cast(happened_at at time zone $timezone as date) as happened_on
from landing.annotations
