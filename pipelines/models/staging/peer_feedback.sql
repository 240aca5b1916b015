-- One row per answer of a 360 cycle.
-- Comments and rater hashes go no further than landing.
--
-- key: source_id, cycle_id, answer_id
select
    source_id,
    cycle_id,
    answer_id,
    subject_kind,
    subject_key,
    rater_group,
    question_id,
    score,
    scale_min,
    scale_max,
    is_cannot_judge,
    cycle_closed_at
from landing.peer_feedback
