-- One row per user as the product knows them, with the local day of sign-up.
--
-- key: user_id
select
    user_id,
    user_key,
    account_id,
    first_seen_at,
    signed_up_at,
    email_hash,
    locale_code,
    country_code,
    is_internal,
    is_test
from landing.users
