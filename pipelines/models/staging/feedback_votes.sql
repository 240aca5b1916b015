-- One row per voter of a piece of feedback.
--
-- key: source_id, feedback_id, voter_key
select
    source_id,
    feedback_id,
    voter_key,
    account_id,
    voted_at,
    importance_code
from landing.feedback_votes
