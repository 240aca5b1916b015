-- One row per survey question, with the scale that its answers are on.
--
-- key: survey_id, question_id
select
    survey_id,
    question_id,
    question_text,
    metric_code,
    survey_kind,
    touchpoint_code,
    scale_min,
    scale_max,
    coalesce(is_higher_better, true) as is_higher_better,
    top_box_min,
    labels_json
from landing.survey_questions
