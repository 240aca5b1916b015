-- One row per policy, month and account that was paying at the end of the same month a
-- year earlier: what it paid then and pays now, both at the rate of then.
--
-- key: policy_id, month_on, account_id
with spans as (
    select
        finance_months.month_on,
        cast(finance_months.month_on - interval '12' month as date) as base_on
    from marts.finance_months
),

base as (
    select
        account_mrr_months.policy_id,
        spans.month_on,
        spans.base_on,
        account_mrr_months.account_id,
        sum(
            coalesce(
                cast(
                    round(
                        account_mrr_months.end_minor * account_mrr_months.end_rate, 0
                    ) as bigint
                ),
                0
            )
        ) as base_minor
    from spans
    inner join marts.account_mrr_months
        on spans.base_on = account_mrr_months.month_on
    where account_mrr_months.end_minor > 0
    group by
        account_mrr_months.policy_id,
        spans.month_on,
        spans.base_on,
        account_mrr_months.account_id
),

now_paying as (
    select
        account_mrr_months.policy_id,
        account_mrr_months.month_on,
        account_mrr_months.account_id,
        sum(
            coalesce(
                cast(round(account_mrr_months.end_minor * fx_months.rate, 0) as bigint),
                0
            )
        ) as now_minor
    from spans
    inner join marts.account_mrr_months
        on spans.month_on = account_mrr_months.month_on
    left join marts.fx_months
        on
            spans.base_on = fx_months.month_on
            and account_mrr_months.currency = fx_months.currency
    group by
        account_mrr_months.policy_id,
        account_mrr_months.month_on,
        account_mrr_months.account_id
)

select
    base.policy_id,
    base.month_on,
    base.account_id,
    cast(base.base_minor as bigint) as base_minor,
    cast(coalesce(now_paying.now_minor, 0) as bigint) as now_minor,
    cast(least(base.base_minor, coalesce(now_paying.now_minor, 0)) as bigint)
        as kept_minor
from base
left join now_paying
    on
        base.policy_id = now_paying.policy_id
        and base.month_on = now_paying.month_on
        and base.account_id = now_paying.account_id
