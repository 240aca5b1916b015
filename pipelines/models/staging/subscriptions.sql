-- One row per subscription, as last known.
--
-- key: subscription_id
select
    subscription_id,
    account_id,
    plan_id,
    status_code,
    quantity,
    unit_price_minor,
    unit_price_exact,
    discount_minor,
    discount_kind,
    interval_unit,
    interval_count,
    upper(currency) as currency,
    started_at,
    trial_started_at,
    trial_ended_at,
    period_started_at,
    period_ended_at,
    cancel_requested_at,
    cancel_effective_at,
    ended_at,
    as_of_at
from landing.subscriptions
