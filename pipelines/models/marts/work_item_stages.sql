-- One row per work item and stage of the board it has reached, directly or by passing
-- over.
-- Moving back takes nothing away.
--
-- key: work_item_key, stage_no
select
    stays.work_item_key,
    stages.stage_no,
    items.team_id,
    min(stays.entered_at) as arrived_at,
    cast(min(stays.entered_at at time zone items.timezone) as date) as arrived_on
from marts.work_item_stays as stays
inner join marts.work_items as items
    on stays.work_item_key = items.work_item_key
inner join marts.stages as stages
    on stays.stage_no >= stages.stage_no
group by 1, 2, 3
