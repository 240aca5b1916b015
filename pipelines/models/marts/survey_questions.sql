-- One row per survey question that has answers, with the name it is asked for by.
-- That is the survey's id where no other answered question of the survey feeds the same
-- metric, else survey/question: two questions never pool.
--
-- key: survey_id, question_id
with

questions as (

    select
        survey_id,
        question_id,
        question_text,
        metric_code,
        survey_kind,
        touchpoint_code,
        scale_min,
        scale_max,
        is_higher_better,
        top_box_min
    from staging.survey_questions

),

answer_counts as (

    select
        survey_id,
        question_id,
        count(*) as answer_count,
        min(answered_on) as first_answered_on,
        max(answered_on) as last_answered_on
    from marts.survey_answers
    group by survey_id, question_id

),

rivals as (

    select
        questions.survey_id,
        questions.metric_code,
        count(*) as question_count
    from questions
    inner join answer_counts
        on
            questions.survey_id = answer_counts.survey_id
            and questions.question_id = answer_counts.question_id
    group by questions.survey_id, questions.metric_code

)

select
    questions.survey_id,
    questions.question_id,
    questions.question_text,
    questions.metric_code,
    questions.survey_kind,
    questions.touchpoint_code,
    questions.scale_min,
    questions.scale_max,
    questions.is_higher_better,
    questions.top_box_min,
    case
        when rivals.question_count = 1 then questions.survey_id
        else concat(questions.survey_id, '/', questions.question_id)
    end as thing_id,
    concat(questions.survey_id, ': ', questions.question_text) as thing_name,
    answer_counts.answer_count,
    answer_counts.first_answered_on,
    answer_counts.last_answered_on
from questions
inner join answer_counts
    on
        questions.survey_id = answer_counts.survey_id
        and questions.question_id = answer_counts.question_id
inner join rivals
    on
        questions.survey_id = rivals.survey_id
        and questions.metric_code = rivals.metric_code
