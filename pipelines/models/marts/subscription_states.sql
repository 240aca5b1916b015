-- One row per subscription and stretch of time in which its state stayed the same.
-- The price is per billing interval, in minor units; `months_numerator` over
-- `months_denominator` turns it into a price per month (a week counts 12/52 of a
-- month, a day 12/365). `is_priced` is false where price or interval is unknown.
--
-- key: subscription_id, valid_from_at
with started as (
    select
        subscription_points.*,
        -- A cancellation reported ahead of its time is still running until then; one
        -- reported late ended when it says, though not before the state that it ends.
        case
            when
                subscription_points.status_code = 'canceled'
                and subscription_points.cancel_effective_at
                < subscription_points.changed_at
                then greatest(
                        subscription_points.cancel_effective_at,
                        lag(subscription_points.changed_at) over (
                            partition by subscription_points.subscription_id
                            order by subscription_points.changed_at
                        )
                    )
            else subscription_points.changed_at
        end as valid_from_at,
        case
            when
                subscription_points.status_code = 'canceled'
                and subscription_points.cancel_effective_at
                > subscription_points.changed_at
                then 'active'
            else subscription_points.status_code
        end as running_code
    from activity.subscription_points
),

followed as (
    select
        started.*,
        lead(valid_from_at) over (
            partition by subscription_id
            order by changed_at
        ) as next_from_at,
        lead(status_code) over (
            partition by subscription_id
            order by changed_at
        ) as next_code,
        max(case when running_code <> 'past_due' then valid_from_at end) over (
            partition by subscription_id
            order by changed_at
            rows between unbounded preceding and current row
        ) as last_sound_at
    from started
),

joined as (
    select
        followed.subscription_id,
        followed.valid_from_at,
        followed.running_code as status_code,
        followed.next_code,
        followed.is_drawn,
        subscriptions.account_id,
        coalesce(followed.plan_id, subscriptions.plan_id) as plan_id,
        followed.currency,
        coalesce(followed.quantity, 1) as quantity,
        coalesce(
            followed.unit_price,
            cast(plans.list_price_minor as double),
            cast(subscriptions.unit_price_exact as double),
            cast(subscriptions.unit_price_minor as double)
        ) as unit_price,
        coalesce(followed.discount_minor, 0) as discount_minor,
        coalesce(followed.discount_kind, 'none') as discount_kind,
        coalesce(
            followed.interval_unit, plans.interval_unit, subscriptions.interval_unit
        ) as interval_unit,
        coalesce(
            followed.interval_count,
            plans.interval_count,
            subscriptions.interval_count,
            1
        ) as interval_count,
        coalesce(plans.usage_kind, 'licensed') = 'metered' as is_metered,
        followed.cancel_requested_at,
        followed.cancel_effective_at,
        -- The latest state may know an end that no change has reported.
        case
            when followed.next_from_at is not null then followed.next_from_at
            when subscriptions.ended_at is not null then subscriptions.ended_at
            when subscriptions.status_code = 'canceled'
                then coalesce(
                        subscriptions.cancel_effective_at, subscriptions.as_of_at
                    )
        end as valid_to_at,
        case
            when
                subscriptions.trial_ended_at > followed.valid_from_at
                and coalesce(
                    subscriptions.trial_started_at, subscriptions.started_at
                ) <= followed.valid_from_at
                then subscriptions.trial_ended_at
            else followed.valid_from_at
        end as billed_from_at,
        min(
            case when followed.running_code = 'past_due' then followed.valid_from_at end
        ) over (
            partition by followed.subscription_id, followed.last_sound_at
        ) as past_due_since_at
    from followed
    inner join staging.subscriptions
        on followed.subscription_id = subscriptions.subscription_id
    left join staging.plans
        on coalesce(followed.plan_id, subscriptions.plan_id) = plans.plan_id
)

select
    subscription_id,
    valid_from_at,
    valid_to_at,
    billed_from_at,
    account_id,
    plan_id,
    status_code,
    next_code,
    currency,
    quantity * unit_price as gross_minor,
    discount_minor,
    discount_kind,
    case interval_unit when 'week' then 52 when 'day' then 365 else 1 end
        as months_numerator,
    case interval_unit when 'month' then 1 else 12 end * interval_count
        as months_denominator,
    is_metered or coalesce(interval_unit, '') = 'one_time' as is_never_recurring,
    unit_price is not null
    and interval_unit is not null
    and interval_count > 0 as is_priced,
    case when status_code = 'past_due' then past_due_since_at end as past_due_since_at,
    cancel_requested_at,
    cancel_effective_at,
    is_drawn
from joined
where valid_to_at is null or valid_to_at > valid_from_at
