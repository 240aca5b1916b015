-- One row per account and segment, as of now.
--
-- key: account_id, segment
select
    account_attributes.account_id,
    segments.segment,
    account_attributes.value
from marts.account_attributes
inner join settings.segments
    on account_attributes.column_name = segments.column_name
where segments.table_name = 'accounts'
