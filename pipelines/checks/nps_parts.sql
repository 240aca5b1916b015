-- I9: promoters, passives and detractors of a question add up to its scored answers
with

parts as (

    select
        survey_id,
        question_id,
        source_id,
        count(score) as n,
        sum(case when score >= 9 and nps_sign = 1 then 1 else 0 end) as promoters,
        sum(
            case when score >= 7 and score < 9 and nps_sign = 0 then 1 else 0 end
        ) as passives,
        sum(case when score < 7 and nps_sign = -1 then 1 else 0 end) as detractors
    from marts.survey_answers
    where metric_code = 'nps' and scale_max = 10 and nps_sign is not null
    group by survey_id, question_id, source_id

)

select
    survey_id,
    question_id,
    source_id,
    n,
    promoters,
    passives,
    detractors
from parts
where promoters + passives + detractors <> n
