-- One row per person, local day and set of segment values with at least one active
-- event. Internal and test persons are not in it.
--
-- key: person_key, day_on, segment_key
-- kept: by person (person_key)
select
    actors.person_key,
    actor_days.day_on,
    actor_days.segment_key,
    sum(actor_days.active_count) as event_count,
    min(actor_days.first_active_at) as first_at
from activity.actor_days
inner join activity.actors
    on actor_days.actor_key = actors.actor_key
where actor_days.active_count > 0 and not actors.is_excluded
group by actors.person_key, actor_days.day_on, actor_days.segment_key
