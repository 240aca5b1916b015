-- I7: gross revenue retention is at most 100 % and at most the net one.
select
    month_on,
    policy_id,
    sum(base_minor) as base_minor,
    sum(now_minor) as now_minor,
    sum(kept_minor) as kept_minor
from marts.revenue_retention
group by month_on, policy_id
having sum(kept_minor) > sum(base_minor) or sum(kept_minor) > sum(now_minor)
