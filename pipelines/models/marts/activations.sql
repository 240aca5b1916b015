-- One row per person who signed up: when each was activated, and by which segment they
-- came. Activated: the moment the last of the activation events (all) or the first
-- (any) was done, counted from sign-up. Whether that was in time is for the metric to
-- say.
--
-- key: person_key
-- kept: by person (person_key)
with

firsts as (

    select
        people.person_key,
        person_roles.position,
        min(person_roles.occurred_at) as done_at
    from marts.people
    inner join activity.person_roles
        on
            people.person_key = person_roles.person_key
            and people.signed_up_at <= person_roles.occurred_at
    where person_roles.role_kind = 'activation'
    group by people.person_key, person_roles.position

),

reached as (

    select
        firsts.person_key,
        max(case
            when activation.match_kind = 'any' then 1
            else activation.event_count
        end) as needed,
        count(*) as done,
        max(activation.match_kind) as match_kind,
        min(firsts.done_at) as first_done_at,
        max(firsts.done_at) as last_done_at
    from firsts
    cross join settings.activation
    group by firsts.person_key

),

day_segments as (

    select
        person_days.person_key,
        person_days.segment_key,
        row_number() over (
            partition by person_days.person_key
            order by person_days.first_at, person_days.segment_key
        ) as place
    from activity.person_days
    inner join marts.people
        on person_days.person_key = people.person_key
    where people.signed_up_on <= person_days.day_on

)

select
    people.person_key,
    people.account_id,
    people.signed_up_at,
    people.signed_up_on,
    day_segments.segment_key,
    case
        when reached.done >= reached.needed and reached.match_kind = 'any'
            then reached.first_done_at
        when reached.done >= reached.needed then reached.last_done_at
    end as activated_at
from marts.people
left join reached
    on people.person_key = reached.person_key
left join day_segments
    on people.person_key = day_segments.person_key and day_segments.place = 1
where people.signed_up_at is not null
