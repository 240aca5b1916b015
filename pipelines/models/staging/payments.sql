-- One row per movement of cash, signed: what we gave back or paid is negative.
--
-- key: source_id, payment_id, payment_kind
select
    source_id,
    payment_id,
    payment_kind,
    account_id,
    invoice_id,
    parent_payment_id,
    happened_at,
    cast(happened_at at time zone $timezone as date) as happened_on,
    status_code,
    amount_minor,
    fee_minor,
    net_minor,
    upper(currency) as currency,
    settled_minor,
    upper(settled_currency) as settled_currency,
    occurrence_no
from landing.payments
