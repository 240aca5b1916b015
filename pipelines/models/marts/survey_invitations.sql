-- One row per invitation to a survey, with how far it came.
-- An answer belongs to the invitation of the same id, else to the same person's
-- latest one that is not after it. A bounced invitation was not delivered.
-- An invitation without an answer belongs to the first wave that closed on its day or
-- later, else to the last.
--
-- key: source_id, survey_id, exposure_id
with

exposures as (

    select
        source_id,
        survey_id,
        exposure_id,
        exposure_kind,
        exposed_at,
        exposed_on,
        user_id,
        user_key,
        account_id
    from staging.survey_exposures

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

),

users_by_mail as (

    select
        email_hash,
        min(user_key) as user_key
    from staging.users
    where email_hash is not null
    group by email_hash

),

gathered as (

    select
        source_id,
        survey_id,
        exposure_id,
        max(user_id) as user_id,
        max(user_key) as user_key,
        max(account_id) as account_id,
        min(exposed_at) as invited_at,
        min(exposed_on) as invited_on,
        min(case when exposure_kind = 'delivered' then exposed_at end) as delivered_at,
        min(case when exposure_kind = 'delivered' then exposed_on end) as delivered_on,
        min(case when exposure_kind = 'shown' then exposed_at end) as shown_at,
        min(case when exposure_kind = 'shown' then exposed_on end) as shown_on,
        max(case when exposure_kind = 'bounced' then 1 else 0 end) as has_bounced,
        max(case when exposure_kind = 'started' then 1 else 0 end) as has_started,
        max(case when exposure_kind = 'completed' then 1 else 0 end) as has_completed
    from exposures
    group by source_id, survey_id, exposure_id

),

invitations as (

    select
        gathered.source_id,
        gathered.survey_id,
        gathered.exposure_id,
        persons.person_key,
        coalesce(gathered.account_id, persons.account_id) as account_id,
        case
            when persons.person_key is not null
                then concat('person ', cast(persons.person_key as varchar))
            else gathered.user_id
        end as respondent_key,
        gathered.invited_at,
        gathered.invited_on,
        gathered.delivered_at,
        gathered.delivered_on,
        gathered.shown_at,
        gathered.shown_on,
        gathered.has_bounced,
        gathered.has_started,
        gathered.has_completed
    from gathered
    left join users_by_mail
        on gathered.user_id = users_by_mail.email_hash
    left join persons
        on
            coalesce(users_by_mail.user_key, gathered.user_key)
            = persons.actor_key
    left join staging.accounts as accounts
        on coalesce(gathered.account_id, persons.account_id) = accounts.account_id
    where
        not coalesce(persons.is_excluded, false)
        and not coalesce(accounts.is_internal or accounts.is_test, false)

),

-- One row per response that holds a score.
scored_responses as (

    select
        source_id,
        survey_id,
        response_id,
        max(respondent_key) as respondent_key,
        max(wave_id) as wave_id,
        max(answered_at) as answered_at,
        max(answered_on) as answered_on,
        max(case when time_quality = 'exact' then 1 else 0 end) as is_exact,
        max(case when is_complete then 1 else 0 end) as is_complete
    from marts.survey_answers
    where metric_code in ('nps', 'csat', 'ces', 'sus', 'pmf', 'rating')
    group by source_id, survey_id, response_id

),

candidates as (

    select
        scored_responses.source_id as response_source_id,
        scored_responses.survey_id,
        scored_responses.response_id,
        scored_responses.wave_id,
        scored_responses.is_complete,
        invitations.source_id,
        invitations.exposure_id,
        invitations.invited_at,
        0 as distance
    from scored_responses
    inner join invitations
        on
            scored_responses.survey_id = invitations.survey_id
            and scored_responses.response_id = invitations.exposure_id
    union all
    select
        scored_responses.source_id as response_source_id,
        scored_responses.survey_id,
        scored_responses.response_id,
        scored_responses.wave_id,
        scored_responses.is_complete,
        invitations.source_id,
        invitations.exposure_id,
        invitations.invited_at,
        1 as distance
    from scored_responses
    inner join invitations
        on
            scored_responses.survey_id = invitations.survey_id
            and scored_responses.respondent_key = invitations.respondent_key
    where
        invitations.invited_at <= scored_responses.answered_at
        or (
            scored_responses.is_exact = 0
            and invitations.invited_on <= scored_responses.answered_on
        )

),

ranked as (

    select
        survey_id,
        source_id,
        exposure_id,
        wave_id,
        is_complete,
        row_number() over (
            partition by response_source_id, survey_id, response_id
            order by distance asc, invited_at desc, source_id asc, exposure_id asc
        ) as place
    from candidates

),

answered as (

    select
        survey_id,
        source_id,
        exposure_id,
        min(wave_id) as wave_id,
        max(is_complete) as is_complete
    from ranked
    where place = 1
    group by survey_id, source_id, exposure_id

),

-- The first wave that closed on the invitation's day or later, else the last one.
wave_places as (

    select
        invitations.survey_id,
        invitations.source_id,
        invitations.exposure_id,
        waves.wave_id,
        row_number() over (
            partition by
                invitations.survey_id,
                invitations.source_id,
                invitations.exposure_id
            order by
                case when waves.ends_on >= invitations.invited_on then 0 else 1 end,
                case
                    when waves.ends_on >= invitations.invited_on then waves.wave_no
                    else -waves.wave_no
                end
        ) as place
    from invitations
    inner join marts.survey_waves as waves
        on invitations.survey_id = waves.survey_id

)

select
    invitations.source_id,
    invitations.survey_id,
    invitations.exposure_id,
    invitations.person_key,
    invitations.account_id,
    coalesce(answered.wave_id, wave_places.wave_id) as wave_id,
    invitations.delivered_at,
    invitations.delivered_on,
    invitations.shown_at,
    invitations.shown_on,
    invitations.delivered_at is not null
    and invitations.has_bounced = 0 as is_delivered,
    invitations.shown_at is not null as is_shown,
    invitations.has_started = 1 or answered.exposure_id is not null as is_started,
    answered.exposure_id is not null as is_scored,
    answered.exposure_id is not null
    and (answered.is_complete = 1 or invitations.has_completed = 1) as is_completed
from invitations
left join answered
    on
        invitations.survey_id = answered.survey_id
        and invitations.source_id = answered.source_id
        and invitations.exposure_id = answered.exposure_id
left join wave_places
    on
        invitations.survey_id = wave_places.survey_id
        and invitations.source_id = wave_places.source_id
        and invitations.exposure_id = wave_places.exposure_id
        and wave_places.place = 1
