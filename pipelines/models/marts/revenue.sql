-- One row per movement of cash that counts as revenue or its fee.
-- Succeeded charges, refunds, disputes, their reversals and fees, in the reporting
-- currency at the rate of the day, null where no rate is known. `charge_no` counts an
-- account's charges. Payments of internal and test accounts are left out.
--
-- key: source_id, payment_id, payment_kind
with counted as (
    select payments.*
    from staging.payments
    left join staging.accounts
        on payments.account_id = accounts.account_id
    where
        payments.status_code = 'succeeded'
        and payments.payment_kind <> 'adjustment'
        and not coalesce(accounts.is_internal, false)
        and not coalesce(accounts.is_test, false)
),

rated as (
    select
        counted.*,
        case when counted.currency = $currency then 1.0 else fx_days.rate end as rate
    from counted
    left join marts.fx_days
        on
            counted.happened_on = fx_days.day_on
            and counted.currency = fx_days.currency
)

select
    source_id,
    payment_id,
    payment_kind,
    happened_on,
    account_id,
    currency,
    amount_minor as own_minor,
    cast(round(amount_minor * rate, 0) as bigint) as amount_minor,
    cast(round(fee_minor * rate, 0) as bigint) as fee_minor,
    case
        when payment_kind = 'charge' and account_id is not null
            then row_number() over (
                    partition by payment_kind, account_id
                    order by happened_at, source_id, payment_id
                )
    end as charge_no
from rated
