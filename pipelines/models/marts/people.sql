-- One row per person who may be counted, with sign-up and account as last known.
-- Signed up: what the product says, else the first sign-up event.
--
-- key: person_key
-- kept: by person (person_key)
with

known as (

    select
        actors.person_key,
        min(case
            when actors.actor_key = actors.person_key then users.user_id
        end) as user_id,
        min(users.signed_up_at) as signed_up_at,
        max(users.account_id) as account_id,
        max(users.locale_code) as locale_code,
        max(users.country_code) as country_code
    from activity.actors
    inner join staging.users
        on actors.actor_key = users.user_key
    group by actors.person_key

),

sign_ups as (

    select
        person_key,
        min(occurred_at) as signed_up_at
    from activity.person_roles
    where role_kind = 'sign_up'
    group by person_key

),

seen as (

    select
        actors.person_key,
        min(actor_days.first_at) as first_at,
        max(actor_days.account_id) as account_id
    from activity.actor_days
    inner join activity.actors
        on actor_days.actor_key = actors.actor_key
    group by actors.person_key

),

persons as (

    select distinct person_key
    from activity.actors
    where not is_excluded

)

select
    persons.person_key,
    known.user_id,
    coalesce(known.account_id, seen.account_id) as account_id,
    known.locale_code,
    known.country_code,
    seen.first_at,
    coalesce(known.signed_up_at, sign_ups.signed_up_at) as signed_up_at,
    cast(
        coalesce(known.signed_up_at, sign_ups.signed_up_at) at time zone $timezone
        as date
    ) as signed_up_on
from persons
left join known
    on persons.person_key = known.person_key
left join sign_ups
    on persons.person_key = sign_ups.person_key
left join seen
    on persons.person_key = seen.person_key
