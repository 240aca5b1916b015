-- One row per thing that happened to an invitation: delivered, shown, started, bounced.
--
-- key: source_id, survey_id, exposure_id, exposure_kind
select
    source_id,
    survey_id,
    exposure_id,
    exposure_kind,
    exposed_at,
    cast(exposed_at at time zone $timezone as date) as exposed_on,
    user_id,
    user_key,
    account_id,
    channel_code
from landing.survey_exposures
