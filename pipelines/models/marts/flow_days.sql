-- One row per team and day on which work was started, finished or moved back.
-- wip is the number of items started and not finished at the end of the day. Items
-- without a team stand under the empty text.
--
-- key: team_id, day_on
with

days as (

    select
        coalesce(team_id, '') as team_id,
        began_on as day_on,
        count(case when event_code = 'started' then 1 end) as started,
        count(case when event_code = 'reopened' then 1 end) as reopened,
        count(case when event_code = 'finished' then 1 end) as finished,
        count(case when event_code = 'cancelled' then 1 end) as cancelled,
        count(case when event_code = 'returned' then 1 end) as returned,
        count(case when flow_code = 'done' then 1 end) as arrived_in_done
    from marts.work_item_runs
    where event_code is not null
    group by 1, 2

)

select
    team_id,
    day_on,
    started,
    reopened,
    finished,
    cancelled,
    returned,
    arrived_in_done,
    cast(
        sum(started + reopened - finished - cancelled - returned) over (
            partition by team_id
            order by day_on
            rows between unbounded preceding and current row
        ) as bigint
    ) as wip
from days
