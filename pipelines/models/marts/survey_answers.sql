-- One row per usable answer to a survey question, with its scale beside it.
-- A respondent is the same person by user id or by e-mail address; without either, each
-- response is one person. Answers of internal and test persons are left out.
--
-- oriented_score runs so that more is better. nps_sign is 1, 0 or -1 on the scales 0-10
-- and 1-10, null on any other. box_min is the lowest oriented score that counts as
-- satisfied (csat) or easy (ces), null where nobody declared one.
--
-- key: source_id, survey_id, response_id, question_id
with

responses as (

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
        answered_on,
        time_quality,
        wave_id,
        score,
        answer_code,
        is_complete
    from staging.survey_responses
    where
        answer_state = 'answered'
        and (score is not null or answer_code is not null)

),

questions as (

    select
        survey_id,
        question_id,
        metric_code,
        survey_kind,
        touchpoint_code,
        scale_min,
        scale_max,
        is_higher_better,
        case
            when top_box_min is not null then top_box_min
            when metric_code = 'csat' and scale_min = 1 and scale_max = 5 then 4
            when metric_code = 'ces' and scale_min = 1 and scale_max = 7 then 5
        end as box_min
    from staging.survey_questions

),

users_by_mail as (

    select
        email_hash,
        min(user_key) as user_key
    from staging.users
    where email_hash is not null
    group by email_hash

),

-- The same raw id gives the same hash in every column, so a respondent may be a user.
recognised as (

    select
        responses.source_id,
        responses.survey_id,
        responses.response_id,
        responses.question_id,
        responses.respondent_key,
        responses.user_id,
        responses.account_id,
        responses.answered_at,
        responses.answered_on,
        responses.time_quality,
        responses.wave_id,
        responses.score,
        responses.answer_code,
        responses.is_complete,
        coalesce(
            responses.user_key,
            users_by_mail.user_key,
            users_by_id.user_key
        ) as user_key
    from responses
    left join users_by_mail
        on responses.respondent_key = users_by_mail.email_hash
    left join staging.users as users_by_id
        on responses.respondent_key = users_by_id.user_id

),

persons as (

    select
        actors.actor_key,
        actors.person_key,
        actors.is_excluded,
        people.account_id
    from activity.actors as actors
    left join marts.people as people
        on actors.person_key = people.person_key

)

select
    recognised.source_id,
    recognised.survey_id,
    recognised.response_id,
    recognised.question_id,
    case
        when persons.person_key is not null
            then concat('person ', cast(persons.person_key as varchar))
        when recognised.user_id is not null then recognised.user_id
        when recognised.respondent_key is not null then recognised.respondent_key
        else concat(recognised.source_id, ': ', recognised.response_id)
    end as respondent_key,
    persons.person_key,
    coalesce(recognised.account_id, persons.account_id) as account_id,
    recognised.answered_at,
    recognised.answered_on,
    recognised.time_quality,
    recognised.wave_id,
    recognised.score,
    case
        when questions.is_higher_better then recognised.score
        else questions.scale_min + questions.scale_max - recognised.score
    end as oriented_score,
    recognised.answer_code,
    recognised.is_complete,
    questions.metric_code,
    questions.survey_kind,
    questions.touchpoint_code,
    questions.scale_min,
    questions.scale_max,
    questions.box_min,
    case
        when
            questions.scale_max <> 10
            or questions.scale_min not in (0, 1)
            or not questions.is_higher_better
            then cast(null as integer)
        when recognised.score >= 9 then 1
        when recognised.score >= 7 then 0
        when recognised.score is not null then -1
    end as nps_sign
from recognised
left join questions
    on
        recognised.survey_id = questions.survey_id
        and recognised.question_id = questions.question_id
left join persons
    on recognised.user_key = persons.actor_key
left join staging.accounts as accounts
    on coalesce(recognised.account_id, persons.account_id) = accounts.account_id
where
    not coalesce(persons.is_excluded, false)
    and not coalesce(accounts.is_internal or accounts.is_test, false)
