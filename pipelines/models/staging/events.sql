-- One row per product event in force, with its local day.
-- Ids are those of the export: who is the same person is decided in activity.actors,
-- so that a late merge of two ids does not touch a single event.
--
-- key: event_key, source_id
select
    event_key,
    source_id,
    event_name,
    occurred_at,
    received_at,
    account_id,
    session_id,
    platform_code,
    app_version,
    channel_code,
    country_code,
    properties_json,
    import_id,
    record_no,
    row_no,
    coalesce(user_key, anonymous_key) as actor_key,
    cast(occurred_at at time zone $timezone as date) as day_on,
    $segment_key as segment_key,
    $is_active as is_active
from landing.events
where coalesce(user_key, anonymous_key) is not null
