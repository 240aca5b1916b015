-- I2: MRR at a month's end less MRR at its start is the sum of its movements.
with months as (
    select
        policy_id,
        month_on,
        sum(start_minor) as start_minor,
        sum(end_minor) as end_minor,
        sum(
            new_minor + reactivation_minor + expansion_minor
            - contraction_minor - churn_minor + fx_minor
        ) as moved_minor
    from marts.mrr_movements
    group by policy_id, month_on
),

axis as (
    select
        mrr_policies.policy_id,
        finance_months.month_on,
        finance_months.next_month_on
    from marts.mrr_policies
    cross join marts.finance_months
),

joints as (
    select
        axis.policy_id,
        axis.next_month_on as month_on,
        coalesce(following.start_minor, 0) - coalesce(months.end_minor, 0) as gap_minor
    from axis
    inner join axis as next_axis
        on
            axis.policy_id = next_axis.policy_id
            and axis.next_month_on = next_axis.month_on
    left join months
        on axis.policy_id = months.policy_id and axis.month_on = months.month_on
    left join months as following
        on
            axis.policy_id = following.policy_id
            and axis.next_month_on = following.month_on
),

booked as (
    select
        axis.policy_id,
        axis.month_on,
        mrr_events.currency,
        sum(mrr_events.delta_minor) as so_far_minor
    from axis
    inner join marts.mrr_events
        on
            axis.policy_id = mrr_events.policy_id
            and axis.month_on >= mrr_events.month_on
    group by axis.policy_id, axis.month_on, mrr_events.currency
),

standing as (
    select
        policy_id,
        month_on,
        currency,
        sum(end_minor) as end_minor
    from marts.account_mrr_months
    group by policy_id, month_on, currency
)

select
    month_on,
    policy_id,
    'end less start differs from the movements' as problem,
    end_minor - start_minor - moved_minor as gap_minor
from months
where end_minor - start_minor <> moved_minor
union all
select
    month_on,
    policy_id,
    'the start differs from the end of the month before' as problem,
    gap_minor
from joints
where gap_minor <> 0
union all
select
    booked.month_on,
    booked.policy_id,
    'the end differs from all changes booked so far' as problem,
    booked.so_far_minor - coalesce(standing.end_minor, 0) as gap_minor
from booked
left join standing
    on
        booked.policy_id = standing.policy_id
        and booked.month_on = standing.month_on
        and booked.currency = standing.currency
where booked.so_far_minor <> coalesce(standing.end_minor, 0)
