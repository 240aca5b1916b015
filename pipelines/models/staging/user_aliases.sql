-- One row per further id of a user.
--
-- key: alias_key
select
    alias_key,
    user_key,
    linked_at
from landing.user_aliases
where alias_key <> user_key
