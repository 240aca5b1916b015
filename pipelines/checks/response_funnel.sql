-- I4: no step of a response funnel is reached by more invitations than the one before
with

steps as (

    select
        survey_id,
        source_id,
        sum(case when is_started then 1 else 0 end) as started_count,
        sum(case when is_scored then 1 else 0 end) as scored_count,
        sum(case when is_completed then 1 else 0 end) as completed_count,
        count(*) as invitation_count
    from marts.survey_invitations
    group by survey_id, source_id

)

select
    survey_id,
    source_id,
    invitation_count,
    started_count,
    scored_count,
    completed_count
from steps
where
    started_count > invitation_count
    or scored_count > started_count
    or completed_count > scored_count
