-- One row per policy, subscription and stretch of time that brought recurring revenue.
-- Past due counts for 30 days where the policy limits it. Trials, one-off and metered
-- prices, paused, unpaid and incomplete subscriptions bring none. Rounded half-even.
--
-- key: policy_id, subscription_id, from_at
with bounded as (
    select
        mrr_policies.policy_id,
        subscription_states.subscription_id,
        subscription_states.account_id,
        subscription_states.currency,
        subscription_states.billed_from_at as from_at,
        least(
            subscription_states.valid_to_at,
            case
                when
                    mrr_policies.is_past_due_limited
                    and subscription_states.status_code = 'past_due'
                    then subscription_states.past_due_since_at + interval '30' day
            end,
            case
                -- A cancellation older than this state was taken back by it.
                when
                    subscription_states.cancel_effective_at
                    <= subscription_states.valid_from_at
                    then cast(null as timestamptz)
                when mrr_policies.is_ended_by_request
                    then coalesce(
                            subscription_states.cancel_requested_at,
                            subscription_states.cancel_effective_at
                        )
                else subscription_states.cancel_effective_at
            end
        ) as to_at,
        (
            subscription_states.gross_minor
            - case
                when subscription_states.discount_kind = 'forever'
                    then subscription_states.discount_minor
                when
                    subscription_states.discount_kind = 'repeating'
                    and mrr_policies.is_reduced_by_repeating
                    then subscription_states.discount_minor
                when
                    subscription_states.discount_kind = 'once'
                    and mrr_policies.is_reduced_by_once
                    then subscription_states.discount_minor
                else 0
            end
        ) * subscription_states.months_numerator
        / subscription_states.months_denominator as exact_minor
    from marts.subscription_states
    cross join marts.mrr_policies
    where
        subscription_states.is_priced
        and not subscription_states.is_never_recurring
        and subscription_states.status_code in ('active', 'past_due')
),

split as (
    select
        bounded.*,
        cast(floor(exact_minor) as bigint) as whole_minor,
        exact_minor - floor(exact_minor) as fraction
    from bounded
    where to_at is null or to_at > from_at
),

rounded as (
    select
        split.*,
        whole_minor
        + case
            when fraction > 0.5 then 1
            when fraction < 0.5 then 0
            else whole_minor % 2
        end as mrr_minor
    from split
)

select
    policy_id,
    subscription_id,
    from_at,
    to_at,
    from_at at time zone $timezone as from_local,
    to_at at time zone $timezone as to_local,
    account_id,
    currency,
    mrr_minor
from rounded
where mrr_minor > 0
