-- One row per month and billed currency: what one minor unit was worth at the month's
-- end. In minor units of the reporting currency, by the newest month-end rate up to
-- then, else the newest spot rate; null where neither is known. The opposite pair is
-- turned round.
--
-- key: month_on, currency
with currencies as (
    select distinct currency from marts.subscription_states
),

rates as (
    select
        base_currency as currency,
        rate_on,
        rate_kind,
        cast(rate as double) as rate,
        0 as is_turned
    from staging.fx_rates
    where quote_currency = $currency
    union all
    select
        quote_currency as currency,
        rate_on,
        rate_kind,
        1 / cast(rate as double) as rate,
        1 as is_turned
    from staging.fx_rates
    where base_currency = $currency and rate > 0
),

-- Rates are per major unit; amounts are in minor units, of which a yen has none.
scaled as (
    select
        currency,
        rate_on,
        rate_kind,
        rate * $minor_scale as rate,
        is_turned
    from rates
),

ranked as (
    select
        finance_months.month_on,
        scaled.currency,
        scaled.rate,
        row_number() over (
            partition by finance_months.month_on, scaled.currency
            order by
                case scaled.rate_kind when 'month_end' then 0 else 1 end asc,
                scaled.rate_on desc,
                scaled.is_turned asc
        ) as place
    from marts.finance_months
    inner join scaled on finance_months.next_month_on > scaled.rate_on
    where scaled.rate_kind in ('month_end', 'spot')
)

select
    finance_months.month_on,
    currencies.currency,
    case when currencies.currency = $currency then 1.0 else ranked.rate end as rate
from marts.finance_months
cross join currencies
left join ranked
    on
        finance_months.month_on = ranked.month_on
        and currencies.currency = ranked.currency
        and ranked.place = 1
