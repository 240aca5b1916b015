-- One row per tie of a piece of feedback to a work item, release or theme.
--
-- key: source_id, feedback_id, target_kind, target_id
select
    source_id,
    feedback_id,
    target_kind,
    target_id,
    linked_at,
    link_origin
from landing.feedback_links
