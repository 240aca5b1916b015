-- One row per policy, month, account and currency with recurring revenue at either end.
-- Amounts in the account's own currency; the rates turn them into the reporting one.
-- The state at a month's end is the one just before the next month begins.
--
-- key: policy_id, month_on, account_id, currency
with at_end as (
    select
        subscription_mrr.policy_id,
        finance_months.month_on,
        finance_months.next_month_on,
        subscription_mrr.account_id,
        subscription_mrr.currency,
        sum(subscription_mrr.mrr_minor) as mrr_minor
    from marts.finance_months
    inner join marts.subscription_mrr
        on
            subscription_mrr.from_local
            < cast(finance_months.next_month_on as timestamp)
            and (
                subscription_mrr.to_local is null
                or subscription_mrr.to_local
                >= cast(finance_months.next_month_on as timestamp)
            )
    group by
        subscription_mrr.policy_id,
        finance_months.month_on,
        finance_months.next_month_on,
        subscription_mrr.account_id,
        subscription_mrr.currency
),

both_ends as (
    select
        policy_id,
        month_on,
        account_id,
        currency,
        0 as start_minor,
        mrr_minor as end_minor
    from at_end
    union all
    select
        at_end.policy_id,
        at_end.next_month_on as month_on,
        at_end.account_id,
        at_end.currency,
        at_end.mrr_minor as start_minor,
        0 as end_minor
    from at_end
    inner join marts.finance_months
        on at_end.next_month_on = finance_months.month_on
),

summed as (
    select
        policy_id,
        month_on,
        account_id,
        currency,
        cast(sum(start_minor) as bigint) as start_minor,
        cast(sum(end_minor) as bigint) as end_minor
    from both_ends
    group by policy_id, month_on, account_id, currency
)

select
    summed.policy_id,
    summed.month_on,
    summed.account_id,
    summed.currency,
    summed.start_minor,
    summed.end_minor,
    starting.rate as start_rate,
    ending.rate as end_rate
from summed
left join marts.finance_months as previous
    on summed.month_on = previous.next_month_on
left join marts.fx_months as starting
    on
        previous.month_on = starting.month_on
        and summed.currency = starting.currency
left join marts.fx_months as ending
    on
        summed.month_on = ending.month_on
        and summed.currency = ending.currency
