-- One row per set of event segment values and segment.
--
-- key: segment_key, segment
with

seen as (

    select distinct segment_key
    from activity.actor_days

)

select
    seen.segment_key,
    segments.segment,
    coalesce(
        nullif(
            split_part(
                seen.segment_key, $segment_separator, cast(segments.position as integer)
            ), ''
        ), 'unknown'
    ) as value
from seen
cross join settings.segments
where segments.table_name = 'events'
