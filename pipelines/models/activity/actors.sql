-- One row per id that did something or is a user: which person it belongs to.
-- An alias of an alias is followed, up to four times; whoever is internal or a test
-- under any id, or belongs to such an account, is left out of every number. Without an
-- account of their own, persons belong to those on which they act.
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
            fourth_links.user_key,
            third_links.user_key,
            second_links.user_key,
            first_links.user_key,
            ids.actor_key
        ) as person_key
    from ids
    left join links as first_links
        on ids.actor_key = first_links.alias_key
    left join links as second_links
        on first_links.user_key = second_links.alias_key
    left join links as third_links
        on second_links.user_key = third_links.alias_key
    left join links as fourth_links
        on third_links.user_key = fourth_links.alias_key

),

internal_accounts as (

    select account_id
    from staging.accounts
    where is_internal or is_test

),

belonging as (

    select
        resolved.person_key,
        users.is_internal or users.is_test as is_internal,
        users.account_id,
        internal_accounts.account_id is not null as is_account_internal
    from resolved
    inner join staging.users
        on resolved.actor_key = users.user_key
    left join internal_accounts
        on users.account_id = internal_accounts.account_id

),

acting as (

    select
        resolved.person_key,
        min(case when internal_accounts.account_id is null then 0 else 1 end)
            as is_always_internal
    from resolved
    inner join activity.actor_days
        on resolved.actor_key = actor_days.actor_key
    left join internal_accounts
        on actor_days.account_id = internal_accounts.account_id
    group by resolved.person_key

),

owning as (

    select distinct person_key
    from belonging
    where account_id is not null

),

excluded as (

    select person_key
    from belonging
    where is_internal or is_account_internal
    union
    select acting.person_key
    from acting
    left join owning
        on acting.person_key = owning.person_key
    where acting.is_always_internal = 1 and owning.person_key is null

)

select
    resolved.actor_key,
    resolved.person_key,
    excluded.person_key is not null as is_excluded
from resolved
left join excluded
    on resolved.person_key = excluded.person_key
