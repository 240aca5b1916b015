-- One row per unbroken stay of a work item in a sprint or a release.
-- Changes hold the whole list as it was before and after. A release is named by its id,
-- its version or its tag.
--
-- key: scope_kind, scope_id, work_item_key, entered_at
with

names as (

    select
        'sprint' as scope_kind,
        sprint_id as scope_id,
        ',' || sprint_id || ',' as mark
    from staging.sprints
    union
    select
        'release' as scope_kind,
        release_id as scope_id,
        ',' || release_id || ',' as mark
    from staging.releases
    union
    select
        'release' as scope_kind,
        release_id as scope_id,
        ',' || version || ',' as mark
    from staging.releases
    union
    select
        'release' as scope_kind,
        release_id as scope_id,
        ',' || tag_name || ',' as mark
    from staging.releases
    where tag_name is not null

),

items as (

    select
        'sprint' as scope_kind,
        work_item_key,
        created_at,
        sprint_ids as scope_list
    from marts.work_items
    where is_counted
    union all
    select
        'release' as scope_kind,
        work_item_key,
        created_at,
        fix_versions as scope_list
    from marts.work_items
    where is_counted

),

changes as (

    select
        case when field_code = 'sprint' then 'sprint' else 'release' end as scope_kind,
        work_item_key,
        changed_at,
        change_no,
        from_value,
        to_value,
        row_number() over (
            partition by work_item_key, field_code
            order by changed_at, change_no
        ) as rank_no,
        row_number() over (
            partition by work_item_key, field_code, changed_at
            order by change_no desc
        ) as rank_at_instant
    from marts.work_item_changes
    where field_code in ('sprint', 'fix_version')

),

lists as (

    -- Without a change, what holds now held from the start.
    select
        items.scope_kind,
        items.work_item_key,
        items.created_at as entered_at,
        case
            when changes.work_item_key is null then items.scope_list
            else changes.from_value
        end as scope_list
    from items
    left join changes
        on
            items.scope_kind = changes.scope_kind
            and items.work_item_key = changes.work_item_key
            and changes.rank_no = 1
    where
        changes.work_item_key is null
        or changes.changed_at > items.created_at
    union all
    select
        changes.scope_kind,
        changes.work_item_key,
        changes.changed_at as entered_at,
        changes.to_value as scope_list
    from changes
    inner join items
        on
            changes.scope_kind = items.scope_kind
            and changes.work_item_key = items.work_item_key
    where changes.rank_at_instant = 1

),

stretches as (

    select
        scope_kind,
        work_item_key,
        entered_at,
        lead(entered_at) over (
            partition by scope_kind, work_item_key
            order by entered_at
        ) as left_at,
        row_number() over (
            partition by scope_kind, work_item_key
            order by entered_at
        ) as stretch_no,
        ',' || replace(scope_list, ', ', ',') || ',' as scope_list
    from lists

),

members as (

    select distinct
        names.scope_kind,
        names.scope_id,
        stretches.work_item_key,
        stretches.entered_at,
        stretches.left_at,
        stretches.stretch_no
    from stretches
    inner join names
        on
            stretches.scope_kind = names.scope_kind
            and position(names.mark in stretches.scope_list) > 0

),

-- Consecutive stretches are one stay: 7 and then 7,9 is one stay in 7.
islands as (

    select
        scope_kind,
        scope_id,
        work_item_key,
        entered_at,
        left_at,
        stretch_no - row_number() over (
            partition by scope_kind, scope_id, work_item_key
            order by stretch_no
        ) as island_no
    from members

)

select
    scope_kind,
    scope_id,
    work_item_key,
    min(entered_at) as entered_at,
    case
        when max(case when left_at is null then 1 else 0 end) = 0 then max(left_at)
    end as left_at
from islands
group by scope_kind, scope_id, work_item_key, island_no
