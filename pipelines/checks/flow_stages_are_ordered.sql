-- I10: no item reaches a stage of the board before the stages left of it.
select
    stages.work_item_key,
    stages.stage_no,
    stages.arrived_at,
    earlier.arrived_at as earlier_stage_arrived_at
from marts.work_item_stages as stages
left join marts.work_item_stages as earlier
    on
        stages.work_item_key = earlier.work_item_key
        and stages.stage_no = earlier.stage_no + 1
where
    stages.stage_no > 1
    and (earlier.arrived_at is null or earlier.arrived_at > stages.arrived_at)
