-- One row per answered question of a response, blank and unusable answers included.
--
-- key: source_id, survey_id, response_id, question_id
select
    source_id,
    survey_id,
    response_id,
    question_id,
    respondent_key,
    user_id,
    user_key,
    account_id,
    answered_at,
    cast(answered_at at time zone $timezone as date) as answered_on,
    time_quality,
    wave_id,
    score,
    answer_code,
    answer_state,
    is_complete,
    app_version,
    locale_code
from landing.survey_responses
