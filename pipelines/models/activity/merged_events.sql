-- One row per event of a person who is known under several ids: its place among all
-- the person's events. Strict funnels ask it whether another event lies between two
-- steps; of everybody else activity.role_events knows the place.
--
-- key: import_id, record_no, row_no
-- kept: by person (person_key)
with

merged_persons as (

    select person_key
    from activity.actors
    where not is_excluded and $has_funnels
    group by person_key
    having count(*) > 1

)

select
    actors.person_key,
    events.import_id,
    events.record_no,
    events.row_no,
    row_number() over (
        partition by actors.person_key
        order by events.occurred_at, events.record_no, events.import_id, events.row_no
    ) as person_place
from merged_persons
inner join activity.actors
    on merged_persons.person_key = actors.person_key
inner join staging.events
    on actors.actor_key = events.actor_key
