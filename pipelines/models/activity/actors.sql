-- One row per id that did something or is a user: which person it belongs to.
-- An alias of an alias is followed once more; whoever is internal or a test under any
-- id is left out of every number.
--
-- key: actor_key
-- kept: by person (person_key)
with

ids as (

    select actor_key
    from activity.actor_days
    union
    select user_key
    from staging.users
    union
    select alias_key
    from staging.user_aliases

),

links as (

    select
        alias_key,
        min(user_key) as user_key
    from staging.user_aliases
    group by alias_key

),

resolved as (

    select
        ids.actor_key,
        coalesce(
            second_links.user_key, first_links.user_key, ids.actor_key
        ) as person_key
    from ids
    left join links as first_links
        on ids.actor_key = first_links.alias_key
    left join links as second_links
        on first_links.user_key = second_links.alias_key

),

excluded as (

    select distinct resolved.person_key
    from resolved
    inner join staging.users
        on resolved.actor_key = users.user_key
    where users.is_internal or users.is_test

)

select
    resolved.actor_key,
    resolved.person_key,
    excluded.person_key is not null as is_excluded
from resolved
left join excluded
    on resolved.person_key = excluded.person_key
