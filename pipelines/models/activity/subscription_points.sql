-- One row per subscription and moment at which its state changed: the state after it.
-- Reported changes count; of several at one moment the last one. What was before the
-- first of them is drawn from it: a history that begins late made nobody a new
-- customer. A subscription without any is drawn from its latest state: as it is, from
-- its start to its end; whether its price ever changed is then not known.
-- Subscriptions of internal and test accounts are left out.
--
-- key: subscription_id, changed_at
with customers as (
    select
        subscriptions.subscription_id,
        subscriptions.plan_id,
        subscriptions.status_code,
        subscriptions.quantity,
        coalesce(
            cast(subscriptions.unit_price_exact as double),
            cast(subscriptions.unit_price_minor as double)
        ) as unit_price,
        subscriptions.discount_minor,
        subscriptions.discount_kind,
        subscriptions.interval_unit,
        subscriptions.interval_count,
        subscriptions.currency,
        subscriptions.cancel_requested_at,
        subscriptions.cancel_effective_at,
        subscriptions.started_at,
        -- When the latest status began, where nothing reports it.
        case
            when subscriptions.status_code = 'canceled'
                then coalesce(
                        subscriptions.ended_at,
                        subscriptions.cancel_effective_at,
                        subscriptions.as_of_at
                    )
            when subscriptions.status_code in ('past_due', 'unpaid')
                then coalesce(
                        subscriptions.period_started_at, subscriptions.as_of_at
                    )
            when subscriptions.status_code = 'paused' then subscriptions.as_of_at
        end as status_since_at
    from staging.subscriptions
    left join staging.accounts
        on subscriptions.account_id = accounts.account_id
    where
        not coalesce(accounts.is_internal, false)
        and not coalesce(accounts.is_test, false)
),

reported as (
    select
        subscription_changes.subscription_id,
        subscription_changes.changed_at,
        subscription_changes.status_code,
        subscription_changes.plan_id,
        subscription_changes.quantity,
        cast(subscription_changes.unit_price_minor as double) as unit_price,
        subscription_changes.discount_minor,
        subscription_changes.discount_kind,
        subscription_changes.interval_unit,
        subscription_changes.interval_count,
        subscription_changes.currency,
        subscription_changes.cancel_requested_at,
        subscription_changes.cancel_effective_at,
        row_number() over (
            partition by
                subscription_changes.subscription_id, subscription_changes.changed_at
            order by
                subscription_changes.change_no desc,
                subscription_changes.source_id desc
        ) as place
    from staging.subscription_changes
    inner join customers
        on subscription_changes.subscription_id = customers.subscription_id
),

with_history as (
    select distinct subscription_id from reported
),

first_times as (
    select
        subscription_id,
        min(changed_at) as changed_at
    from reported
    group by subscription_id
),

firsts as (
    select
        reported.*,
        customers.started_at
    from reported
    inner join first_times
        on
            reported.subscription_id = first_times.subscription_id
            and reported.changed_at = first_times.changed_at
    inner join customers
        on reported.subscription_id = customers.subscription_id
    where
        reported.place = 1
        and reported.changed_at > customers.started_at
),

without_history as (
    select customers.*
    from customers
    left join with_history
        on customers.subscription_id = with_history.subscription_id
    where with_history.subscription_id is null
)

select
    subscription_id,
    changed_at,
    status_code,
    plan_id,
    quantity,
    unit_price,
    discount_minor,
    discount_kind,
    interval_unit,
    interval_count,
    currency,
    cancel_requested_at,
    cancel_effective_at,
    false as is_drawn
from reported
where place = 1
union all
select
    subscription_id,
    started_at as changed_at,
    case
        when status_code in ('trialing', 'incomplete') then status_code
        else 'active'
    end as status_code,
    plan_id,
    quantity,
    unit_price,
    discount_minor,
    discount_kind,
    interval_unit,
    interval_count,
    currency,
    cast(null as timestamp with time zone) as cancel_requested_at,
    cast(null as timestamp with time zone) as cancel_effective_at,
    false as is_drawn
from firsts
union all
select
    subscription_id,
    started_at as changed_at,
    case
        when status_since_at > started_at then 'active' else status_code
    end as status_code,
    plan_id,
    quantity,
    unit_price,
    discount_minor,
    discount_kind,
    interval_unit,
    interval_count,
    currency,
    cancel_requested_at,
    cancel_effective_at,
    true as is_drawn
from without_history
union all
select
    subscription_id,
    status_since_at as changed_at,
    status_code,
    plan_id,
    quantity,
    unit_price,
    discount_minor,
    discount_kind,
    interval_unit,
    interval_count,
    currency,
    cancel_requested_at,
    cancel_effective_at,
    true as is_drawn
from without_history
where status_since_at > started_at
