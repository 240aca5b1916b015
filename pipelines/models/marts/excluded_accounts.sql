-- One row per account that is internal or a test and counts in no number.
--
-- key: account_id
select account_id
from staging.accounts
where is_internal or is_test
