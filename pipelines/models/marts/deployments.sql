-- One row per deployment to production that ended well or badly, dated by its start.
-- Failed: it ended badly, or an incident names it as its cause; both count once.
-- Restored: when the last of its incidents closed, else at the next good deployment of
-- the service; null while neither has happened.
--
-- key: deployment_id
with

deployments as (

    select
        deployment_id,
        service_id,
        started_at,
        started_on,
        result_code,
        commit_sha,
        release_id,
        is_rework
    from staging.deployments
    where
        environment_code = 'production'
        and result_code in ('success', 'failure')

),

causes as (

    select
        caused_by_deployment_id as deployment_id,
        count(*) as incident_count,
        case when count(*) = count(resolved_at) then max(resolved_at) end
            as resolved_at
    from staging.incidents
    where caused_by_deployment_id is not null
    group by 1

),

good_deployments as (

    select
        deployments.service_id,
        deployments.started_at
    from deployments
    left join causes
        on deployments.deployment_id = causes.deployment_id
    where
        deployments.result_code = 'success'
        and causes.deployment_id is null

),

next_good as (

    select
        deployments.deployment_id,
        min(good_deployments.started_at) as started_at
    from deployments
    inner join good_deployments
        on
            deployments.service_id = good_deployments.service_id
            and deployments.started_at < good_deployments.started_at
    left join causes
        on deployments.deployment_id = causes.deployment_id
    where
        deployments.result_code = 'failure'
        or causes.deployment_id is not null
    group by 1

)

select
    deployments.deployment_id,
    deployments.service_id,
    deployments.started_at,
    deployments.started_on,
    deployments.result_code,
    deployments.commit_sha,
    deployments.release_id,
    deployments.is_rework,
    deployments.result_code = 'success' as is_success,
    deployments.result_code = 'failure'
    or causes.deployment_id is not null as is_failed,
    coalesce(causes.incident_count, 0) as incident_count,
    case
        when causes.deployment_id is not null then causes.resolved_at
        when deployments.result_code = 'failure' then next_good.started_at
    end as restored_at
from deployments
left join causes
    on deployments.deployment_id = causes.deployment_id
left join next_good
    on deployments.deployment_id = next_good.deployment_id
