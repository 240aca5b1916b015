-- One row per feature, person, local day and set of segment values with at least one
-- use.
--
-- key: feature_id, person_key, day_on, segment_key
-- kept: by person (person_key)
select
    thing_id as feature_id,
    person_key,
    day_on,
    segment_key,
    count(*) as use_count
from activity.person_roles
where role_kind = 'feature'
group by thing_id, person_key, day_on, segment_key
