-- One row per account and attribute that a segment may use.
--
-- key: account_id, column_name
select
    account_id,
    'segment_code' as column_name,
    segment_code as value
from staging.accounts
where segment_code is not null
union all
select
    account_id,
    'region_code' as column_name,
    region_code as value
from staging.accounts
where region_code is not null
union all
select
    account_id,
    'account_name' as column_name,
    account_name as value
from staging.accounts
where account_name is not null
