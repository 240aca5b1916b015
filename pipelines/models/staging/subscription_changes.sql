-- One row per change of a subscription, with the full state after it.
--
-- key: source_id, subscription_id, changed_at, change_no
select
    source_id,
    subscription_id,
    changed_at,
    change_no,
    change_origin,
    plan_id,
    status_code,
    quantity,
    unit_price_minor,
    discount_minor,
    discount_kind,
    interval_unit,
    interval_count,
    upper(currency) as currency,
    cancel_requested_at,
    cancel_effective_at
from landing.subscription_changes
