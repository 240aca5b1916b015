-- One row per incident.
--
-- key: incident_id
select
    incident_id,
    service_id,
    opened_at,
    cast(opened_at at time zone $timezone as date) as opened_on,
    acknowledged_at,
    resolved_at,
    severity_code,
    status_code,
    caused_by_deployment_id,
    caused_by_release_id,
    title_text
from landing.incidents
