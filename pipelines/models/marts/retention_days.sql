-- One row per person, local day and set of segment values that starts or returns.
-- Without declared events, any active event does both.
--
-- key: person_key, day_on, segment_key
-- kept: by person (person_key)
with

active as (

    select
        actors.person_key,
        actor_days.day_on,
        actor_days.segment_key,
        min(actor_days.first_active_at) as first_at,
        max(actor_days.last_active_at) as last_at
    from activity.actor_days
    inner join activity.actors
        on actor_days.actor_key = actors.actor_key
    where actor_days.active_count > 0 and not actors.is_excluded
    group by actors.person_key, actor_days.day_on, actor_days.segment_key

),

declared as (

    select
        person_key,
        day_on,
        segment_key,
        min(case when role_kind = 'retention_start' then occurred_at end) as started_at,
        min(case when role_kind = 'retention_return' then occurred_at end) as first_at,
        max(case when role_kind = 'retention_return' then occurred_at end) as last_at
    from activity.person_roles
    where role_kind in ('retention_start', 'retention_return')
    group by person_key, day_on, segment_key

),

combined as (

    select
        person_key,
        day_on,
        segment_key,
        case when $starts_with_any_event then first_at end as started_at,
        case when $returns_with_any_event then first_at end as first_return_at,
        case when $returns_with_any_event then last_at end as last_return_at
    from active
    union all
    select
        person_key,
        day_on,
        segment_key,
        case when not $starts_with_any_event then started_at end as started_at,
        case when not $returns_with_any_event then first_at end as first_return_at,
        case when not $returns_with_any_event then last_at end as last_return_at
    from declared

)

select
    person_key,
    day_on,
    segment_key,
    min(started_at) as started_at,
    min(first_return_at) as first_return_at,
    max(last_return_at) as last_return_at
from combined
where started_at is not null or first_return_at is not null
group by person_key, day_on, segment_key
