-- One row per tie of a counted piece of feedback to a work item, release or theme.
--
-- key: source_id, feedback_id, target_kind, target_id
select
    links.source_id,
    links.feedback_id,
    links.target_kind,
    links.target_id,
    links.linked_at,
    links.link_origin
from staging.feedback_links as links
inner join marts.feedback_items as items
    on links.source_id = items.source_id and links.feedback_id = items.feedback_id
where not items.is_duplicate
