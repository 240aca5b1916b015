-- One row per cost of a month.
--
-- key: source_id, cost_id
select
    source_id,
    cost_id,
    period_on,
    cost_kind,
    amount_minor,
    upper(currency) as currency,
    product_id,
    launch_id,
    is_estimate
from landing.costs
