-- One row per event and declared use of it: sign-up, activation, feature, funnel step.
-- Equal times follow ingest order (record_no). day_place counts all events of the same
-- id on that day: strict funnels ask whether another one lies between two steps.
-- An event has one day; with the day in the key, new days are checked by themselves.
--
-- key: day_on, role_id, import_id, record_no, row_no
-- kept: by day (day_on)
with

numbered as (

    select
        import_id,
        record_no,
        row_no,
        event_name,
        actor_key,
        occurred_at,
        day_on,
        segment_key,
        -- what a role's condition may name; what none names is not read
        received_at,
        account_id,
        session_id,
        platform_code,
        app_version,
        channel_code,
        country_code,
        properties_json,
        -- without a funnel nobody asks, and the sort is what costs
        case
            when $has_funnels
                then
                    row_number() over (
                        partition by actor_key, day_on
                        order by occurred_at, record_no, import_id, row_no
                    )
        end as day_place
    from staging.events

),

named as (

    select
        event_roles.role_id,
        numbered.*
    from numbered
    inner join settings.event_roles
        on numbered.event_name = event_roles.event_name

),

unnamed as (

    select
        event_roles.role_id,
        numbered.*
    from numbered
    inner join settings.event_roles
        on event_roles.event_name = '*'

),

candidates as (

    select * from named
    union all
    select * from unnamed

)

select
    role_id,
    import_id,
    record_no,
    row_no,
    actor_key,
    occurred_at,
    day_on,
    segment_key,
    day_place
from candidates
where $role_condition
