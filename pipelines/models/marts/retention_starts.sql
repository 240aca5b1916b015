-- One row per person who ever did a start event: when first, and with which segment
-- values.
--
-- key: person_key
-- kept: by person (person_key)
with

ordered as (

    select
        person_key,
        day_on,
        segment_key,
        started_at,
        row_number() over (
            partition by person_key
            order by started_at, segment_key
        ) as place
    from marts.retention_days
    where started_at is not null

)

select
    person_key,
    day_on as started_on,
    started_at,
    segment_key
from ordered
where place = 1
