-- One row per deployment, dated by its start.
--
-- key: deployment_id
select
    deployment_id,
    service_id,
    environment_code,
    started_at,
    cast(started_at at time zone $timezone as date) as started_on,
    finished_at,
    result_code,
    commit_sha,
    release_id,
    is_rework
from landing.deployments
