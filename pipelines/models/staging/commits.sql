-- One row per commit.
--
-- key: commit_sha
select
    commit_sha,
    repo_id,
    authored_at,
    committed_at,
    parent_count,
    release_id
from landing.commits
