-- One row per account: an organisation that pays for the product or uses it.
--
-- key: account_id
select
    account_id,
    account_name,
    segment_code,
    region_code,
    created_at,
    is_internal,
    is_test
from landing.accounts
