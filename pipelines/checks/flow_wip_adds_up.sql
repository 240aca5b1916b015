-- I10: work in progress by counting events equals the items in progress at the end of
-- the day.
with

in_progress as (

    select
        days.team_id,
        days.day_on,
        count(runs.work_item_key) as item_count
    from marts.flow_days as days
    left join marts.work_item_runs as runs
        on
            days.team_id = coalesce(runs.team_id, '')
            and runs.flow_code = 'doing'
            and days.day_on >= runs.began_on
            and (runs.ended_on is null or days.day_on < runs.ended_on)
    group by 1, 2

)

select
    days.team_id,
    days.day_on,
    days.wip,
    in_progress.item_count,
    days.wip - in_progress.item_count as gap
from marts.flow_days as days
inner join in_progress
    on
        days.team_id = in_progress.team_id
        and days.day_on = in_progress.day_on
where days.wip <> in_progress.item_count
