-- One row per commit, with the first good production deployment that carried it.
-- A commit is deployed with its release, else by its own sha; what neither links has
-- none.
--
-- key: commit_sha
with

deployments as (

    select
        release_id,
        commit_sha,
        min(started_at) as deployed_at
    from marts.deployments
    where is_success
    group by 1, 2

),

by_release as (

    select
        release_id,
        min(deployed_at) as deployed_at
    from deployments
    where release_id is not null
    group by 1

),

by_sha as (

    select
        commit_sha,
        min(deployed_at) as deployed_at
    from deployments
    where commit_sha is not null
    group by 1

),

linked as (

    select
        commits.commit_sha,
        commits.repo_id,
        commits.committed_at,
        commits.release_id,
        coalesce(by_release.deployed_at, by_sha.deployed_at) as deployed_at
    from staging.commits as commits
    left join by_release
        on commits.release_id = by_release.release_id
    left join by_sha
        on commits.commit_sha = by_sha.commit_sha

)

select
    commit_sha,
    repo_id,
    committed_at,
    release_id,
    deployed_at,
    cast(deployed_at at time zone $timezone as date) as deployed_on,
    -- A commit made after its deployment says that one of the clocks is wrong.
    case
        when deployed_at >= committed_at
            then date_diff('microsecond', committed_at, deployed_at) / 3600000000
    end as lead_hours
from linked
