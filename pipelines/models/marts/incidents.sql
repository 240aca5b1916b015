-- One row per incident.
--
-- key: incident_id
select
    incident_id,
    service_id,
    opened_at,
    opened_on,
    resolved_at,
    severity_code,
    status_code,
    caused_by_deployment_id,
    caused_by_release_id,
    title_text,
    case
        when resolved_at >= opened_at
            then date_diff('microsecond', opened_at, resolved_at) / 3600000000
    end as open_hours
from staging.incidents
