-- One row per revision of a piece of feedback.
--
-- key: source_id, feedback_id, revision_no
select
    source_id,
    feedback_id,
    revision_no,
    feedback_kind,
    submitted_at,
    cast(submitted_at at time zone $timezone as date) as submitted_on,
    time_quality,
    user_id,
    user_key,
    account_id,
    rating,
    scale_min,
    scale_max,
    language_code,
    title_text,
    body_text,
    status_code,
    item_url,
    app_version,
    channel_code,
    first_answered_at,
    decided_at,
    closed_at,
    vote_count,
    reopen_count
from landing.feedback_items
