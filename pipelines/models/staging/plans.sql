-- One row per plan of the price list.
--
-- key: plan_id
select
    plan_id,
    product_id,
    plan_name,
    interval_unit,
    interval_count,
    list_price_minor,
    upper(currency) as currency,
    usage_kind,
    introduced_release_id
from landing.plans
