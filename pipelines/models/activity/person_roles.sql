-- One row per event and declared use of it, with the person who did it.
--
-- key: role_id, import_id, record_no, row_no
-- kept: as a view
select
    event_roles.role_id,
    event_roles.role_kind,
    event_roles.thing_id,
    event_roles.position,
    role_events.import_id,
    role_events.record_no,
    role_events.row_no,
    actors.person_key,
    role_events.actor_key,
    role_events.occurred_at,
    role_events.day_on,
    role_events.segment_key,
    role_events.day_place
from activity.role_events
inner join settings.event_roles
    on role_events.role_id = event_roles.role_id
inner join activity.actors
    on role_events.actor_key = actors.actor_key
where not actors.is_excluded
