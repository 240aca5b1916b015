-- I6: a person's cohort begins with the first start that is known
with

firsts as (

    select
        person_key,
        min(started_at) as started_at
    from marts.retention_days
    where started_at is not null
    group by person_key

)

select
    firsts.started_at as first_start_at,
    retention_starts.started_at as cohort_start_at,
    count(*) as persons
from firsts
full outer join marts.retention_starts
    on firsts.person_key = retention_starts.person_key
where
    firsts.started_at is distinct from retention_starts.started_at
group by firsts.started_at, retention_starts.started_at
