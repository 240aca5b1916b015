-- One row per marker for the time axis: notes, releases and incidents alike.
--
-- key: marker_id
select
    concat('note ', annotation_id) as marker_id,
    annotation_kind as marker_kind,
    title_text,
    happened_at,
    happened_on,
    ended_at,
    segment_code,
    metric_id
from staging.annotations
union all
select
    concat('release ', release_id) as marker_id,
    'release' as marker_kind,
    version as title_text,
    released_at as happened_at,
    cast(released_at at time zone $timezone as date) as happened_on,
    cast(null as timestamptz) as ended_at,
    cast(null as varchar) as segment_code,
    cast(null as varchar) as metric_id
from landing.releases
where
    released_at is not null
    and channel_code = 'stable'
    and not coalesce(is_withdrawn, false)
union all
select
    concat('incident ', incident_id) as marker_id,
    'incident' as marker_kind,
    coalesce(title_text, incident_id) as title_text,
    opened_at as happened_at,
    cast(opened_at at time zone $timezone as date) as happened_on,
    resolved_at as ended_at,
    cast(null as varchar) as segment_code,
    cast(null as varchar) as metric_id
from landing.incidents
