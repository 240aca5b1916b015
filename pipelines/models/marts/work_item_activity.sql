-- One row per finished work item, with how long of its time somebody could work on it.
-- Inactive is time that was flagged, in a waiting status, or between two changes that
-- lie 5 days or more apart. An upper bound: not everything that stops work is written
-- down.
--
-- key: work_item_key
with

items as (

    select
        work_item_key,
        team_id,
        first_started_at,
        last_done_at,
        last_done_on
    from marts.work_item_flow
    where
        first_started_at is not null
        and last_done_at > first_started_at
        and not has_order_conflict

),

-- Every change of any field is activity and begins a new piece of time.
cuts as (

    select
        items.work_item_key,
        changes.changed_at as cut_at
    from items
    inner join marts.work_item_changes as changes
        on
            items.work_item_key = changes.work_item_key
            and items.first_started_at <= changes.changed_at
            and items.last_done_at >= changes.changed_at
    union
    select
        work_item_key,
        first_started_at as cut_at
    from items
    union
    select
        work_item_key,
        last_done_at as cut_at
    from items

),

pieces as (

    select
        work_item_key,
        cut_at as from_at,
        lead(cut_at) over (
            partition by work_item_key
            order by cut_at
        ) as to_at
    from cuts

),

flags as (

    select
        work_item_key,
        changed_at,
        to_value is not null as is_flagged,
        lead(changed_at) over (
            partition by work_item_key
            order by changed_at, change_no
        ) as until_at
    from marts.work_item_changes
    where field_code = 'flag'

),

judged as (

    select
        pieces.work_item_key,
        pieces.from_at,
        date_diff('microsecond', pieces.from_at, pieces.to_at) / 1000000 as length_s,
        max(
            case
                when stays.flow_code <> 'doing' or not stays.is_active_stage then 1
                else 0
            end
        ) as is_waiting,
        max(case when flags.is_flagged then 1 else 0 end) as is_flagged
    from pieces
    left join marts.work_item_stays as stays
        on
            pieces.work_item_key = stays.work_item_key
            and pieces.from_at >= stays.entered_at
            and (stays.left_at is null or pieces.from_at < stays.left_at)
    left join flags
        on
            pieces.work_item_key = flags.work_item_key
            and pieces.from_at >= flags.changed_at
            and (flags.until_at is null or pieces.from_at < flags.until_at)
    where pieces.to_at is not null
    group by 1, 2, 3

)

select
    items.work_item_key,
    items.team_id,
    items.last_done_on,
    sum(judged.length_s) as total_s,
    sum(
        case
            when judged.is_waiting = 1 or judged.is_flagged = 1 then 0
            when judged.length_s >= 5 * 86400 then 0
            else judged.length_s
        end
    ) as active_s
from items
inner join judged
    on items.work_item_key = judged.work_item_key
group by 1, 2, 3
