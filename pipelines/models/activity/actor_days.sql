-- One row per id, local day and set of segment values with at least one event.
-- Everything about active users follows from this table, a sixtieth of the events.
--
-- key: actor_key, day_on, segment_key
-- kept: by day (day_on)
select
    actor_key,
    day_on,
    segment_key,
    count(*) as event_count,
    count(case when is_active then 1 end) as active_count,
    min(occurred_at) as first_at,
    min(case when is_active then occurred_at end) as first_active_at,
    max(occurred_at) as last_at,
    max(case when is_active then occurred_at end) as last_active_at,
    min(account_id) as account_id
from staging.events
group by actor_key, day_on, segment_key
