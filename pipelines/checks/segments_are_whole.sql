-- I5: every active day is in a group of each segment, `unknown` included
with

used as (

    select distinct segment_key
    from activity.person_days

),

expected as (

    select
        used.segment_key,
        segments.segment
    from used
    cross join settings.segments
    where segments.table_name = 'events'

)

select
    expected.segment_key,
    expected.segment
from expected
left join activity.segment_sets
    on
        expected.segment_key = segment_sets.segment_key
        and expected.segment = segment_sets.segment
where segment_sets.value is null
