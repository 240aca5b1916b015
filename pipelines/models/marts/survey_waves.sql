-- One row per wave of a survey: the days from its first to its last answer.
-- A wave whose answers all bear its date closed on that date; one with answers of their
-- own times stays open until a later wave begins or its field window ends.
--
-- key: survey_id, wave_id
with

answers as (

    select
        survey_id,
        wave_id,
        answered_at,
        answered_on,
        time_quality
    from marts.survey_answers
    where wave_id is not null and answered_on is not null

),

waves as (

    select
        survey_id,
        wave_id,
        min(answered_on) as starts_on,
        max(answered_on) as ends_on,
        max(answered_at) as last_answered_at,
        sum(case when time_quality = 'wave' then 0 else 1 end) = 0 as is_dated_whole
    from answers
    group by survey_id, wave_id

)

select
    survey_id,
    wave_id,
    starts_on,
    ends_on,
    last_answered_at,
    is_dated_whole,
    row_number() over (
        partition by survey_id
        order by starts_on, ends_on, wave_id
    ) as wave_no,
    lead(starts_on) over (
        partition by survey_id
        order by starts_on, ends_on, wave_id
    ) as next_starts_on
from waves
