-- One row per policy, month and account that had recurring revenue in that month.
-- The bridge between two month ends, in the reporting currency, every amount positive
-- but fx: start + new + reactivation + expansion - contraction - churn + fx = end,
-- exactly. Rounding falls into fx, and so does revenue in a currency whose first rate
-- came late. Who joined and left inside the month stands apart, unless the policy
-- shows both.
--
-- key: policy_id, month_on, account_id
with months as (
    select
        policy_id,
        month_on,
        account_id,
        sum(start_minor) > 0 as is_paying_at_start,
        sum(end_minor) > 0 as is_paying_at_end,
        sum(coalesce(cast(round(start_minor * start_rate, 0) as bigint), 0))
            as start_minor,
        sum(coalesce(cast(round(end_minor * start_rate, 0) as bigint), 0))
            as steady_minor,
        sum(coalesce(cast(round(end_minor * end_rate, 0) as bigint), 0)) as end_minor
    from marts.account_mrr_months
    group by policy_id, month_on, account_id
),

moves as (
    select
        policy_id,
        month_on,
        account_id,
        max(case when movement_code = 'new' then 1 else 0 end) as new_count,
        sum(case when movement_code = 'churn' then -value_minor else 0 end)
            as left_minor
    from marts.mrr_events
    group by policy_id, month_on, account_id
),

short_stays as (
    select
        moves.policy_id,
        moves.month_on,
        moves.account_id,
        moves.new_count,
        case
            when mrr_policies.is_short_stay_shown then coalesce(moves.left_minor, 0)
            else 0
        end as left_minor
    from moves
    inner join marts.mrr_policies
        on moves.policy_id = mrr_policies.policy_id
    left join months
        on
            moves.policy_id = months.policy_id
            and moves.month_on = months.month_on
            and moves.account_id = months.account_id
    where months.account_id is null
),

first_paid as (
    select
        policy_id,
        account_id,
        min(from_local) as first_paid_local
    from marts.subscription_mrr
    group by policy_id, account_id
),

unpaid_states as (
    select
        finance_months.month_on,
        subscription_states.account_id,
        max(case when subscription_states.status_code = 'paused' then 1 else 0 end)
            as paused_count
    from marts.finance_months
    inner join marts.subscription_states
        on
            subscription_states.valid_from_at at time zone $timezone
            < cast(finance_months.next_month_on as timestamp)
            and (
                subscription_states.valid_to_at is null
                or subscription_states.valid_to_at at time zone $timezone
                >= cast(finance_months.next_month_on as timestamp)
            )
    where subscription_states.status_code in ('paused', 'past_due', 'unpaid')
    group by finance_months.month_on, subscription_states.account_id
),

named as (
    select
        months.policy_id,
        months.month_on,
        months.account_id,
        months.is_paying_at_start,
        months.is_paying_at_end,
        months.start_minor,
        months.steady_minor,
        months.end_minor,
        first_paid.first_paid_local < cast(months.month_on as timestamp)
            as has_paid_before,
        case
            when months.is_paying_at_end then cast(null as varchar)
            when unpaid_states.paused_count = 1 then 'paused'
            when unpaid_states.paused_count = 0 then 'delinquent'
            else 'ended'
        end as churn_reason,
        coalesce(
            mrr_policies.is_pause_a_contraction
            and unpaid_states.paused_count = 1,
            false
        ) as is_only_paused
    from months
    inner join marts.mrr_policies
        on months.policy_id = mrr_policies.policy_id
    inner join first_paid
        on
            months.policy_id = first_paid.policy_id
            and months.account_id = first_paid.account_id
    left join unpaid_states
        on
            months.month_on = unpaid_states.month_on
            and months.account_id = unpaid_states.account_id
),

bridged as (
    select
        named.*,
        case
            when not is_paying_at_start and not has_paid_before then end_minor else 0
        end as new_minor,
        case
            when not is_paying_at_start and has_paid_before then end_minor else 0
        end as reactivation_minor,
        case
            when is_paying_at_start and is_paying_at_end
                then greatest(steady_minor - start_minor, 0)
            else 0
        end as expansion_minor,
        case
            when is_paying_at_start and (is_paying_at_end or is_only_paused)
                then greatest(start_minor - steady_minor, 0)
            else 0
        end as contraction_minor,
        case
            when is_paying_at_start and not is_paying_at_end and not is_only_paused
                then start_minor
            else 0
        end as churn_minor,
        case
            when is_paying_at_start and is_paying_at_end
                then end_minor - steady_minor
            else 0
        end as fx_minor
    from named
)

select
    policy_id,
    month_on,
    account_id,
    is_paying_at_start,
    is_paying_at_end,
    false as is_short_stay,
    not is_paying_at_start and not has_paid_before as is_new,
    is_paying_at_start and not is_paying_at_end and not is_only_paused as is_lost,
    churn_reason,
    cast(start_minor as bigint) as start_minor,
    cast(new_minor as bigint) as new_minor,
    cast(reactivation_minor as bigint) as reactivation_minor,
    cast(expansion_minor as bigint) as expansion_minor,
    cast(contraction_minor as bigint) as contraction_minor,
    cast(churn_minor as bigint) as churn_minor,
    cast(fx_minor as bigint) as fx_minor,
    cast(end_minor as bigint) as end_minor
from bridged
union all
select
    policy_id,
    month_on,
    account_id,
    false as is_paying_at_start,
    false as is_paying_at_end,
    true as is_short_stay,
    new_count = 1 as is_new,
    false as is_lost,
    cast(null as varchar) as churn_reason,
    cast(0 as bigint) as start_minor,
    cast(case when new_count = 1 then left_minor else 0 end as bigint) as new_minor,
    cast(case when new_count = 1 then 0 else left_minor end as bigint)
        as reactivation_minor,
    cast(0 as bigint) as expansion_minor,
    cast(0 as bigint) as contraction_minor,
    cast(left_minor as bigint) as churn_minor,
    cast(0 as bigint) as fx_minor,
    cast(0 as bigint) as end_minor
from short_stays
