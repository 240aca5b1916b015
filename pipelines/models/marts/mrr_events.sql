-- One row per policy, account, moment and currency at which recurring revenue moved.
-- Changes of one account at one moment are one movement: a plan exchanged for another
-- is an expansion or a contraction, not churn and a new customer. Worth in the
-- reporting currency at the rate of the month's start where the account was paying
-- then, else of its end; null where that rate is unknown.
--
-- key: policy_id, account_id, happened_at, currency
with deltas as (
    select
        policy_id,
        account_id,
        currency,
        from_at as happened_at,
        from_local as happened_local,
        mrr_minor as delta_minor,
        1 as opened
    from marts.subscription_mrr
    union all
    select
        policy_id,
        account_id,
        currency,
        to_at as happened_at,
        to_local as happened_local,
        -mrr_minor as delta_minor,
        -1 as opened
    from marts.subscription_mrr
    where to_at is not null
),

moments as (
    select
        policy_id,
        account_id,
        happened_at,
        sum(opened) as opened
    from deltas
    group by policy_id, account_id, happened_at
),

running as (
    select
        policy_id,
        account_id,
        happened_at,
        sum(opened) over (
            partition by policy_id, account_id
            order by happened_at
        ) - opened as open_before,
        sum(opened) over (
            partition by policy_id, account_id
            order by happened_at
        ) as open_after,
        min(happened_at) over (partition by policy_id, account_id) as first_at
    from moments
),

moved as (
    select
        policy_id,
        account_id,
        currency,
        happened_at,
        happened_local,
        sum(delta_minor) as delta_minor
    from deltas
    group by policy_id, account_id, currency, happened_at, happened_local
),

paying_at_start as (
    select
        policy_id,
        month_on,
        account_id
    from marts.account_mrr_months
    group by policy_id, month_on, account_id
    having sum(start_minor) > 0
),

placed as (
    select
        moved.policy_id,
        moved.account_id,
        moved.currency,
        moved.happened_at,
        cast(date_trunc('month', moved.happened_local) as date) as month_on,
        cast(moved.delta_minor as bigint) as delta_minor,
        case
            when running.open_before = 0 and moved.happened_at = running.first_at
                then 'new'
            when running.open_before = 0 then 'reactivation'
            when running.open_after = 0 then 'churn'
            when moved.delta_minor > 0 then 'expansion'
            else 'contraction'
        end as movement_code
    from moved
    inner join running
        on
            moved.policy_id = running.policy_id
            and moved.account_id = running.account_id
            and moved.happened_at = running.happened_at
    where moved.delta_minor <> 0
)

select
    placed.policy_id,
    placed.account_id,
    placed.currency,
    placed.happened_at,
    placed.month_on,
    placed.movement_code,
    placed.delta_minor,
    cast(
        round(
            placed.delta_minor
            * case
                when paying_at_start.account_id is null then ending.rate
                else starting.rate
            end,
            0
        ) as bigint
    ) as value_minor
from placed
left join paying_at_start
    on
        placed.policy_id = paying_at_start.policy_id
        and placed.month_on = paying_at_start.month_on
        and placed.account_id = paying_at_start.account_id
left join marts.finance_months as previous
    on placed.month_on = previous.next_month_on
left join marts.fx_months as starting
    on
        previous.month_on = starting.month_on
        and placed.currency = starting.currency
left join marts.fx_months as ending
    on
        placed.month_on = ending.month_on
        and placed.currency = ending.currency
