-- One row per stretch of time in which the estimate of a work item did not change.
-- points is null while the item had none; sums count it as 0.
--
-- key: work_item_key, valid_from
with

items as (

    select
        work_item_key,
        points,
        created_at
    from marts.work_items
    where is_counted

),

changes as (

    select
        work_item_key,
        changed_at,
        try_cast(from_value as double) as points_before,
        try_cast(to_value as double) as points_after,
        row_number() over (
            partition by work_item_key
            order by changed_at, change_no
        ) as rank_no,
        row_number() over (
            partition by work_item_key, changed_at
            order by change_no desc
        ) as rank_at_instant
    from marts.work_item_changes
    where field_code = 'points'

),

initial_values as (

    select
        items.work_item_key,
        items.created_at as valid_from,
        case
            when changes.work_item_key is null then items.points
            else changes.points_before
        end as points
    from items
    left join changes
        on
            items.work_item_key = changes.work_item_key
            and changes.rank_no = 1
    where
        changes.work_item_key is null
        or changes.changed_at > items.created_at

),

all_values as (

    select
        work_item_key,
        valid_from,
        points
    from initial_values
    union all
    select
        changes.work_item_key,
        changes.changed_at as valid_from,
        changes.points_after as points
    from changes
    inner join items
        on changes.work_item_key = items.work_item_key
    where changes.rank_at_instant = 1

)

select
    work_item_key,
    valid_from,
    lead(valid_from) over (
        partition by work_item_key
        order by valid_from
    ) as valid_to,
    points
from all_values
