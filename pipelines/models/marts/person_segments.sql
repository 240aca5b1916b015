-- One row per person and segment of users or accounts, as of now.
--
-- key: person_key, segment
with

attributes as (

    select
        people.person_key,
        'users' as table_name,
        'locale_code' as column_name,
        people.locale_code as value
    from marts.people
    union all
    select
        people.person_key,
        'users' as table_name,
        'country_code' as column_name,
        people.country_code as value
    from marts.people
    union all
    select
        people.person_key,
        'users' as table_name,
        'account_id' as column_name,
        people.account_id as value
    from marts.people
    union all
    select
        people.person_key,
        'accounts' as table_name,
        account_attributes.column_name,
        account_attributes.value
    from marts.people
    inner join marts.account_attributes
        on people.account_id = account_attributes.account_id

)

select
    attributes.person_key,
    segments.segment,
    attributes.value
from attributes
inner join settings.segments
    on
        attributes.table_name = segments.table_name
        and attributes.column_name = segments.column_name
where attributes.value is not null
